import type { ApprovalAnswer, Field } from '#model'
import { Checkbox, DatePicker, Input, InputNumber, Modal, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useMe } from '../api/hooks.ts'
import { CellOf } from '../fields/index.ts'
import { FilesInput } from '../fields/files-input.tsx'
import { useAct } from './use-act.ts'
import { sayLabels } from './verdicts.ts'

interface Props {
  approval: ApprovalAnswer
  rows: readonly ({ id: string } & Record<string, unknown>)[]
  fields: Readonly<Record<string, Field>>
  titleKey: string
  onClose: () => void
  onDone: () => void
}
interface Line {
  recused: string[]
  for: number
  against: number
  abstain: number
  say: 'pass' | 'narrow' | 'refuse' | 'return'
  supervisedCases?: number | undefined
  to?: string | undefined
  reason?: string | undefined
}
const scanField = {
  kind: 'files',
  label: '会议纪要扫描件',
  required: true,
  options: { accept: ['image/*', 'application/pdf'], maxFiles: 1 },
} as unknown as Field<'files'>

/** The minutes of a meeting, entered afterwards: 应到, 实到, 回避, the votes and the result of each line, the scan. */
export function Minutes({ approval, rows, fields, titleKey, onClose, onDone }: Props) {
  const { step, label, members } = approval.my.minutes!
  const { today } = useMe()
  const send = useAct(approval, onDone)
  const [date, setDate] = useState(today)
  const [place, setPlace] = useState('')
  const [present, setPresent] = useState(members.map((m) => m.id))
  const [scan, setScan] = useState<string[]>([])
  const [lines, setLines] = useState<Record<string, Line>>(() =>
    Object.fromEntries(rows.map((row) => [row.id, { recused: [], for: members.length, against: 0, abstain: 0, say: 'pass' as const }])),
  )
  const [isChecked, setChecked] = useState(false)
  const options = members.map((m) => ({ value: m.id, label: m.chair ? `${m.name}（主任委员）` : m.name }))
  const put = (id: string, part: Partial<Line>) => setLines({ ...lines, [id]: { ...lines[id]!, ...part } })
  const problems = Object.fromEntries(rows.map((row) => [row.id, problemOf(lines[row.id]!, present)]))

  /** Who comes and goes changes the votes that are possible: they follow until somebody has counted otherwise. */
  function setAttendance(ids: string[]) {
    setPresent(ids)
    setLines(
      Object.fromEntries(
        Object.entries(lines).map(([id, line]) => [
          id,
          line.against + line.abstain === 0 ? { ...line, for: ids.filter((p) => !line.recused.includes(p)).length } : line,
        ]),
      ),
    )
  }
  async function save() {
    setChecked(true)
    if (!date || scan.length === 0 || Object.values(problems).some(Boolean)) return
    const meeting = {
      date,
      place,
      members: members.map((m) => m.id),
      present,
      scan: scan[0],
      lines: rows.map((row) => {
        const { recused, for: yes, against, abstain, say, supervisedCases, to, reason } = lines[row.id]!
        return { item: row.id, recused, for: yes, against, abstain, result: { say, supervisedCases, to, reason } }
      }),
    }
    if (await send({ kind: 'enterMinutes', step, meeting }, '会议结果已录入')) onClose()
  }

  return (
    <Modal
      open
      width={860}
      title={`录入会议纪要 · ${label}`}
      okText="录入结果"
      cancelText="取消"
      onCancel={onClose}
      onOk={() => void save()}
      className="x-minutes"
    >
      <div className="x-minutes-head">
        <label>
          会议日期
          <DatePicker
            value={dayjs(date)}
            allowClear={false}
            maxDate={dayjs(today)}
            onChange={(day) => setDate(day?.format('YYYY-MM-DD') ?? today)}
          />
        </label>
        <label>
          地点
          <Input value={place} maxLength={100} onChange={(event) => setPlace(event.target.value)} />
        </label>
      </div>
      <p className="x-minutes-label">
        应到 {members.length} 人，实到 {present.length} 人
      </p>
      <Checkbox.Group options={options} value={present} onChange={(ids) => setAttendance(ids)} />
      <ul className="x-minutes-lines">
        {rows.map((row) => {
          const line = lines[row.id]!
          const problem = isChecked ? problems[row.id] : null
          return (
            <li key={row.id}>
              <b>
                <CellOf field={fields[titleKey]!} value={row[titleKey] ?? null} />
              </b>
              <div className="x-minutes-votes">
                <Select
                  mode="multiple"
                  placeholder="回避"
                  aria-label="回避"
                  value={line.recused}
                  options={options.filter((o) => present.includes(o.value))}
                  onChange={(recused: string[]) => put(row.id, { recused })}
                  maxTagCount="responsive"
                />
                <Count label="赞成" value={line.for} onChange={(n) => put(row.id, { for: n })} />
                <Count label="反对" value={line.against} onChange={(n) => put(row.id, { against: n })} />
                <Count label="弃权" value={line.abstain} onChange={(n) => put(row.id, { abstain: n })} />
                <Select
                  aria-label="结论"
                  value={line.say}
                  options={(['pass', ...(approval.narrow.length ? ['narrow' as const] : []), 'refuse', 'return'] as const).map((say) => ({
                    value: say,
                    label: sayLabels[say],
                  }))}
                  onChange={(say) => put(row.id, { say })}
                />
                {(line.say === 'pass' || line.say === 'narrow') && (
                  <Count
                    label="带教"
                    value={line.supervisedCases ?? 0}
                    onChange={(n) => put(row.id, { supervisedCases: n || undefined })}
                  />
                )}
                {line.say === 'narrow' && (
                  <Select
                    aria-label="限定范围"
                    placeholder="限定范围"
                    value={line.to ?? null}
                    options={approval.narrow.map((n) => ({ value: n.key, label: n.label }))}
                    onChange={(to: string) => put(row.id, { to })}
                  />
                )}
                {(line.say === 'refuse' || line.say === 'return') && (
                  <Input
                    placeholder="理由（必填）"
                    aria-label="理由"
                    value={line.reason ?? ''}
                    onChange={(event) => put(row.id, { reason: event.target.value })}
                  />
                )}
              </div>
              {problem && <p className="x-problem">{problem}</p>}
            </li>
          )
        })}
      </ul>
      <p className="x-minutes-label">会议纪要扫描件</p>
      <FilesInput
        id="minutes-scan"
        field={scanField}
        value={scan}
        onChange={(ids) => setScan((ids as string[] | null) ?? [])}
        onBlur={() => undefined}
        isInvalid={isChecked && scan.length === 0}
        isDisabled={false}
      />
      {isChecked && scan.length === 0 && <p className="x-problem">请上传会议纪要扫描件</p>}
    </Modal>
  )
}

function Count({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return <InputNumber prefix={label} aria-label={label} min={0} max={999} precision={0} value={value} onChange={(n) => onChange(n ?? 0)} />
}
function problemOf(line: Line, present: readonly string[]): string | null {
  const voters = present.filter((p) => !line.recused.includes(p)).length
  if (line.for + line.against + line.abstain !== voters) return `赞成、反对、弃权之和应为 ${voters}（实到减回避）`
  if (line.say === 'narrow' && !line.to) return '请选择限定的范围'
  return (line.say === 'refuse' || line.say === 'return') && !line.reason?.trim() ? '请填写理由' : null
}
