import { buttonProblems } from './buttons/prove.ts'
import { limitProblems } from './limits/prove.ts'
import { proveWords } from './approval-words.ts'
import { checkExpression } from './expression/expression.ts'
import { resolveDerived, proveDerived } from './derived.ts'
import { classOf, fieldOrColumn, isProtected } from './fields/classes.ts'
import type { Field, Fields, OnDelete } from './fields/field.ts'
import { isTotalled } from './fields/totals.ts'
import { kindOf } from './fields/kinds.ts'
import { pathsOf, type Filter } from './filter/filter.ts'
import type { Flow } from './flow/definition.ts'
import type { Module, RoleSpec, Scope } from './module.ts'
import { proveIdOf, resolveNames } from './names-of.ts'
import type { DeclaredPage } from './pages/page.ts'
import { provePage } from './pages/prove.ts'
import { Refusal } from './refusals.ts'
import { proveChoices } from './prove-choices.ts'
import type { Reminder } from './reminders/definition.ts'
import { reminderProblems } from './reminders/prove.ts'
import { proveEmergency } from './security/emergency.ts'
import { provePublicForm } from './sharing.ts'
import { proveTimeline, timelinesOf, type Timeline } from './timeline/timeline.ts'
import { envelopeKinds, keysOf, type EnvelopeKey, type Owner, type Resource } from './resource.ts'

/** A resource with what it inherits. `table` is the resource that owns the table. */
export interface ResolvedResource extends Omit<Resource, 'fields' | 'owner'> {
  readonly table: string
  /** All fields of the row seen under this name: inherited first. */
  readonly fields: Fields
  readonly ownFields: Fields
  readonly owner: Owner
}
/** The path to the unit that a record counts to: its own, or the one where the person stands today to whom it belongs; undefined where there is neither. */
export const unitPathOf = ({ owner, fields }: Pick<ResolvedResource, 'owner' | 'fields'>): string | undefined =>
  owner.department ?? (owner.person && owner.person !== 'id' && Object.hasOwn(fields, owner.person) ? `${owner.person}.unit` : undefined)
/** Where a path through references ends. */
export interface ResolvedPath {
  /** One element per reference followed: the field and the resource it leads to. */
  readonly hops: readonly { readonly key: string; readonly target: string }[]
  readonly key: string
  readonly resource: string
  /** Absent for envelope fields. */
  readonly field?: Field
  readonly kind: Field['kind']
}

/** The effective definitions: every resource, flow, role and menu of the running program. */
export class Definitions {
  readonly modules: readonly Module[]
  readonly roles: ReadonlyMap<string, RoleSpec>
  readonly flows: ReadonlyMap<string, Flow<Filter>>
  readonly resources: ReadonlyMap<string, ResolvedResource>
  /** What modules declare, by name. */
  readonly reminders: ReadonlyMap<string, Reminder>
  /** Pages that modules declare, by name. */
  readonly pages: ReadonlyMap<string, DeclaredPage>
  /** Table owner → all fields of its table, those of its extensions included. */
  readonly tables: ReadonlyMap<string, Fields>
  /** Table owner → what of its rows holds from a day on. */
  readonly timelines: ReadonlyMap<string, Timeline>

  constructor(modules: readonly Module[], roles: readonly RoleSpec[] = []) {
    this.modules = modules
    this.roles = new Map(roles.map((r) => [r.name, r]))
    this.flows = new Map(modules.flatMap((m) => m.flows ?? []).map((f) => [f.name, f]))
    const declared = new Map(modules.flatMap((m) => m.resources ?? []).map((r) => [r.name, r]))
    this.resources = resolveNames(
      resolveDerived(new Map([...declared.values()].map((r) => [r.name, resolveResource(r, declared)]))),
      modules,
      roles,
    )
    this.reminders = new Map(modules.flatMap((m) => m.remind ?? []).map((one) => [one.name, one]))
    this.pages = new Map(modules.flatMap((m) => m.pages ?? []).map((one) => [one.name, one]))
    const tables = new Map<string, Fields>()
    for (const r of this.resources.values()) tables.set(r.table, { ...tables.get(r.table), ...r.ownFields })
    this.tables = tables
    this.timelines = timelinesOf(this.resources.values())
  }

  /** The resource of this name; refuses an unknown one. */
  resource(name: string): ResolvedResource {
    const found = this.resources.get(name)
    if (!found) throw new Refusal('unknownResource', `没有“${name}”这种记录`)
    return found
  }
  flow(name: string): Flow<Filter> {
    const found = this.flows.get(name)
    if (!found) throw new Error(`unknown flow ${name}`)
    return found
  }

