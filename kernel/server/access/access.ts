import {
  both,
  is,
  nothing,
  protectedKeys,
  Refusal,
  unitPathOf,
  where,
  type Action,
  type Definitions,
  type FieldRules,
  type Filter,
  type Grant,
  type ResolvedResource,
  type Scope,
} from '#model'
import { closedFields, type ClosedFields } from './field-rules.ts'
import type { Actor } from '../context.ts'
import type { ClientFields } from './clients/client.ts'

/** The answer of `can`: which rows, and how their fields are to be treated. */
export interface Permission extends ClosedFields {
  /** Null: every row. */
  readonly filter: Filter | null
  /** The emergency access by which alone a record is open. */
  readonly emergency?: string
}
const none: ReadonlySet<string> = new Set()
const unlimited: Permission = { filter: null, hidden: none, masked: none, openable: none, readOnly: none }

/** Answers every question of rights from the roles' grants. Asked by the records path and by routes; nobody else re-implements it. */
export class Access {
  private readonly grants = new Map<string, Grant[]>()
  private readonly everyone: string[]
  private readonly known = new Map<string, Permission | null>()
  readonly defs: Definitions

  constructor(defs: Definitions) {
    this.defs = defs
    this.everyone = [...defs.roles.values()].filter((r) => r.everyone).map((r) => r.name)
    for (const m of defs.modules)
      for (const [role, grants] of Object.entries(m.roles ?? {})) for (const g of grants) this.add(`${role}\n${g.on}`, g)
  }
  private add(key: string, grant: Grant): void {
    const list = this.grants.get(key)
    if (list) list.push(grant)
    else this.grants.set(key, [grant])
  }
  /** What a role was granted over a record type or a right, as declared. */
  grantsOf(role: string, on: string): readonly Grant[] {
    return this.grants.get(`${role}\n${on}`) ?? []
  }
  rolesOf(actor: Actor): readonly string[] {
    return actor.kind === 'person' ? [...new Set([...this.everyone, ...actor.roles])] : []
  }

  /** May the actor do this with this kind of record? Null is no. */
  can(actor: Actor, action: Action, resource: string): Permission | null {
    if (actor.kind === 'system') return unlimited
    if (actor.kind === 'client')
      return actor.rights.has(`${action}:${resource}`) ? forClient(this.defs.resource(resource), actor.fields.get(resource)) : null
    const key = `${actor.roles.join()}\n${action}\n${resource}`
    let found = this.known.get(key)
    if (found === undefined) {
      found = this.derive(this.rolesOf(actor), action, this.defs.resource(resource))
      this.known.set(key, found)
    }
    return found
  }
  /** Does this right of his reach beyond what is his own? */
  reachesOthers(actor: Actor, action: Action, resource: string): boolean {
    if (actor.kind !== 'person') return this.can(actor, action, resource) !== null
    return this.rolesOf(actor).some((role) => this.grantsOf(role, resource).some((g) => g.actions.includes(action) && g.scope !== 'own'))
  }
  /** The same, as a refusal when the answer is no. */
  need(actor: Actor, action: Action, resource: string): Permission {
    const permission = this.can(actor, action, resource)
    if (!permission) throw new Refusal('noRight', `没有${actionLabels[action]}“${this.defs.resource(resource).label}”的权限`)
    return permission
  }
  /** A right that is no record's. */
  mayUse(actor: Actor, right: string): boolean {
    if (actor.kind === 'system') return true
    if (actor.kind === 'client') return actor.rights.has(right)
    return this.rolesOf(actor).some((role) => this.grantsOf(role, right).some((g) => g.actions.includes('use')))
  }
  /** Which rows a right that is no record's reaches, over a resource whose owner fields it is read against. Null: every row. */
  scopeOf(actor: Actor, right: string, resource: string): Filter | null {
    if (actor.kind !== 'person') return null
    const grants = this.rolesOf(actor).flatMap((role) => this.grantsOf(role, right))
    return scopesFilter(this.defs.resource(resource), grants)
  }
  needUse(actor: Actor, right: string): void {
    if (!this.mayUse(actor, right)) throw new Refusal('noRight')
  }
  rightsOf(actor: Actor): string[] {
    return this.defs.modules.flatMap((m) => Object.keys(m.rights ?? {})).filter((right) => this.mayUse(actor, right))
  }

  /** The rules under which somebody without a right of his own sees or writes a record that he was given: what any role hides, masks or locks is so for him. */
  strictest(resource: string): Permission {
    const r = this.defs.resource(resource)
    const all = this.defs.modules.flatMap((m) => Object.values(m.roles ?? {}).flat()).filter((g) => g.on === resource)
    const any = (pick: (rules: FieldRules) => readonly string[] | undefined) => all.flatMap((g) => pick(g.fields ?? {}) ?? [])
    const hidden = new Set(any((rules) => rules.hide))
    const masked = new Set([...any((rules) => rules.mask), ...maskedFor(r).masked])
    // What he does not see he does not overwrite.
    return { filter: null, hidden, masked, openable: none, readOnly: new Set([...any((rules) => rules.readOnly), ...hidden, ...masked]) }
  }

  /** What these roles together allow, and no others: `can` is this for the roles that somebody holds. */
  derive(roles: readonly string[], action: Action, r: ResolvedResource): Permission | null {
    const grants = roles.flatMap((role) => this.grantsOf(role, r.name)).filter((g) => g.actions.includes(action))
    if (grants.length === 0) return null
    return { filter: scopesFilter(r, grants), ...closedFields(r, grants) }
  }
}

function scopesFilter(r: ResolvedResource, grants: readonly Grant[]): Filter | null {
  if (grants.some((g) => g.scope === 'hospital')) return null
  const scopes = grants.map((g) => scopeFilter(r, g.scope))
  return scopes.length === 1 ? scopes[0]! : { or: scopes }
}
/** What a scope means over this resource's owner fields. */
function scopeFilter(r: ResolvedResource, scope: Scope): Filter {
  const { person } = r.owner
  const department = unitPathOf(r)
  if (scope === 'hospital') return both()
  if (scope === 'own') return person ? is(person, { my: 'person' }) : nothing
  if (typeof scope !== 'string') return scope
  if (!department) return nothing
  return where(department, 'under', { my: scope === 'myUnits' ? 'units' : scope === 'myZone' ? 'zone' : 'campus' })
}
/** A program sees protected fields masked but for those it was given plainly; what is hidden from it, it does not write either. */
function forClient(r: ResolvedResource, fields: ClientFields | undefined): Permission {
  const permission = maskedFor(r)
  if (!fields) return permission
  const hidden = new Set(fields.hidden)
  return {
    ...permission,
    hidden,
    masked: new Set(
      [...permission.masked].filter((key) => ![key, key.split('.')[0]!].some((one) => fields.plain.includes(one) || hidden.has(one))),
    ),
    readOnly: hidden,
  }
}
function maskedFor(r: ResolvedResource): Permission {
  return { ...unlimited, masked: new Set(protectedKeys(r.fields)) }
}
export const actionLabels: Record<Action, string> = {
  read: '查看',
  create: '新增',
  update: '修改',
  delete: '删除',
  import: '导入',
  export: '导出',
  purge: '彻底删除',
  audit: '审计',
  writeDirectly: '直接写入',
  close: '封账',
}
