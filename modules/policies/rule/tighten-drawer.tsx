import { useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useRef, useState, type ReactNode } from 'react'
import type { RecordAnswer } from '#model'
import { amountText, compare, type Layer, layers, rowOfValue, type RuleCard, type RuleValue } from '#kernel/model/rules/index.ts'
import { api, newId } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { Touched } from './rule-parts.tsx'
import type { RuleAnswer } from './rule.rules.ts'
import { ValueInput } from './value-input.tsx'

interface Head {
  from: string
  document: string
  documentNumber: string
  clause: string
}
/** 收紧: the next version of one's own layer, beginning with what the layer says now. What is refused is said at its place. */
export function TightenDrawer({
  answer: r,
  onUnit,
  onClose,
}: {
  answer: RuleAnswer
  onUnit: (unit: string | null) => void
  onClose: () => void
}) {
  const [layer, setLayer] = useState<Layer>(r.may.write.includes('hospital') && !r.unit ? 'hospital' : 'department')
  const own = ownCard(r, layer)
  return (
    <TightenForm
      key={`${layer} ${r.unit?.id} ${own?.id}`}
      answer={r}
      layer={layer}
      own={own}
      onLayer={setLayer}
      onUnit={onUnit}
      onClose={onClose}
    />
  )
}
interface FormProps {
  answer: RuleAnswer
  layer: Layer
  own: RuleCard | undefined
  onLayer: (layer: Layer) => void
  onUnit: (unit: string | null) => void
  onClose: () => void
}
function TightenForm({ answer: r, layer, own, onLayer, onUnit, onClose }: FormProps) {
  const { today } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const isPhone = useIsPhone()
  const actId = useRef(newId())
  const unit = layer === 'department' ? (r.unit?.id ?? null) : null
  const [head, setHead] = useState<Head>({ from: today, document: own?.basis.document ?? '', documentNumber: own?.basis.number ?? '', clause: own?.basis.clause ?? '' }) // prettier-ignore
  const [values, setValues] = useState<Record<string, RuleValue>>({ ...own?.values })
  const [problems, setProblems] = useState<Record<string, string>>({})
  const [isSending, setSending] = useState(false)
  const offered = offeredIn(r, own)
  const names = Object.keys(values)
  const changed = Object.keys(offered).filter((name) => !isSame(values[name], own?.values[name]))
  const set = (part: Partial<Head>) => setHead((before) => ({ ...before, ...part }))

  async function save() {
    setSending(true)
    setProblems({})
    try {
      const rows = names.map((name) => rowOfValue(name, values[name]!))
      if (own?.from === head.from) await mend(own.id, { ...filled(head), values: rows })
      else {
        const draft = { key: r.key, label: r.label, certainty: 'A', layer, ...(unit ? { unit } : {}), ...filled(head), values: rows }
        await api.post('/api/records/rules.card', draft, actId.current)
      }
      void message.success(head.from > today ? `已保存，${head.from} 起生效` : '已保存，即日生效')
      void client.invalidateQueries({ queryKey: ['rules'] })
      onClose()
    } catch (error) {
      actId.current = newId()
      const found = error instanceof ApiError ? error.fieldProblems : []
      setProblems(Object.fromEntries(found.map((p) => [placeOf(p.field, names), p.message])))
      if (found.length === 0) void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <Drawer
      open
      title={`收紧“${r.label}”`}
      size={isPhone ? '100%' : 520}
      onClose={onClose}
      footer={
        <div className="pr-foot">
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" loading={isSending} onClick={() => void save()}>
            保存规则
          </Button>
        </div>
      }
    >
      <div className="pr-form">
        <Line id="layer" label="层级" problem={problems['layer']}>
          <Select id="layer" value={layer} options={r.may.write.map((value) => ({ value, label: layers[value] }))} onChange={onLayer} />
        </Line>
        {layer === 'department' && (
          <Line id="unit" label="科室" problem={problems['unit']}>
            <UnitPicker id="unit" value={unit} onChange={onUnit} placeholder="选择科室" isInvalid={!!problems['unit']} />
          </Line>
        )}
        <h3>规定 <small className="x-muted">留空的仍随上级</small></h3>
        {Object.entries(offered).map(([name, value]) => (
          <Line key={name} id={`value-${name}`} label={value.label} hint={boundText(r, name, own)} problem={problems[`value ${name}`]}>
            <ValueInput
              id={`value-${name}`}
              like={value}
              value={values[name] ?? null}
              isInvalid={!!problems[`value ${name}`]}
              onChange={(next) => setValues((before) => withValue(before, name, next))}
            />
          </Line>
        ))}
        {problems['values'] && <p className="pr-problem">{problems['values']}</p>}
        <h3>依据</h3>
        <Line id="document" label="文件" problem={problems['document']}>
          <Input id="document" value={head.document} placeholder="如 本院会诊管理规定" status={problems['document'] ? 'error' : ''} onChange={(event) => set({ document: event.target.value })} />
        </Line>
        <Line id="number" label="文号" problem={problems['documentNumber']}>
          <Input id="number" value={head.documentNumber} onChange={(event) => set({ documentNumber: event.target.value })} />
        </Line>
        <Line id="clause" label="条款" problem={problems['clause']}>
          <Input id="clause" value={head.clause} onChange={(event) => set({ clause: event.target.value })} />
        </Line>
        <Line id="from" label="生效日期" problem={problems['from'] ?? problems['']}>
          <DatePicker id="from" allowClear={false} value={dayjs(head.from)} onChange={(day) => set({ from: day?.format('YYYY-MM-DD') ?? today })} />
        </Line>
        <h3>触及</h3>
        <Touched uses={r.uses} {...(changed.length ? { values: changed } : {})} />
      </div>
    </Drawer>
  ) // prettier-ignore
}

function Line({
  id,
  label,
  hint,
  problem,
  children,
}: {
  id: string
  label: string
  hint?: string
  problem: string | undefined
  children: ReactNode
}) {
  return (
    <div className="pr-line">
      <label htmlFor={id}>
        {label}
        {hint && <small className="x-muted">{hint}</small>}
      </label>
      <div>
        {children}
        {problem && <p className="pr-problem" role="alert">{problem}</p>}
      </div>
    </div>
  ) // prettier-ignore
}
/** What begins on the same day is that version, mended; the server refuses it once the day is over. */
async function mend(id: string, changes: Record<string, unknown>): Promise<void> {
  const { record } = await api.get<RecordAnswer>(`/api/records/rules.card/${id}`)
  await api.patch(`/api/records/rules.card/${id}`, { version: record.version, changes })
}
/** What the chosen layer says now: the next version begins with it, so that nothing is loosened by being left out. */
const ownCard = (r: RuleAnswer, layer: Layer): RuleCard | undefined =>
  r.columns.find(({ card, stands }) => stands && card.layer === layer && card.unit === (layer === 'department' ? (r.unit?.id ?? '') : null))
    ?.card
/** Every value that any layer names, in the form of the widest that does. */
function offeredIn(r: RuleAnswer, own: RuleCard | undefined): Record<string, RuleValue> {
  const cards = r.columns.filter((c) => c.stands && c.card !== own).map((c) => c.card)
  return Object.assign({}, ...[...cards, ...(own ? [own] : [])].reverse().map((card) => card.values)) as Record<string, RuleValue>
}
/** `国家 不超过 24 小时`: the strictest that another layer says. */
function boundText(r: RuleAnswer, name: string, own: RuleCard | undefined): string {
  const said = r.columns.filter((c) => c.stands && c.card !== own && c.card.values[name])
  const strictest = said.reduce<(typeof said)[number] | null>(
    (best, c) => (best && compare(c.card.values[name]!, best.card.values[name]!) !== 'stricter' ? best : c),
    null,
  )
  return strictest ? `${strictest.layerName} ${amountText(strictest.card.values[name]!)}` : '本层自定'
}
const isSame = (a: RuleValue | undefined, b: RuleValue | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const withValue = (before: Record<string, RuleValue>, name: string, value: RuleValue | null): Record<string, RuleValue> =>
  Object.fromEntries([...Object.entries(before).filter(([key]) => key !== name), ...(value ? [[name, value] as const] : [])])
/** `values.0.amount` is shown at the value that stands in line 0. */
function placeOf(field: string, names: readonly string[]): string {
  const at = /^values\.(\d+)\./.exec(field)
  return at ? `value ${names[Number(at[1])]}` : field
}
const filled = ({ documentNumber, clause, ...rest }: Head): Record<string, unknown> => ({
  ...rest,
  ...(documentNumber ? { documentNumber } : {}),
  ...(clause ? { clause } : {}),
})