  /** The record types that declare this flow for their records or for changes of them. */
  guardedBy(flow: string): ResolvedResource[] {
    return [...this.resources.values()].filter(
      (r) => r.approval === flow || Object.values(r.changes ?? {}).some((group) => group.flow === flow),
    )
  }
  /** Follows a path such as `practitioner.title` from a resource; null when it does not exist. */
  path(resourceName: string, path: string): ResolvedPath | null {
    const keys = path.split('.')
    const hops: { key: string; target: string }[] = []
    let at = this.resources.get(resourceName)
    for (const key of keys.slice(0, -1)) {
      const field = at?.fields[key]
      const target = field && 'target' in field.options ? (field.options as { target: string }).target : undefined
      if (!target || field?.kind === 'references') return null
      hops.push({ key, target })
      at = this.resources.get(target)
    }
    const key = keys.at(-1)!
    const field = at && Object.hasOwn(at.fields, key) ? at.fields[key] : undefined
    if (at && field) return { hops, key, resource: at.name, field, kind: field.kind }
    return at && Object.hasOwn(envelopeKinds, key) ? { hops, key, resource: at.name, kind: envelopeKinds[key as EnvelopeKey] } : null
  }

  /** Proves every name, path, filter and expression of every declaration; each problem names file and field. Empty when all is well. */
  prove(): string[] {
    const problems: string[] = [...proveDerived(this)]
    for (const r of this.resources.values()) proveResource(this, r, (where, what) => problems.push(`${r.name}: ${where}: ${what}`))
    proveEmergency(this, (where, what) => problems.push(`${where}: ${what}`))
    for (const flow of this.flows.values())
      for (const r of this.guardedBy(flow.name))
        for (const { path, message } of proveWords(this, r, flow)) problems.push(`flow ${flow.name}: ${path}: ${message}`)
    for (const m of this.modules) proveModule(this, m, (where, what) => problems.push(`module ${m.name}: ${where}: ${what}`))
    return problems
  }
}

function resolveResource(r: Resource, declared: ReadonlyMap<string, Resource>): ResolvedResource {
  const base = r.extends ? declared.get(r.extends) : undefined
  return {
    ...r,
    table: base?.name ?? r.name,
    // Without a prototype: `toString`, asked for as a field, is none.
    fields: Object.assign(Object.create(null) as Fields, base?.fields, r.fields),
    ownFields: r.fields,
    owner: r.owner ?? base?.owner ?? {},
    ...(base?.closing ? { closing: base.closing } : {}),
    ...(base?.retention ? { retention: base.retention } : {}),
  }
}

/** Names that CEL keeps for types and literals: a field called so would break every expression of its resource. */
const celWords = new Set([
  'bool',
  'bytes',
  'double',
  'dyn',
  'duration',
  'false',
  'float',
  'in',
  'int',
  'list',
  'map',
  'null',
  'size',
  'string',
  'timestamp',
  'true',
  'type',
  'uint',
])

type Report = (where: string, what: string) => void

function proveResource(defs: Definitions, r: ResolvedResource, report: Report): void {
  const needPath = (where: string, path: string) => {
    if (!defs.path(r.name, path)) report(where, `no field "${path}"`)
  }
  if (!/^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*$/.test(r.name)) report('name', 'must be "module.noun" in camel case')
  for (const what of ['closing', 'retention'] as const)
    if (r.extends && declares(defs, r.name, what)) report(what, 'belongs to the type that it extends')
  if (r.extends && r.table === r.name) report('extends', `no resource "${r.extends}"`)
  if (!Object.hasOwn(r.fields, r.title)) report('title', `no field "${r.title}"`)
  if (r.approval && !defs.flows.has(r.approval)) report('approval', `no flow "${r.approval}"`)
  for (const [name, group] of Object.entries(r.changes ?? {})) {
    if (!r.approval) report(`changes.${name}`, 'a record without approval is changed directly')
    if (!defs.flows.has(group.flow)) report(`changes.${name}`, `no flow "${group.flow}"`)
    for (const key of group.fields) if (!r.fields[key]) report(`changes.${name}`, `no field "${key}"`)
  }
  if (r.items && r.fields[r.items]?.kind !== 'rows') report('items', `"${r.items}" is no sub-table`)
  if (r.owner.person && r.owner.person !== 'id') needPath('owner.person', r.owner.person)
  if (r.owner.department && r.owner.department !== 'id') needPath('owner.department', r.owner.department)
  for (const g of r.groups ?? [])
    for (const key of keysOf(g)) if (!Object.hasOwn(r.fields, key)) report(`group ${g.label}`, `no field "${key}"`)
  for (const key of [...(r.unique ?? []), ...(r.indexes ?? [])].flat()) needPath('keys', key.replace(/^-/, ''))
  for (const key of (r.unique ?? []).flat())
    if (r.fields[key] && (kindOf(r.fields[key]).isNoKey || kindOf(r.fields[key]).isWriteOnly)) report('unique', `"${key}" can be no key`)
  for (const key of [...(r.list?.columns ?? []), ...(r.list?.filters ?? [])]) needPath('list', key)
  for (const key of r.list?.sort ?? []) needPath('list.sort', key.replace(/^-/, ''))
  for (const view of r.list?.views ?? [])
    for (const path of [...pathsOf(view.filter), ...(view.columns ?? [])]) needPath(`view ${view.name}`, path)
  for (const rule of r.rules ?? []) proveExpression(rule.holds, r.fields, `rule at ${rule.at}`, report)
  for (const { field, message } of [...limitProblems(defs, r), ...buttonProblems(defs, r)]) report(field, message)
  provePublicForm(defs, r, report)
  proveClosing(r, report)
  proveRetention(r, report)
  proveTimeline(r, report)
  proveFields(defs, r, r.ownFields, '', report)
}

