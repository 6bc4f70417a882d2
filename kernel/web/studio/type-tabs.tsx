import { kindOf, type DesignNames } from '#model'
import { fieldOf, grantActions, grantScopes, type FieldDesign, type GrantDesign, type TypeDesign } from '#kernel/model/designs/index.ts'
import { AutoComplete, Checkbox, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { Setting, SettingList, SettingSwitch } from '../flows/design/panel/set.tsx'
import type { Changed } from './board.ts'
import { LimitsSetting } from './limits-setting.tsx'
import { WhenInput } from './when-input.tsx'
import { optionsOf } from '../parts/options-of.ts'

export interface TabProps {
  type: TypeDesign
  names: DesignNames
  problemAt: (path: string) => string | undefined
  onChange: (part: Changed<TypeDesign>, about?: string) => void
}
const named = (fields: readonly FieldDesign[]) => fields.map(({ key, label }) => ({ value: key, label }))
const envelope = [{ value: 'state', label: '状态' }, { value: 'createdAt', label: '填报时间' }, { value: 'createdBy', label: '填报人' }, { value: 'updatedAt', label: '修改时间' }] // prettier-ignore

/** Several fields in their order: chosen, and dragged by their names. */
function Fields({ label, hint, value, options, problem, onChange }: { label: string; hint?: string; value: readonly string[]; options: { value: string; label: string }[]; problem?: string | undefined; onChange: (value: string[]) => void }) {
  return (
    <Setting label={label} hint={hint} problem={problem ?? null}>
      {(id) => <Select id={id} mode="multiple" className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} value={[...value]} options={options} onChange={onChange} />}
    </Setting>
  )
} // prettier-ignore

/** 列表: what stands in the table, what is asked for above it, in which order. */
export function ListTab({ type, problemAt, onChange }: TabProps) {
  const short = type.fields.filter((one) => !kindOf(fieldOf(one)).isLong && one.kind !== 'rows')
  const sorted = short.filter((one) => kindOf(fieldOf(one)).sortable)
  const [first = ''] = type.list.sort
  const set = (part: Partial<TypeDesign['list']>) => onChange({ list: { ...type.list, ...part } })
  return (
    <div className="x-card x-studio-form">
      <Fields label="表格的列" hint="不选时为前六个字段；各人可以再调整自己的列" value={type.list.columns} options={[...named(short), ...envelope]} problem={problemAt('list')} onChange={(columns) => set({ columns })} />
      <Fields label="常用筛选" value={type.list.filters} options={[...named(short), ...envelope]} onChange={(filters) => set({ filters })} />
      <Setting label="排序">
        {(id) => (
          <span className="x-row">
            <Select id={id} allowClear className="x-set-wide" placeholder="最近填报的在前" value={first.replace(/^-/, '') || undefined} options={[...named(sorted), ...envelope]} onChange={(key?: string) => set({ sort: key ? [key] : [] })} />
            {first && <Select aria-label="次序" value={first.startsWith('-') ? '-' : ''} options={[{ value: '', label: '从小到大' }, { value: '-', label: '从大到小' }]} onChange={(way: string) => set({ sort: [way + first.replace(/^-/, '')] })} />}
          </span>
        )}
      </Setting>
    </div>
  )
} // prettier-ignore

/** 权限: which role may do what with which records, and what of their fields is closed to it. */
export function GrantsTab({ type, names, problemAt, onChange }: TabProps) {
  const set = (grants: readonly GrantDesign[]) => onChange({ grants: [...grants] })
  return (
    <div className="x-card x-studio-form">
      <p className="x-muted">没有列出的角色看不到这类记录。一个人有几个角色时，权限合在一起。</p>
      <SettingList items={type.grants} most={60} addLabel="添加角色" onChange={set} add={(): GrantDesign => ({ role: names.roles.find(({ name }) => !type.grants.some(({ role }) => role === name))?.name ?? 'staffMember', actions: ['read'], scope: 'own' })}>
        {(grant, change, at) => (
          <div className="x-grant">
            <span className="x-row">
              <Select aria-label={`角色 ${at + 1}`} value={grant.role} showSearch={{ optionFilterProp: 'label' }} options={names.roles.map(({ name, label }) => ({ value: name, label }))} popupMatchSelectWidth={200} onChange={(role: string) => change({ ...grant, role })} />
              <Select aria-label={`范围 ${at + 1}`} value={grant.scope} options={optionsOf(grantScopes).map((one) => ({ ...one, label: `${one.label}记录` }))} onChange={(scope: GrantDesign['scope']) => change({ ...grant, scope })} />
            </span>
            <Checkbox.Group aria-label={`可以做什么 ${at + 1}`} value={grant.actions} options={optionsOf(grantActions)} onChange={(actions) => change({ ...grant, actions })} />
            {problemAt(`role ${grant.role}`) && <p className="x-problem" role="alert">{problemAt(`role ${grant.role}`)}</p>}
            <FieldRules rules={grant} fields={type.fields} onChange={(rules) => change({ ...grant, ...rules })} />
          </div>
        )}
      </SettingList>
    </div>
  )
} // prettier-ignore
type Rules = Pick<GrantDesign, 'hide' | 'readOnly' | 'require'>
/** What of a record's fields a role does not see, does not write, or must fill in. */
export function FieldRules({ rules, fields, onChange }: { rules: Rules; fields: readonly { key: string; label: string }[]; onChange: (rules: Rules) => void }) {
  const options = fields.map(({ key, label }) => ({ value: key, label }))
  const one = (name: keyof Rules, label: string) => (
    <label className="x-grant-rule">
      {label}
      <Select mode="multiple" size="small" className="x-set-wide" placeholder="无" showSearch={{ optionFilterProp: 'label' }} value={[...(rules[name] ?? [])]} options={options} onChange={(keys: string[]) => onChange({ [name]: keys })} />
    </label>
  )
  return (
    <div className="x-grant-rules">
      {one('hide', '隐藏')}
      {one('readOnly', '只读')}
      {one('require', '必填')}
    </div>
  )
} // prettier-ignore

