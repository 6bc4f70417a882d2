import { fillFlow } from './default-flow.ts'
import type { Filter } from '../filter/filter.ts'
import type { Action, FieldRules, Grant, Scope } from '../module.ts'
import { keysOf, resource, type Group, type ListSpec, type Resource } from '../resource.ts'
import { readFilter } from '../filter/filter.ts'
import { fieldsOf, indexesOf, type FieldDesign } from './field-design.ts'
import { longestLabel, mostFields, readFields } from './read-field.ts'
import type { ActionButton } from '../buttons/buttons.ts'
import type { Limits } from '../limits/limits.ts'
import { readButtons, readLimits } from './read-limits.ts'
import { compact, isObject, Reader } from './reader.ts'

/** What a role may do with an own type; in the order in which it is asked. */
export const grantActions = { read: '查看', create: '新增', update: '修改', delete: '删除', import: '导入', export: '导出' } as const satisfies Partial<Record<Action, string>> // prettier-ignore
/** How far it reaches. */
export const grantScopes = { own: '本人的', myUnits: '本科室的', myZone: '本片区的', myCampus: '本院区的', hospital: '全院的' } as const satisfies Partial<Record<Extract<Scope, string>, string>> // prettier-ignore
export interface GrantDesign {
  role: string
  actions: (keyof typeof grantActions)[]
  scope: keyof typeof grantScopes
  hide?: string[]
  readOnly?: string[]
  require?: string[]
}
/** A record type of the hospital's own. Everything a module's declaration says, as data. */
export interface TypeDesign {
  label: string
  help?: string
  icon?: string
  /** In which group of the menu it stands. */
  menu: string
  title: string
  owner: { person?: string; department?: string }
  fields: FieldDesign[]
  groups: Group[]
  list: { columns: string[]; filters: string[]; sort: string[]; views: NonNullable<ListSpec['views']>[number][] }
  unique: string[][]
  rules: { at: string; holds: string; message: string }[]
  /** A new record and its changes pass an approval, which is drawn like any other. */
  approval: boolean
  /** The sub-table whose rows are decided one by one. */
  items?: string
  limits?: Limits
  buttons: ActionButton[]
  grants: GrantDesign[]
}

/** The schema of own types. */
export const ownModule = 'custom'
export const isOwnType = (name: string): boolean => /^custom\.t[a-z0-9]{6,12}$/.test(name)
/** Whether a piece is the hospital's own from its beginning, and nothing of the product lies below it. */
export const isOwnDesign = (name: string): boolean => name.startsWith(`${ownModule}.`)
export const newTypeName = (random: () => number = Math.random): string =>
  `custom.t${Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('')}`
/** The flow that an own type's records pass, until the hospital draws it otherwise. */
export const ownFlowOf = (type: string): string => `${type}Flow`

