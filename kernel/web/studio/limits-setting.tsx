import { capTimes, type Cap, type ClientResource, type DesignNames, type Limits, type OpenHours } from '#model'
import { fieldsOf, type FieldDesign } from '#kernel/model/designs/index.ts'
import { Checkbox, DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import './limits.css'
import { optionsOf } from '../parts/options-of.ts'
import { SettingList } from '../flows/design/panel/set.tsx'
import { FilterSentence } from '../list/sentence.tsx'

interface Props {
  limits: Limits | undefined
  label: string
  title: string
  fields: readonly FieldDesign[]
  names: DesignNames
  problemAt: (path: string) => string | undefined
  onChange: (limits: Limits | undefined) => void
}
const numbers = new Set(['integer', 'decimal', 'money', 'counter', 'slider', 'rating', 'formula'])
const pointing = new Set(['reference', 'person', 'unit'])
const named = (fields: readonly { key: string; label: string }[]) => fields.map(({ key, label }) => ({ value: key, label }))
const week = ['一', '二', '三', '四', '五', '六', '日'].map((label, at) => ({ label, value: at + 1 }))

/** 填报限制: when a record may be begun, how often one person may, how many there may be, and what is taken from a stock. */
export function LimitsSetting(props: Props) {
  const { limits, problemAt, onChange } = props
  const set = (part: Partial<Limits>) => {
    const { open, caps } = { ...limits, ...part }
    const isOpen = open !== undefined && Object.keys(open).length > 0
    onChange(isOpen || caps?.length ? { ...(isOpen ? { open } : {}), ...(caps?.length ? { caps } : {}) } : undefined)
  }
  const resource = useDrawn(props)
  return (
    <div className="x-set x-studio-whole">
      <span>开放时间</span>
      <OpenInput open={limits?.open ?? {}} onChange={(open) => set({ open })} />
      {problemAt('limits.open') && <p className="x-problem" role="alert">{problemAt('limits.open')}</p>}
      <span>次数、名额与库存</span>
      <SettingList items={limits?.caps ?? []} most={10} addLabel="添加限制" onChange={(caps) => set({ caps })} add={(): Cap => ({ by: 'person', per: 'ever', most: 1 })}>
        {(cap, change, at) => <CapInput cap={cap} at={at} resource={resource} {...props} onChange={change} />}
      </SettingList>
    </div>
  )
} // prettier-ignore
function OpenInput({ open, onChange }: { open: OpenHours; onChange: (open: OpenHours) => void }) {
  const set = (part: Partial<Record<keyof OpenHours, unknown>>) =>
    onChange(Object.fromEntries(Object.entries({ ...open, ...part }).filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0))))
  const day = (label: string, value: string | undefined, put: (day: string | undefined) => void) => (
    <DatePicker aria-label={label} placeholder="不限" value={value ? dayjs(value) : null} onChange={(next) => put(next ? next.format('YYYY-MM-DD') : undefined)} />
  )
  const hour = (label: string, key: 'from' | 'until') => (
    <Input aria-label={label} className="x-cap-hour" placeholder={key === 'from' ? '00:00' : '24:00'} maxLength={5} value={open.hours?.[key] ?? ''}
      onChange={(event) => set({ hours: event.target.value || open.hours?.[key === 'from' ? 'until' : 'from'] ? { from: '', until: '', ...open.hours, [key]: event.target.value } : undefined })} />
  )
  return (
    <div className="x-cap">
      {day('开放自', open.from, (from) => set({ from }))} 至 {day('开放至', open.until, (until) => set({ until }))}，每天 {hour('每天自', 'from')} 至 {hour('每天至', 'until')}，每周
      <Checkbox.Group aria-label="每周哪几天" options={week} value={[...(open.days ?? [])]} onChange={(days) => set({ days: days.length === 7 ? [] : [...days].sort((a, b) => a - b) })} />
      <small className="x-muted">都不填则始终开放</small>
    </div>
  )
} // prettier-ignore