/** 设置: how the type is called, where it stands, whose its records are, what must not repeat, what must hold. */
export function SettingsTab({ type, names, problemAt, onChange }: TabProps) {
  const plain = type.fields.filter((one) => !kindOf(fieldOf(one)).isLong && !kindOf(fieldOf(one)).holdsFiles && one.kind !== 'rows')
  const people = type.fields.filter(({ kind, options }) => kind === 'person' || options['target'] === 'staff.practitioner')
  const units = type.fields.filter(({ kind }) => kind === 'unit')
  const rows = type.fields.filter(({ kind }) => kind === 'rows')
  const pick = (id: string, value: string | undefined, options: { value: string; label: string }[], set: (value: string) => void, empty?: string) => (
    <Select id={id} className="x-set-wide" allowClear={empty !== undefined} placeholder={empty} value={value || undefined} options={options} onChange={(next?: string) => set(next ?? '')} />
  )
  return (
    <div className="x-card x-studio-form two">
      <Setting label="名称" problem={problemAt('label') ?? null}>{(id) => <Input id={id} maxLength={60} value={type.label} onChange={(event) => onChange({ label: event.target.value }, 'label')} />}</Setting>
      <Setting label="放在菜单的哪一组">{(id) => <AutoComplete id={id} className="x-set-wide" maxLength={30} value={type.menu} options={names.menus.map((value) => ({ value }))} onChange={(menu: string) => onChange({ menu }, 'menu')} />}</Setting>
      <Setting label="用哪个字段称呼一条记录" problem={problemAt('title') ?? null}>{(id) => pick(id, type.title, named(plain), (title) => onChange({ title }))}</Setting>
      <Setting label="记录属于谁" hint="“本人的”权限按它判断" problem={problemAt('owner.person') ?? null}>{(id) => pick(id, type.owner.person, [{ value: 'createdBy', label: '填报人' }, ...named(people)], (person) => onChange({ owner: { ...type.owner, person: person || 'createdBy' } }))}</Setting>
      <Setting label="记录属于哪个科室" hint="“本科室的”“本院区的”权限按它判断" problem={problemAt('owner.department') ?? null}>{(id) => pick(id, type.owner.department, named(units), (department) => onChange({ owner: { ...(type.owner.person ? { person: type.owner.person } : {}), ...(department ? { department } : {}) } }), units.length ? '不属于科室' : '先放一个科室字段')}</Setting>
      <Fields label="不许重复" hint="这些字段合在一起不能与别的记录相同" value={type.unique[0] ?? []} options={named(plain)} problem={problemAt('unique')} onChange={(keys) => onChange({ unique: keys.length ? [keys] : [] })} />
      <SettingSwitch label="须经审批" hint="由申请人所在科室的科主任审批；发布后可在“接着做”里改流程" value={type.approval} onChange={(approval) => onChange({ approval })} />
      {type.approval && rows.length > 0 && <Setting label="逐项审批的子表">{(id) => pick(id, type.items, named(rows), (items) => onChange({ items: items || undefined }), '整单审批')}</Setting>}
      <Setting label="填写说明">{(id) => <Input.TextArea id={id} rows={2} maxLength={1000} value={type.help ?? ''} onChange={(event) => onChange({ help: event.target.value || undefined }, 'help')} />}</Setting>
      <LimitsSetting limits={type.limits} label={type.label} title={type.title} fields={type.fields} names={names} problemAt={problemAt} onChange={(limits) => onChange({ limits })} />
      <RulesSetting rules={type.rules} fields={type.fields} problemAt={problemAt} onChange={(rules) => onChange({ rules })} />
    </div>
  )
} // prettier-ignore
type Rule = TypeDesign['rules'][number]
/** Conditions over several fields, each with what is said at which field when it does not hold. */
export function RulesSetting({ rules, fields, problemAt, onChange }: { rules: readonly Rule[]; fields: readonly FieldDesign[]; problemAt: TabProps['problemAt']; onChange: (rules: Rule[]) => void }): ReactNode {
  return (
    <div className="x-set x-studio-whole">
      <span>校验规则</span>
      <SettingList items={rules} most={50} addLabel="添加规则" onChange={(next) => onChange([...next])} add={(): Rule => ({ at: fields[0]?.key ?? '', holds: '', message: '' })}>
        {(rule, change, at) => (
          <div className="x-grant">
            <WhenInput label={`规则 ${at + 1} 须满足`} value={rule.holds} fields={fields} problem={problemAt(`rules.${at}.holds`) ?? problemAt(`rule at ${rule.at}`)} onChange={(holds) => change({ ...rule, holds })} />
            <Input aria-label={`规则 ${at + 1} 的提示`} maxLength={200} placeholder="不满足时的提示" value={rule.message} status={problemAt(`rules.${at}.message`) ? 'error' : ''} onChange={(event) => change({ ...rule, message: event.target.value })} />
            <Select aria-label={`规则 ${at + 1} 提示在哪个字段`} value={rule.at} options={named(fields)} onChange={(key: string) => change({ ...rule, at: key })} />
          </div>
        )}
      </SettingList>
    </div>
  )
} // prettier-ignore
