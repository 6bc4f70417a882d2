import type { FieldTreatment, RightsAct } from '#model'
import { EyeInvisibleOutlined, EyeOutlined, KeyOutlined, LockOutlined, MinusCircleOutlined } from '@ant-design/icons'

/** Acts that reach as far stand together: 全院 查看、导出. */
export function byScope<A extends RightsAct>(acts: readonly A[]): { scope: string; acts: A[] }[] {
  return [...Map.groupBy(acts, ({ scope }) => scope)].map(([scope, own]) => ({ scope, acts: own }))
}
const usual = ['read', 'create', 'update', 'delete', 'import', 'export']
/** 查看、修改; all that is usually done with records in one word. */
export function actsText(acts: readonly RightsAct[]): string {
  const has = new Set<string>(acts.map(({ action }) => action))
  const isAll = usual.every((action) => has.has(action))
  const beyond = acts.filter(({ action }) => !isAll || !usual.includes(action)).map(({ label }) => label)
  return [...(isAll ? ['全部维护'] : []), ...beyond].join('、')
}
export function Reaches({ acts }: { acts: readonly RightsAct[] }) {
  return byScope(acts).map(({ scope, acts: own }) => (
    <span key={scope} className="x-reach">
      <b>{scope}</b>
      <span>{actsText(own)}</span>
    </span>
  ))
}

const treatments = [
  { key: 'hidden', label: '隐藏', Icon: MinusCircleOutlined },
  { key: 'masked', label: '打码', Icon: EyeInvisibleOutlined },
  { key: 'openable', label: '逐个查看', Icon: KeyOutlined },
  { key: 'plain', label: '敏感项明文', Icon: EyeOutlined },
  { key: 'readOnly', label: '只读', Icon: LockOutlined },
] as const
/** How many fields are treated otherwise than shown, in a few signs. */
export function FieldMarks({ fields }: { fields: FieldTreatment }) {
  const some = treatments.filter(({ key }) => fields[key].length > 0)
  if (some.length === 0) return null
  return (
    <span className="x-field-marks">
      {some.map(({ key, label, Icon }) => (
        <span key={key} className={key} title={`${label}：${fields[key].join('、')}`}>
          <Icon aria-hidden /> {label} {fields[key].length}
        </span>
      ))}
    </span>
  )
}
/** The same by name. */
export function FieldLines({ fields }: { fields: FieldTreatment }) {
  const some = treatments.filter(({ key }) => fields[key].length > 0)
  if (some.length === 0) return <p className="x-faint">所有字段照常显示</p>
  return (
    <dl className="x-field-lines">
      {some.map(({ key, label, Icon }) => (
        <div key={key}>
          <dt>
            <Icon aria-hidden /> {label}
          </dt>
          <dd>{fields[key].join('、')}</dd>
        </div>
      ))}
    </dl>
  )
}