interface CapProps extends Omit<Props, 'onChange'> {
  cap: Cap
  at: number
  resource: ClientResource
  onChange: (cap: Cap) => void
}
function CapInput({ cap, at, resource, fields, names, problemAt, onChange }: CapProps) {
  const shared = fields.find(({ key }) => key === cap.by)
  const target = names.types.find(({ name }) => name === (shared?.options['target'] ?? (shared?.kind === 'unit' ? 'directory.unit' : 'directory.person')))
  const stocks = named(target?.fields.filter(({ kind }) => numbers.has(kind)) ?? [])
  const sharers = [{ value: 'person', label: '每人' }, { value: 'all', label: '全部合计' }, ...fields.filter(({ kind }) => pointing.has(kind)).map(({ key, label }) => ({ value: key, label: `每个“${label}”` }))] // prettier-ignore
  const set = (part: Partial<Cap>) => onChange(Object.fromEntries(Object.entries({ ...cap, ...part }).filter(([, value]) => value !== undefined && value !== '')) as unknown as Cap)
  const isOfField = typeof cap.most === 'object'
  const problem = ['by', 'per', 'most', 'amount', 'where'].map((part) => problemAt(`limits.caps.${at}.${part}`)).find(Boolean)
  return (
    <div className="x-cap" role="group" aria-label={`限制 ${at + 1}`}>
      <Select aria-label={`限制 ${at + 1} 按什么计`} value={cap.by} options={sharers} popupMatchSelectWidth={200} onChange={(by: string) => set({ by, ...(isOfField ? { most: 1 } : {}) })} />
      <Select aria-label={`限制 ${at + 1} 多久`} value={cap.per} options={optionsOf(capTimes)} onChange={(per: Cap['per']) => set({ per })} />
      最多
      {shared && stocks.length > 0 && (
        <Select aria-label={`限制 ${at + 1} 上限`} value={isOfField ? (cap.most as { field: string }).field : ''} options={[{ value: '', label: '固定数' }, ...stocks.map((one) => ({ ...one, label: `它的“${one.label}”` }))]} popupMatchSelectWidth={200}
          onChange={(field: string) => set(field ? { most: { field }, per: 'ever' } : { most: 1 })} />
      )}
      {!isOfField && <InputNumber aria-label={`限制 ${at + 1} 最多`} min={1} max={1_000_000_000} value={cap.most} onChange={(most) => set({ most: most ?? 1 })} />}
      <Select aria-label={`限制 ${at + 1} 计什么`} value={cap.amount ?? ''} options={[{ value: '', label: '条记录' }, ...named(fields.filter(({ kind }) => numbers.has(kind))).map((one) => ({ ...one, label: `“${one.label}”之和` }))]} popupMatchSelectWidth={200} onChange={(amount: string) => set({ amount: amount || undefined })} />
      <FilterSentence lead={cap.where ? '只计' : '计全部记录'} resource={resource} filter={cap.where ?? null} onChange={(where) => set({ where: where ?? undefined })} isFlat />
      <Input aria-label={`限制 ${at + 1} 的提示`} maxLength={200} placeholder="超出时的提示（可不填）" value={cap.message ?? ''} onChange={(event) => set({ message: event.target.value })} />
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </div>
  )
} // prettier-ignore

/** The type as it is drawn, for conditions over its own plain fields. */
function useDrawn({ label, title, fields }: Pick<Props, 'label' | 'title' | 'fields'>): ClientResource {
  return useMemo(
    () => ({
      name: 'custom.drawn', module: 'custom', moduleLabel: '', label, title, fields: fieldsOf(fields), groups: [], owner: {}, list: { columns: [] }, masked: [], openable: [], readOnly: [],
      may: { read: true, create: true, update: true, delete: false, import: false, export: false, writeDirectly: false },
    }),
    [label, title, fields],
  )
} // prettier-ignore
