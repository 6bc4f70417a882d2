import type { DesignNames } from '#model'
import { Select } from 'antd'
import type { FieldDesign } from '#kernel/model/designs/index.ts'
import { Setting } from '../flows/design/panel/set.tsx'
import type { BoardField } from './board.ts'
import { optionsOf } from '../parts/options-of.ts'

interface Props {
  field: BoardField
  fields: readonly FieldDesign[]
  names: DesignNames
  /** The type that is drawn: what points at it can be counted. */
  type: string
  problem: string | undefined
  onChange: (part: Partial<BoardField>) => void
}
const hows = { count: '个数', sum: '合计', average: '平均', min: '最小', max: '最大' } as const
const targetOf = ({ kind, options }: FieldDesign): string | undefined =>
  kind === 'person'
    ? 'directory.person'
    : kind === 'unit'
      ? 'directory.unit'
      : kind === 'reference' || kind === 'tree'
        ? (options['target'] as string)
        : undefined

/** Where a kept value comes from: a field of the record that another field names, or a figure of all records that point here. */
export function DerivedPanel(props: Props) {
  const { derived } = props.field
  if (!derived) return null
  return 'lookup' in derived ? <Lookup {...props} path={derived.lookup} /> : <RollUp {...props} roll={derived.rollUp} />
}
function Lookup({ fields, names, problem, path, onChange }: Props & { path: string }) {
  const options = fields.flatMap((one) => {
    const type = names.types.find(({ name }) => name === targetOf(one))
    return (type?.fields ?? []).map((of) => ({ value: `${one.key}.${of.key}`, label: `${one.label}的${of.label}` }))
  })
  return (
    <Setting label="显示谁的哪一项" hint="始终与对方现在的内容一致" problem={problem ?? null}>
      {(id) => <Select id={id} className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} placeholder="先放一个引用、人员或科室字段" value={path || undefined} options={options} onChange={(lookup: string) => onChange({ derived: { lookup } })} />}
    </Setting>
  )
} // prettier-ignore
type Roll = Extract<NonNullable<BoardField['derived']>, { rollUp: unknown }>['rollUp']
function RollUp({ names, type, problem, roll, onChange }: Props & { roll: Roll }) {
  const pointing = names.types.flatMap((one) => one.fields.filter(({ target }) => target === type).map((by) => ({ value: `${one.name} ${by.key}`, label: `${one.label}（按${by.label}）` })))
  const summed = (names.types.find(({ name }) => name === roll.of)?.fields ?? []).filter(({ kind }) => ['integer', 'decimal', 'money', 'counter', 'slider', 'rating', 'date'].includes(kind))
  const set = (part: Partial<Roll>) => onChange({ derived: { rollUp: { ...roll, ...part } } })
  return (
    <>
      <Setting label="汇总哪些记录" hint="用引用字段指向本类记录的、已生效的记录" problem={problem ?? null}>
        {(id) => <Select id={id} className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} placeholder={pointing.length ? '请选择' : '还没有别的记录引用它'} value={roll.of ? `${roll.of} ${roll.by}` : undefined} options={pointing} onChange={(chosen: string) => set({ of: chosen.split(' ')[0]!, by: chosen.split(' ')[1]! })} />}
      </Setting>
      <Setting label="怎样汇总">{(id) => <Select id={id} className="x-set-wide" value={roll.how} options={optionsOf(hows)} onChange={(how) => set({ how })} />}</Setting>
      {roll.how !== 'count' && <Setting label="哪一项">{(id) => <Select id={id} className="x-set-wide" value={roll.field} options={summed.map(({ key, label }) => ({ value: key, label }))} onChange={(key: string) => set({ field: key })} />}</Setting>}
    </>
  )
} // prettier-ignore
