import { Input } from 'antd'

/** Why something is written past its approval: asked beside the form. */
export function DirectReason({ label, value, onChange }: { label: string; value: string; onChange: (reason: string) => void }) {
  return (
    <label className="x-direct-reason">
      <b>{label}</b>
      <Input.TextArea
        autoSize={{ minRows: 3, maxRows: 8 }}
        maxLength={500}
        placeholder="如：院发〔2026〕3号、核对原件"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="x-faint">不经审批，保存即生效；理由记入审计。</span>
    </label>
  )
}
