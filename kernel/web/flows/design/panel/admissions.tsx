import { Input } from 'antd'
import { bounds } from '#kernel/model/flow/definition.ts'
import { admissionModes, type Admission } from '#kernel/model/flow/admission.ts'
import type { Filter } from '#model'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { targetOf } from '../../../definitions/catalog.ts'
import { FilterSentence } from '../../../list/sentence.tsx'
import { fieldOptions, rowResource, useWorld, type Option } from '../context.ts'
import { Pick, Setting, SettingList } from './set.tsx'
import { RulePick } from './rule-pick.tsx'

type One = Admission<Filter>
/** 准入条件: what a rule card wants of whoever is granted something, judged when somebody consents. */
export function Admissions() {
  const { definition, edit } = useWorld()
  const list = definition.admissions ?? []
  const begun = (): One => ({ id: nextId(list), label: '准入条件', by: { rule: '', asOf: 'decision' }, fact: '' })
  const put = (admissions: readonly One[], about?: string) => {
    const { admissions: _, ...rest } = definition
    edit(admissions.length ? { ...rest, admissions } : rest, about && `flow ${about}`)
  }
  return (
    <SettingList items={list} most={bounds.admissions} add={begun} addLabel="加一个准入条件" onChange={put}>
      {(one, _set, at) => (
        <AdmissionInput value={one} onChange={(next, about) => put(list.with(at, next), about && `${one.id} ${about}`)} />
      )}
    </SettingList>
  )
}
const nextId = (list: readonly One[]): string => {
  const taken = new Set(list.map(({ id }) => id))
  for (let n = 1; ; n++) if (!taken.has(`admission${n}`)) return `admission${n}`
}

function AdmissionInput({ value, onChange }: { value: One; onChange: (value: One, about?: string) => void }) {
  const { definition, resource } = useWorld()
  const facts = useFacts()
  const rows = definition.items ? rowResource(resource, definition.items.rows) : null
  const { lines, explain, block, ...rest } = value
  const put = (part: { lines?: Filter | undefined; explain?: string | undefined; block?: string | undefined }, about?: string) => {
    const next = { lines, explain, block, ...part }
    onChange({
      ...rest,
      ...(next.lines ? { lines: next.lines } : {}),
      ...(next.explain ? { explain: next.explain } : {}),
      ...(next.block ? { block: next.block } : {}),
    }, about)
  }
  return (
    <div className="x-decider">
      <Input aria-label="条件名称" value={value.label} maxLength={60} onChange={(event) => onChange({ ...value, label: event.target.value }, 'label')} />
      <Setting label="规则卡">{(id) => <RulePick id={id} value={value.by.rule} onChange={(rule) => onChange({ ...value, by: { ...value.by, rule } }, 'rule')} />}</Setting>
      <Setting label="按哪天的规则">
        {(id) => <Pick id={id} value={value.by.asOf} options={[{ value: 'decision', label: '决定当天' }, { value: 'start', label: '提交当天' }]} onChange={(asOf) => onChange({ ...value, by: { ...value.by, asOf } })} />}
      </Setting>
      <Setting label="对照的内容">{(id) => <Pick id={id} value={value.fact} options={facts} onChange={(fact) => onChange({ ...value, fact })} />}</Setting>
      {rows && (
        <Setting label="针对哪些明细">{() => <FilterSentence lead="当" resource={rows} filter={lines ?? null} onChange={(filter) => put({ lines: filter ?? undefined })} />}</Setting>
      )}
      <Setting label={`何时“${admissionModes.explain}”`}>{(id) => <RulePick id={id} value={explain} isOptional onChange={(rule) => put({ explain: rule || undefined }, 'explain')} />}</Setting>
      <Setting label={`何时“${admissionModes.block}”`}>{(id) => <RulePick id={id} value={block} isOptional onChange={(rule) => put({ block: rule || undefined }, 'block')} />}</Setting>
    </div>
  )
} // prettier-ignore

/** Fields of the request, and of what its references name. */
function useFacts(): Option[] {
  const catalog = useCatalog()
  const { resource } = useWorld()
  const through = Object.entries(resource.fields).flatMap(([key, field]) => {
    const target = catalog.resource(targetOf(field) ?? '')
    return target ? fieldOptions(target).map(({ value, label }) => ({ value: `${key}.${value}`, label: `${field.label} · ${label}` })) : []
  })
  return [...fieldOptions(resource), ...through]
}