const declares = (defs: Definitions, name: string, what: 'closing' | 'retention'): boolean =>
  defs.modules.some((m) => m.resources?.some((one) => one.name === name && one[what] !== undefined))
/** A period is a matter of the whole table: whoever extends it keeps to it. */
function proveClosing(r: ResolvedResource, report: Report): void {
  if (!r.closing || r.table !== r.name) return
  provePlainDay(r, r.closing.date, 'closing', report)
}
function provePlainDay(r: ResolvedResource, key: string, where: string, report: Report): void {
  const field = r.fields[key]
  if (!field) report(where, `no field "${key}"`)
  else if ((field.kind !== 'date' && field.kind !== 'dateTime') || isProtected(field) || field.derived)
    report(where, `"${key}" is no plain day`)
}
function proveRetention(r: ResolvedResource, report: Report): void {
  if (!r.retention || r.table !== r.name) return
  const { years, from, basis } = r.retention
  provePlainDay(r, from, 'retention.from', report)
  if (!Number.isInteger(years) || years < 1) report('retention.years', 'from 1')
  if (!basis.trim()) report('retention.basis', 'which rule asks for it?')
}

function proveFields(defs: Definitions, r: ResolvedResource, fields: Fields, prefix: string, report: Report): void {
  for (const [key, field] of Object.entries(fields)) {
    const at = prefix + key
    if (!/^[a-z][a-zA-Z0-9]*$/.test(key)) report(at, 'a key must be in camel case')
    if (celWords.has(key)) report(at, 'is a word of the expression language: choose another key')
    if (Object.hasOwn(envelopeKinds, key)) report(at, 'is the name of an envelope field')
    proveTarget(defs, field, (what) => report(at, what))
    proveChoices(defs, r, field, prefix ? fields : null, (what) => report(`${at}.among`, what))
    proveIdOf(fields, field, (what) => report(`${at}.idOf`, what))
    proveOnDelete(field, prefix !== '', (what) => report(`${at}.onDelete`, what))
    if (kindOf(field).isWriteOnly && (prefix !== '' || r.approval))
      report(at, 'a write-only field is neither decided on nor in a sub-table: whoever decides would see it')
    if (kindOf(field).holdsFiles && isProtected(field))
      report(at, 'files are not encrypted with the record: its class promises what is not kept')
    if (field.search && isProtected(field) && (field.kind !== 'text' || classOf(field) !== 'sensitive' || prefix !== ''))
      report(at, 'search: of protected fields only a sensitive text of the record itself is found by a part of it')
    if (field.subject && !isProtected(field)) report(at, 'subject: only of what is protected')
    if (field.subject === 'person' && !r.owner.person) report(at, 'subject: the rows belong to no person')
    if (field.from && !defs.path(r.name, field.from)) report(at, `from: no path "${field.from}"`)
    const copied = field.from ? defs.path(r.name, field.from)?.field : undefined
    if (copied && kindOf(copied).isWriteOnly) report(at, `from: "${field.from!}" is write-only`)
    const scope = prefix ? fields : r.fields
    if (field.visibleWhen) proveExpression(field.visibleWhen, scope, `${at}.visibleWhen`, report)
    if (field.requiredWhen) proveExpression(field.requiredWhen, scope, `${at}.requiredWhen`, report)
    if (field.kind === 'formula') proveExpression((field.options as { expression: string }).expression, scope, at, report)
    if (field.kind === 'rows') {
      const rowFields = (field.options as { fields: Fields }).fields
      proveTotals(field as Field<'rows'>, (what) => report(`${at}.totals`, what))
      if (prefix) report(at, 'a sub-table within a sub-table is not supported')
      else proveFields(defs, r, rowFields, `${key}.`, report)
    }
  }
}

