/** What the roles gave at one time, complete in itself: told apart by keys, said in the words of that time. */
export interface StoredRights {
  /** Role → label. */
  roles: Record<string, string>
  /** Record type or right → label. */
  on: Record<string, string>
  /** How each action is called. */
  actions: Record<string, string>
  /** Scope → words; a scope is its name, or its filter as text. */
  scopes: Record<string, string>
  /** `type.field` → label. */
  fields: Record<string, string>
  /** Role → record type or right → what it gives. */
  grants: Record<string, Record<string, StoredGrant>>
}
export interface StoredGrant {
  /** Action → scopes. */
  acts: Record<string, string[]>
  /** Rule → fields. */
  rules: Partial<Record<FieldRule, string[]>>
}
export const fieldRules = { hide: '隐藏', mask: '打码', show: '敏感项明文', open: '逐个查看', readOnly: '只读', require: '必填' } as const
export type FieldRule = keyof typeof fieldRules
/** Stands for all fields in a rule. */
export const everyField = '*'

export interface RightsChange {
  kind: 'given' | 'taken' | 'changed'
  /** 给了“科主任”：查看、导出“人员”（本科室及下级） */
  words: string
}

/** What lies between two times, in words: role by role, type by type. */
export function rightsDifference(before: StoredRights, after: StoredRights): RightsChange[] {
  const said = new Words(before, after)
  return union(after.roles, before.roles).flatMap((role) => {
    const [had, has] = [before.grants[role] ?? {}, after.grants[role] ?? {}]
    const changes = union(had, has).flatMap((on) => grantDifference(said, role, on, had[on] ?? nothing, has[on] ?? nothing))
    if (!(role in before.roles)) return [{ kind: 'given' as const, words: `新增角色“${said.role(role)}”` }, ...changes]
    return role in after.roles ? changes : [{ kind: 'taken' as const, words: `取消角色“${said.role(role)}”` }, ...changes]
  })
}
const nothing: StoredGrant = { acts: {}, rules: {} }
const union = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])]

function grantDifference(said: Words, role: string, on: string, had: StoredGrant, has: StoredGrant): RightsChange[] {
  const actions = union(had.acts, has.acts)
  const whole = (kind: 'given' | 'taken', from: StoredGrant, other: StoredGrant): RightsChange[] => {
    const some = actions.filter((action) => action in from.acts && !(action in other.acts))
    return [...Map.groupBy(some, (action) => said.scopes(from.acts[action]!))].map(([scope, own]) => ({
      kind,
      words: `${kind === 'given' ? '给了' : '收了'}“${said.role(role)}”：${own.map((one) => said.action(one)).join('、')}“${said.on(on)}”（${scope}）`,
    }))
  }
  const moved = actions.flatMap((action): RightsChange[] => {
    const [a, b] = [had.acts[action], has.acts[action]]
    if (!a || !b || isSame(a, b)) return []
    return [{ kind: 'changed', words: `“${said.role(role)}”${said.action(action)}“${said.on(on)}”：范围由 ${said.scopes(a)} 改为 ${said.scopes(b)}` }] // prettier-ignore
  })
  return [...whole('given', has, had), ...whole('taken', had, has), ...moved, ...ruleDifference(said, role, on, had, has)]
}
function ruleDifference(said: Words, role: string, on: string, had: StoredGrant, has: StoredGrant): RightsChange[] {
  return (Object.keys(fieldRules) as FieldRule[]).flatMap((rule) => {
    const [a, b] = [had.rules[rule] ?? [], has.rules[rule] ?? []]
    const line = (fields: string[], what: string): RightsChange[] =>
      fields.length ? [{ kind: 'changed', words: `“${said.role(role)}”的“${said.on(on)}”：字段 ${fields.map((key) => said.field(on, key)).join('、')} ${what}` }] : [] // prettier-ignore
    return [
      ...line(b.filter((key) => !a.includes(key)), `改为${fieldRules[rule]}`),
      ...line(a.filter((key) => !b.includes(key)), `不再${fieldRules[rule]}`),
    ] // prettier-ignore
  })
}
const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one) => b.includes(one))

/** Names as the later one says them, else the earlier. */
class Words {
  private readonly both: readonly StoredRights[]
  constructor(before: StoredRights, after: StoredRights) {
    this.both = [after, before]
  }
  private find(part: 'roles' | 'on' | 'actions' | 'scopes' | 'fields', key: string): string {
    return this.both.map((one) => one[part][key]).find((words) => words !== undefined) ?? key
  }
  role = (name: string): string => this.find('roles', name)
  on = (name: string): string => this.find('on', name)
  action = (name: string): string => this.find('actions', name)
  scopes = (list: readonly string[]): string => list.map((one) => this.find('scopes', one)).join('、')
  field = (on: string, key: string): string => (key === everyField ? '全部敏感项' : this.find('fields', `${on}.${key}`))
}
