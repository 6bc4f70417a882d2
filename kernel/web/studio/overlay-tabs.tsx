import type { DesignBase, DesignNames } from '#model'
import { fieldProperties, isSame, typeProperties, type Overlay, type Patch, type TypeProperty } from '#kernel/model/designs/index.ts'
import { Button, Input, Select } from 'antd'
import { Setting, SettingList } from '../flows/design/panel/set.tsx'
import { LimitsSetting } from './limits-setting.tsx'
import type { BoardField, Changed } from './board.ts'
import { FieldRules, RulesSetting } from './type-tabs.tsx'

interface Props {
  overlay: Overlay
  base: DesignBase
  names: DesignNames
  fields: readonly BoardField[]
  problemAt: (path: string) => string | undefined
  onChange: (part: Changed<Overlay>, about?: string) => void
}
type RoleRules = Overlay['roles'][number]
/** 各角色的字段: what a role does not see, does not write or must fill in, beyond what the product says. */
export function OverlayRolesTab({ overlay, names, fields, onChange }: Props) {
  return (
    <div className="x-card x-studio-form">
      <p className="x-muted">在系统规定之上再收紧：某个角色看不到、不能改或必须填写哪些字段。一个人另有不受限的角色时，按不受限的算。</p>
      <SettingList items={overlay.roles} most={50} addLabel="添加角色" onChange={(roles) => onChange({ roles: [...roles] })} add={(): RoleRules => ({ role: names.roles.find(({ name }) => !overlay.roles.some(({ role }) => role === name))?.name ?? 'staffMember' })}>
        {(one, change, at) => (
          <div className="x-grant">
            <Select aria-label={`角色 ${at + 1}`} value={one.role} showSearch={{ optionFilterProp: 'label' }} options={names.roles.map(({ name, label }) => ({ value: name, label }))} popupMatchSelectWidth={200} onChange={(role: string) => change({ ...one, role })} />
            <FieldRules rules={one} fields={fields} onChange={(rules) => change({ ...one, ...rules })} />
          </div>
        )}
      </SettingList>
    </div>
  )
} // prettier-ignore

/** 列表与规则: what the list shows, what must hold besides; and what the product has changed since. */
export function OverlaySettingsTab({ overlay, base, names, fields, problemAt, onChange }: Props) {
  const patchOf = (property: TypeProperty) => overlay.patches.find((one) => !one.field && one.property === property)
  const baseOf = (property: TypeProperty): unknown => (property === 'columns' || property === 'filters' || property === 'sort' ? (base.list[property] ?? []) : ((base as unknown as Record<string, unknown>)[property] ?? null))
  const valueOf = (property: TypeProperty) => (patchOf(property) ?? { value: baseOf(property) }).value
  const set = (property: TypeProperty, value: unknown) => {
    const rest = overlay.patches.filter((one) => one.field || one.property !== property)
    const patch: Patch = { field: '', property, value, base: patchOf(property)?.base ?? baseOf(property) }
    onChange({ patches: isSame(value, baseOf(property)) ? rest : [...rest, patch] }, property)
  }
  const options = [...fields.map(({ key, label }) => ({ value: key, label })), ...((base.list.columns ?? []).filter((path) => path.includes('.')).map((value) => ({ value, label: value })))]
  const many = (property: 'columns' | 'filters', label: string) => (
    <Setting label={label}>{(id) => <Select id={id} mode="multiple" className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} value={valueOf(property) as string[]} options={options} onChange={(keys: string[]) => set(property, keys)} />}</Setting>
  )
  return (
    <div className="x-card x-studio-form two">
      <Conflicts overlay={overlay} base={base} fields={fields} onChange={onChange} />
      <Setting label="名称">{(id) => <Input id={id} maxLength={60} value={String(valueOf('label') ?? '')} onChange={(event) => set('label', event.target.value)} />}</Setting>
      <Setting label="填写说明">{(id) => <Input id={id} maxLength={500} value={String(valueOf('help') ?? '')} onChange={(event) => set('help', event.target.value || null)} />}</Setting>
      {many('columns', '表格的列')}
      {many('filters', '常用筛选')}
      <LimitsSetting limits={overlay.limits} label={base.label} title={base.title} fields={fields} names={names} problemAt={problemAt} onChange={(limits) => onChange({ limits })} />
      <RulesSetting rules={overlay.rules} fields={fields} problemAt={problemAt} onChange={(rules) => onChange({ rules })} />
    </div>
  )
} // prettier-ignore

const words = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '无'
    : typeof value === 'object'
      ? JSON.stringify(value).slice(0, 80)
      : String(value)
/** Where the product says otherwise than when the hospital's was written: which of the two stays. */
function Conflicts({ overlay, base, fields, onChange }: Pick<Props, 'overlay' | 'base' | 'fields' | 'onChange'>) {
  const productSays = ({ field, property }: Patch): unknown => {
    const of = base.fields[field]
    if (!field) return property === 'groups' ? base.groups : property === 'columns' || property === 'filters' || property === 'sort' ? (base.list[property] ?? []) : ((base as unknown as Record<string, unknown>)[property] ?? null)
    if (property === 'choices' || property === 'suggest') return (of?.options as Record<string, unknown> | undefined)?.[property] ?? null
    return property === 'hidden' ? false : ((of as unknown as Record<string, unknown> | undefined)?.[property] ?? (property === 'required' ? false : null))
  }
  const conflicts = overlay.patches.filter((one) => (!one.field || base.fields[one.field]) && !isSame(productSays(one), one.base))
  if (conflicts.length === 0) return null
  const keep = (patch: Patch) => onChange({ patches: overlay.patches.map((one) => (one === patch ? { ...one, base: productSays(one) } : one)) })
  const drop = (patch: Patch) => onChange({ patches: overlay.patches.filter((one) => one !== patch) })
  return (
    <section className="x-studio-whole x-conflicts" role="alert">
      <h3>系统升级后有 {conflicts.length} 处与本院的设置不同</h3>
      {conflicts.map((one, at) => (
        <p key={at}>
          {one.field ? `“${fields.find(({ key }) => key === one.field)?.label ?? one.field}”的` : ''}{{ ...typeProperties, ...fieldProperties }[one.property]}：原来系统为 {words(one.base)}，现在为 {words(productSays(one))}；本院为 {words(one.value)}
          <Button size="small" onClick={() => keep(one)}>保留本院的</Button>
          <Button size="small" onClick={() => drop(one)}>改用系统的</Button>
        </p>
      ))}
    </section>
  )
} // prettier-ignore