function proveTarget(defs: Definitions, field: Field, report: (what: string) => void): void {
  const { target, parent } = field.options as { target?: string; parent?: string }
  if (target === undefined) return
  const found = defs.resources.get(target)
  if (!found) report(`no resource "${target}"`)
  else if (parent !== undefined && (found.fields[parent]?.options as { target?: string } | undefined)?.target === undefined)
    report(`parent: "${parent}" of ${target} names no record`)
}
function proveTotals({ options: { fields, totals = {} } }: Field<'rows'>, report: (what: string) => void): void {
  for (const [key, how] of Object.entries(totals))
    if (!fields[key]) report(`no column "${key}"`)
    else if (how !== 'count' && !isTotalled(fields[key])) report(`${how} of a ${fields[key].kind}`)
}
function proveOnDelete(field: Field, isInRow: boolean, report: (what: string) => void): void {
  const { onDelete } = field.options as { onDelete?: OnDelete }
  if (onDelete === 'clear' && field.required) report('a required reference cannot be emptied')
  if (onDelete === 'withParent' && (isInRow || field.kind === 'references'))
    report('only a record with one such reference can be deleted along')
}

function proveExpression(text: string, fields: Fields, where: string, report: Report): void {
  const problem = checkExpression(text, fields)
  if (problem) report(where, `expression "${text}": ${problem}`)
}

function proveModule(defs: Definitions, m: Module, report: Report): void {
  const knownRights = new Set(defs.modules.flatMap((other) => Object.keys(other.rights ?? {})))
  for (const name of m.dependsOn ?? []) if (!defs.modules.some((other) => other.name === name)) report('dependsOn', `no module "${name}"`)
  for (const [roleName, grants] of Object.entries(m.roles ?? {})) {
    if (!defs.roles.has(roleName)) report('roles', `no role "${roleName}"`)
    for (const g of grants) {
      const r = defs.resources.get(g.on)
      if (!r && !knownRights.has(g.on)) report(`role ${roleName}`, `no resource or right "${g.on}"`)
      if (r) proveScope(r, g.scope, (what) => report(`role ${roleName}`, `${g.on}: ${what}`), defs)
      const { hide = [], mask = [], readOnly = [], require = [], show = [], open = [] } = g.fields ?? {}
      const given = (...lists: (readonly string[] | 'all')[]) => lists.flatMap((keys) => (keys === 'all' ? [] : keys))
      for (const key of given(hide, readOnly, require))
        if (r && !Object.hasOwn(r.fields, key)) report(`role ${roleName}`, `${g.on}: no field "${key}"`)
      // Columns of sub-tables are masked, shown and opened one by one.
      for (const key of given(mask, show, open))
        if (r && !fieldOrColumn(r.fields, key)) report(`role ${roleName}`, `${g.on}: no field "${key}"`)
    }
  }
  for (const entry of (m.menu ?? []).flatMap((g) => g.entries)) {
    if (entry.kind === 'list' && !defs.resources.has(entry.resource)) report('menu', `no resource "${entry.resource}"`)
    if (entry.kind === 'page' && !knownRights.has(entry.right)) report('menu', `no right "${entry.right}"`)
  }
  for (const one of m.pages ?? []) for (const { field, message } of provePage(defs, one)) report(`page ${one.name}`, `${field}: ${message}`)
  for (const one of m.remind ?? [])
    for (const { field, message } of reminderProblems(defs, one)) report(`remind ${one.name}`, `${field}: ${message}`)
}

function proveScope(r: ResolvedResource, scope: Scope, report: (what: string) => void, defs: Definitions): void {
  if (scope === 'hospital') return
  if (scope === 'own') {
    if (!r.owner.person) report('scope "own" needs owner.person')
  } else if (typeof scope === 'string') {
    if (!unitPathOf(r)) report(`scope "${scope}" needs owner.department`)
  } else for (const path of pathsOf(scope)) if (!defs.path(r.name, path)) report(`scope: no field "${path}"`)
}