/** A type as it comes from outside. */
export function readType(given: unknown): TypeDesign {
  const reader = new Reader()
  const from = reader.object(given, '')
  const fields = readFields(reader, from['fields'], 'fields')
  if (fields.length === 0) reader.say('fields', '至少一个字段')
  const owner = from['owner'] === undefined ? {} : reader.object(from['owner'], 'owner')
  const list = from['list'] === undefined ? {} : reader.object(from['list'], 'list')
  const type: TypeDesign = {
    label: reader.text(from['label'], 'label', { max: longestLabel, needed: '请填写名称' }),
    ...compact({
      help: reader.text(from['help'], 'help', { max: 1000 }),
      icon: reader.text(from['icon'], 'icon', { max: 40 }),
      items: reader.text(from['items'], 'items', { max: 60 }),
    }),
    menu: reader.text(from['menu'], 'menu', { max: 30 }) || '自建应用',
    title: reader.text(from['title'], 'title', { max: 60 }) || (fields.find(({ kind }) => kind === 'text') ?? fields[0])?.key || '',
    owner: compact({
      person: reader.text(owner['person'], 'owner.person', { max: 60 }) || 'createdBy',
      department: reader.text(owner['department'], 'owner.department', { max: 60 }),
    }),
    fields,
    groups: readGroups(reader, from['groups'], 'groups'),
    list: {
      columns: reader.words(list['columns'], 'list.columns', 60),
      filters: reader.words(list['filters'], 'list.filters', 30),
      sort: reader.words(list['sort'], 'list.sort', 5),
      views: readViews(reader, list['views'], 'list.views'),
    },
    unique: reader.list(from['unique'], 'unique', 10).map((keys, n) => reader.words(keys, `unique.${n}`, 8)),
    rules: readRules(reader, from['rules'], 'rules'),
    approval: reader.boolean(from['approval'], 'approval'),
    ...compact({ limits: readLimits(reader, from['limits'], 'limits') }),
    buttons: readButtons(reader, from['buttons'], 'buttons'),
    grants: readGrants(reader, from['grants'], 'grants'),
  }
  reader.done()
  return type
}
export function readGroups(reader: Reader, given: unknown, at: string): Group[] {
  return reader.list(given, at, 100).map((one, n): Group => {
    const place = `${at}.${n}`
    const from = reader.object(one, place)
    const tab = reader.text(from['tab'], `${place}.tab`, { max: 20 })
    const fields = reader.list(from['fields'], `${place}.fields`, mostFields).flatMap((part, m): Group['fields'] => {
      if (typeof part === 'string' && part.length <= 60) return [part]
      if (isObject(part) && typeof part['note'] === 'string')
        return [{ note: reader.text(part['note'], `${place}.fields.${m}`, { max: 2000 }) }]
      if (isObject(part) && typeof part['divider'] === 'string')
        return [{ divider: reader.text(part['divider'], `${place}.fields.${m}`, { max: 60 }) }]
      reader.say(`${place}.fields.${m}`, '格式不对')
      return []
    })
    return { label: reader.text(from['label'], `${place}.label`, { max: 30 }), fields, ...(tab ? { tab } : {}) }
  })
}
function readViews(reader: Reader, given: unknown, at: string): TypeDesign['list']['views'] {
  return reader.list(given, at, 20).flatMap((one, n) => {
    const from = reader.object(one, `${at}.${n}`)
    const filter = readFilter(from['filter'])
    if (!filter) reader.say(`${at}.${n}.filter`, '筛选条件无法识别')
    const columns = reader.words(from['columns'], `${at}.${n}.columns`, 60)
    const label = reader.text(from['label'], `${at}.${n}.label`, { max: 20, needed: '请填写名称' })
    return filter
      ? [
          {
            name: reader.text(from['name'], `${at}.${n}.name`, { max: 20 }) || `v${n}`,
            label,
            filter,
            ...(columns.length ? { columns } : {}),
          },
        ]
      : []
  })
}
export function readRules(reader: Reader, given: unknown, at: string): TypeDesign['rules'] {
  return reader.list(given, at, 50).map((one, n) => {
    const from = reader.object(one, `${at}.${n}`)
    const word = (key: string, max: number, needed: string) => reader.text(from[key], `${at}.${n}.${key}`, { max, needed })
    return {
      at: word('at', 60, '请选择在哪个字段提示'),
      holds: word('holds', 2000, '请填写条件'),
      message: word('message', 200, '请填写不满足时的提示'),
    }
  })
}
function readGrants(reader: Reader, given: unknown, at: string): GrantDesign[] {
  return reader.list(given, at, 100).map((one, n) => {
    const place = `${at}.${n}`
    const from = reader.object(one, place)
    const actions = reader.words(from['actions'], `${place}.actions`, 10)
    for (const action of actions) reader.oneOf(action, `${place}.actions`, grantActions)
    return {
      role: reader.text(from['role'], `${place}.role`, { max: 60, needed: '请选择角色' }),
      actions: Object.keys(grantActions).filter((action) => actions.includes(action)) as GrantDesign['actions'],
      scope: reader.oneOf(from['scope'], `${place}.scope`, grantScopes) ?? 'own',
      ...readFieldRules(reader, from, place),
    }
  })
}
export const readFieldRules = (
  reader: Reader,
  from: Readonly<Record<string, unknown>>,
  at: string,
): Pick<GrantDesign, 'hide' | 'readOnly' | 'require'> =>
  compact({
    hide: reader.words(from['hide'], `${at}.hide`, mostFields),
    readOnly: reader.words(from['readOnly'], `${at}.readOnly`, mostFields),
    require: reader.words(from['require'], `${at}.require`, mostFields),
  })

/** The resource that a design declares. */
export function resourceOf(name: string, design: TypeDesign): Resource {
  const { label, help, title, owner, groups, list, unique, rules, items, approval, limits, buttons } = design
  return resource(name as `${string}.${string}`, {
    label,
    title,
    owner,
    fields: fieldsOf(design.fields),
    ...(help ? { help } : {}),
    ...(groups.length ? { groups } : {}),
    ...(unique.length ? { unique } : {}),
    indexes: indexesOf(design.fields),
    ...(rules.length ? { rules } : {}),
    ...(items ? { items } : {}),
    ...(limits ? { limits } : {}),
    ...(buttons?.length ? { buttons } : {}),
    ...(approval ? { approval: ownFlowOf(name) } : {}),
    list: compact({ ...list, columns: list.columns.length ? list.columns : design.fields.slice(0, 6).map(({ key }) => key) }),
  })
}
const rulesOf = ({ hide, readOnly, require }: Pick<GrantDesign, 'hide' | 'readOnly' | 'require'>): FieldRules =>
  compact({ hide, readOnly, require })
/** The rights that a design gives. Whoever writes a type under approval writes it by asking. */
export const grantsOf = (name: string, design: TypeDesign): [role: string, grant: Grant][] =>
  design.grants
    .filter(({ actions }) => actions.length > 0)
    .map((one) => [
      one.role,
      Object.freeze({
        on: name,
        actions: one.actions,
        scope: one.scope,
        ...(Object.keys(rulesOf(one)).length ? { fields: rulesOf(one) } : {}),
      }),
    ])
/** Its flow, where it has one. */
export const flowOfType = (name: string, design: TypeDesign) =>
  design.approval ? [fillFlow<Filter>(ownFlowOf(name), design.label, design.items)] : []
/** Every key that a layout names. */
export const laidOut = (groups: readonly Group[]): string[] => groups.flatMap(keysOf)
