import { InputNumber } from 'antd'
import { bounds, type Decider } from '#kernel/model/flow/definition.ts'
import { PersonsPicker } from '../../../fields/record-picker.tsx'
import { fieldOptions, isPersonField, isUnitField, useWorld } from '../context.ts'
import { begunDecider, earlierThan } from '../steps.ts'
import { deciderKinds } from '../words.ts'
import { namesAsOptions, Pick, SettingList } from './set.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

interface Props {
  value: Decider
  onChange: (value: Decider) => void
  label: string
  /** Of those among whom somebody is chosen: they are not chosen again. */
  isWithin?: boolean
}
/** Who: his kind in plain words, then what belongs to it. */
export function DeciderInput({ value, onChange, label, isWithin = false }: Props) {
  const kinds = (Object.keys(deciderKinds) as Decider['kind'][]).filter((kind) => !isWithin || kind !== 'chosen' || value.kind === kind)
  return (
    <div className="x-decider">
      <Pick label={label} value={value.kind} options={optionsOf(deciderKinds, kinds)} onChange={(kind) => onChange(begunDecider(kind))} />
      <Details value={value} onChange={onChange} label={label} />
    </div>
  )
}

function Details({ value, onChange, label }: Props) {
  const { names, resource, definition, selected } = useWorld()
  const unit = (of: Extract<Decider, { unit?: string }>, none: string) => {
    const { unit: before, ...rest } = of
    const options = [{ value: 'none', label: none }, ...fieldOptions(resource, isUnitField).map((one) => ({ ...one, label: `“${one.label}”的` }))]
    return <Pick label={`${label}：哪个科室`} value={before ?? 'none'} options={options} onChange={(to) => onChange((to === 'none' ? rest : { ...rest, unit: to }))} />
  } // prettier-ignore
  const steps = earlierThan(definition, selected).map((step) => ({ value: step.id, label: step.label }))
  switch (value.kind) {
    case 'people':
      return <PersonsPicker value={value.people} onChange={(people) => onChange({ ...value, people })} />
    case 'role':
      return <Pick label="角色" value={value.role} options={namesAsOptions(names.roles)} onChange={(role) => onChange({ ...value, role })} />
    case 'post':
      return (
        <>
          <Pick label="岗位" value={value.post} options={namesAsOptions(names.posts)} onChange={(post) => onChange({ ...value, post })} />
          {unit(value, '全院任此岗位的人')}
        </>
      )
    case 'group':
      return (
        <>
          <Pick label="小组、委员会" value={value.group} options={namesAsOptions(names.groups)} onChange={(group) => onChange({ ...value, group })} />
          {unit(value, '全院的')}
        </>
      ) // prettier-ignore
    case 'office':
      return (
        <>
          <Pick label="职能办公室" value={value.office} options={namesAsOptions(names.offices)} onChange={(office) => onChange({ ...value, office })} />
          {unit(value, '管这份申请所属科室的')}
        </>
      ) // prettier-ignore
    case 'headOf':
      return unit(value, '这份申请所属的科室')
    case 'upper':
      return <Level label="第几级上级" value={value.level} onChange={(level) => onChange({ ...value, level })} />
    case 'upperChain':
      return <Level label="上报到第几级" value={value.upTo} onChange={(upTo) => onChange({ ...value, upTo })} />
    case 'formField':
      return <Pick label="字段" value={value.field} options={fieldOptions(resource, isPersonField)} onChange={(field) => onChange({ ...value, field })} />
    case 'earlier':
      return <Pick label="哪一步" value={value.step} options={steps} onChange={(step) => onChange({ ...value, step })} />
    case 'chosen':
      return <Chosen value={value} onChange={onChange} steps={steps} />
    default:
      return null
  }
} // prettier-ignore

const Level = ({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) => (
  <InputNumber className="x-set-wide" aria-label={label} prefix="第" suffix="级" min={1} max={9} value={value} onChange={(next) => next && onChange(next)} />
) // prettier-ignore

type ChosenDecider = Extract<Decider, { kind: 'chosen' }>
/** Chosen while the request is under way: by whom, how many, among whom. */
function Chosen({ value, onChange, steps }: { value: ChosenDecider; onChange: (value: Decider) => void; steps: { value: string; label: string }[] }) {
  const { by, within, max, kind } = value
  const put = (part: { by?: string | undefined; within?: Decider | undefined; max?: number | undefined }) => {
    const next = { by, within, max, ...part }
    onChange({ kind, ...(next.by ? { by: next.by } : {}), ...(next.within ? { within: next.within } : {}), ...(next.max ? { max: next.max } : {}) })
  }
  const who = [{ value: 'applicant', label: '由申请人提交时选定' }, ...steps.map((one) => ({ ...one, label: `由“${one.label}”选定` }))]
  return (
    <>
      <Pick label="由谁选定" value={by ?? 'applicant'} options={who} onChange={(next) => put({ by: next === 'applicant' ? undefined : next })} />
      <InputNumber className="x-set-wide" aria-label="最多几人" prefix="最多" suffix="人" placeholder="不限" min={1} max={50} value={max ?? null} onChange={(next) => put({ max: next ?? undefined })} />
      <Pick label="范围" value={within ? 'within' : 'all'} options={[{ value: 'all', label: '全院的人都可以选' }, { value: 'within', label: '只在这些人中选' }]} onChange={(next) => put({ within: next === 'all' ? undefined : begunDecider('role') })} />
      {within && <DeciderInput isWithin label="范围" value={within} onChange={(next) => put({ within: next })} />}
    </>
  )
} // prettier-ignore

/** Several kinds of people for one step. */
export function DecidersInput({ value, onChange, label }: { value: readonly Decider[]; onChange: (value: readonly Decider[]) => void; label: string }) {
  return (
    <SettingList items={value} most={bounds.deciders} add={() => begunDecider('role')} addLabel={value.length ? '再加一类人' : '添加'} onChange={onChange}>
      {(one, set, at) => <DeciderInput label={`${label} ${at + 1}`} value={one} onChange={set} />}
    </SettingList>
  )
} // prettier-ignore
