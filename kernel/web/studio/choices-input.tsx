import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PauseOutlined, PlayCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Modal, Select } from 'antd'
import { useRef, useState } from 'react'

type Spec = string | { label: string; tone?: string; alias?: string[]; stopped?: boolean }
type Choices = Readonly<Record<string, Spec>>
const labelOf = (spec: Spec): string => (typeof spec === 'string' ? spec : spec.label)
const toneOf = (spec: Spec): string => (typeof spec === 'string' ? '' : (spec.tone ?? ''))
const tones = { '': '无色', good: '绿', warn: '黄', bad: '红', info: '蓝', neutral: '灰' } as const
const isStoppedSpec = (spec: Spec): boolean => typeof spec === 'object' && spec.stopped === true
const specOf = (before: Spec, part: { label?: string; tone?: string; stopped?: boolean }): Spec => {
  const [label, tone] = [part.label ?? labelOf(before), part.tone ?? toneOf(before)]
  const alias = typeof before === 'string' ? undefined : before.alias
  const stopped = part.stopped ?? isStoppedSpec(before)
  return tone || alias || stopped
    ? { label, ...(tone ? { tone } : {}), ...(alias ? { alias } : {}), ...(stopped ? { stopped } : {}) }
    : label
}
/** A key that no choice has: kept when the label changes. */
const freeKey = (choices: Choices): string => {
  for (let n = Object.keys(choices).length + 1; ; n++) if (!Object.hasOwn(choices, `c${n}`)) return `c${n}`
}
/** The choices of a field, in their order: renamed, coloured, moved; many at once as lines. `kept`: those that the product needs. */
export function ChoicesInput({ value, problem, kept = [], onChange }: { value: Choices; problem: string | undefined; kept?: readonly string[]; onChange: (value: Choices) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const [lines, setLines] = useState<string | null>(null)
  const entries = Object.entries(value)
  const set = (next: [string, Spec][]) => onChange(Object.fromEntries(next))
  const inputs = () => [...(list.current?.querySelectorAll<HTMLInputElement>('.x-choice > input') ?? [])]
  const add = () => {
    onChange({ ...value, [freeKey(value)]: `选项${entries.length + 1}` })
    requestAnimationFrame(() => inputs().at(-1)?.focus())
  }
  /** From one option to the next; behind the last stands a new one. */
  const next = (at: number) => (at + 1 < entries.length ? inputs()[at + 1]?.focus() : add())
  const many = () => {
    const words = [...new Set((lines ?? '').split('\n').map((one) => one.trim()).filter(Boolean))]
    const known = new Map(entries.map(([key, spec]) => [labelOf(spec), [key, spec] as const]))
    const next: Record<string, Spec> = Object.fromEntries(entries.filter(([key]) => kept.includes(key)))
    for (const label of words) {
      const old = known.get(label)
      if (old) next[old[0]] = old[1]
      else next[freeKey({ ...value, ...next })] = label
    }
    onChange(next)
    setLines(null)
  }
  return (
    <div className="x-set" ref={list}>
      <span className="x-row">
        选项 <Button size="small" type="link" onClick={() => setLines(entries.map(([, spec]) => labelOf(spec)).join('\n'))}>批量编辑</Button>
      </span>
      {entries.slice(0, 100).map(([key, spec], at) => (
        <div key={key} className={isStoppedSpec(spec) ? 'x-choice stopped' : 'x-choice'}>
          <Input size="small" aria-label={`选项 ${at + 1}`} maxLength={60} value={labelOf(spec)} onFocus={(event) => event.target.select()} onPressEnter={(event) => !event.nativeEvent.isComposing && next(at)} onChange={(event) => set(entries.with(at, [key, specOf(spec, { label: event.target.value })]))} />
          <Select size="small" aria-label={`选项 ${at + 1} 的颜色`} value={toneOf(spec)} options={Object.entries(tones).map(([tone, label]) => ({ value: tone, label }))} popupMatchSelectWidth={80} onChange={(tone: string) => set(entries.with(at, [key, specOf(spec, { tone })]))} />
          <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={`选项 ${at + 1} 上移`} disabled={at === 0} onClick={() => set(entries.with(at, entries[at - 1]!).with(at - 1, entries[at]!))} />
          <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={`选项 ${at + 1} 下移`} disabled={at === entries.length - 1} onClick={() => set(entries.with(at, entries[at + 1]!).with(at + 1, entries[at]!))} />
          <Button size="small" type="text" icon={isStoppedSpec(spec) ? <PlayCircleOutlined /> : <PauseOutlined />} title={isStoppedSpec(spec) ? '已停用：不再供选择，已选的保留' : '停用'} aria-label={`${isStoppedSpec(spec) ? '恢复' : '停用'}选项 ${at + 1}`} disabled={kept.includes(key)} onClick={() => set(entries.with(at, [key, specOf(spec, { stopped: !isStoppedSpec(spec) })]))} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`删除选项 ${at + 1}`} disabled={entries.length === 1 || kept.includes(key)} onClick={() => set(entries.toSpliced(at, 1))} />
        </div>
      ))}
      {entries.length > 100 && <small>共 {entries.length} 项，其余请在“批量编辑”中修改</small>}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={add}>添加选项</Button>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
      {lines !== null && (
        <Modal open title="批量编辑选项" okText="确定" cancelText="取消" onOk={many} onCancel={() => setLines(null)}>
          <p className="x-muted">一行一个选项；名称没变的保持原来的记录。</p>
          <Input.TextArea aria-label="选项，一行一个" rows={14} value={lines} onChange={(event) => setLines(event.target.value)} />
        </Modal>
      )}
    </div>
  )
} // prettier-ignore
