import { readsOf } from './expression/expression.ts'
import type { Definitions, ResolvedResource } from './definitions.ts'
import { isProtected } from './fields/classes.ts'
import type { Derived, Field, Fields } from './fields/field.ts'
import { kindOf } from './fields/kinds.ts'
import { decimal, integer } from './fields/factories.ts'
import { pathsOf, type Filter } from './filter/filter.ts'

type Resources = ReadonlyMap<string, ResolvedResource>
export type RollUp = Extract<Derived, { rollUp: unknown }>['rollUp']
const rollUpOf = (derived: Derived | undefined): RollUp | null => (derived && 'rollUp' in derived ? derived.rollUp : null)
const lookupOf = (derived: Derived | undefined): string | null => (derived && 'lookup' in derived ? derived.lookup : null)

/**
 * Gives every derived field the kind and the options of what it is derived from: from there on it is stored, shown, filtered and sorted like any field of
 * that kind. What leads nowhere stays text, and the proof names it.
 */
export function resolveDerived(resources: Resources): Resources {
  const all = new Map(resources)
  const open = new Set<string>()
  const settle = (name: string, key: string): Field | undefined => {
    const field = all.get(name)?.fields[key]
    const node = `${name}.${key}`
    if (!field?.derived || settled.has(node) || open.has(node)) return field
    open.add(node)
    const source = sourceOf(all, name, field.derived, settle)
    open.delete(node)
    settled.add(node)
    const effective = source ? shapedLike(field, source) : field
    replace(all, name, key, effective)
    return effective
  }
  const settled = new Set<string>()
  for (const r of resources.values()) for (const [key, field] of Object.entries(r.fields)) if (field.derived) settle(r.name, key)
  return all
}
function replace(all: Map<string, ResolvedResource>, name: string, key: string, field: Field): void {
  const r = all.get(name)!
  const own = Object.hasOwn(r.ownFields, key) ? { ownFields: { ...r.ownFields, [key]: field } } : {}
  all.set(name, { ...r, fields: { ...r.fields, [key]: field }, ...own })
}
const shapedLike = (field: Field, source: Field): Field => {
  const { onDelete: _, ...options } = source.options as { onDelete?: unknown }
  return Object.freeze({ ...field, kind: source.kind, options: Object.freeze(options) })
}

type Settle = (name: string, key: string) => Field | undefined
function sourceOf(all: Resources, name: string, derived: Derived, settle: Settle): Field | null {
  const path = lookupOf(derived)
  if (path !== null) {
    const keys = path.split('.')
    let at = name
    for (const key of keys.slice(0, -1)) {
      const target = (all.get(at)?.fields[key]?.options as { target?: string } | undefined)?.target
      if (target === undefined) return null
      at = target
    }
    return settle(at, keys.at(-1)!) ?? null
  }
  const { of, how, field } = rollUpOf(derived)!
  if (how === 'count') return integer('')
  const summed = field === undefined ? undefined : settle(of, field)
  if (!summed) return null
  if (how === 'average') return decimal('', 2)
  // The sum of whole numbers may pass what one of them may be.
  return how === 'sum' && kindOf(summed).schema(summed)['type'] === 'integer' ? decimal('', 0) : summed
}

/** A column that the system keeps, and what it is made of. */
export interface DerivedColumn {
  readonly resource: string
  readonly key: string
  readonly field: Field
  readonly derived: Derived
}

/** Fields that a derived field or a formula is made of, as `resource.key`. */
function sourcesOf(defs: Definitions, r: ResolvedResource, key: string, field: Field): string[] {
  const path = lookupOf(field.derived)
  if (path !== null) {
    const found = defs.path(r.name, path)
    return found ? [`${found.resource}.${found.key}`] : []
  }
  const roll = rollUpOf(field.derived)
  if (roll)
    return [roll.field ?? '', ...pathsOf((roll.where as Filter | undefined) ?? { and: [] })]
      .filter(Boolean)
      .map((one) => `${roll.of}.${one}`)
  if (field.kind !== 'formula') return []
  return readsOf((field.options as { expression: string }).expression, r.fields).filter((one) => one !== key).map((one) => `${r.name}.${one}`) // prettier-ignore
}

/** Formulas, lookups and roll-ups of all record types, each behind what it is made of; or the circle that forbids it. */
export function derivedOrder(defs: Definitions): { order: DerivedColumn[]; circle: string[] | null } {
  const order: DerivedColumn[] = []
  const state = new Map<string, 'open' | 'done'>()
  let circle: string[] | null = null
  const visit = (resource: string, key: string, way: string[]): void => {
    const r = defs.resources.get(resource)
    const field = r?.fields[key]
    const node = `${resource}.${key}`
    if (!r || !field || (!field.derived && field.kind !== 'formula') || state.get(node) === 'done') return
    if (state.get(node) === 'open') {
      circle ??= [...way.slice(way.indexOf(node)), node]
      return
    }
    state.set(node, 'open')
    for (const source of sourcesOf(defs, r, key, field)) {
      const cut = source.lastIndexOf('.')
      visit(source.slice(0, cut), source.slice(cut + 1), [...way, node])
    }
    state.set(node, 'done')
    if (field.derived) order.push({ resource, key, field, derived: field.derived })
  }
  for (const r of defs.resources.values()) for (const key of Object.keys(r.ownFields)) visit(r.name, key, [])
  return { order, circle }
}

/** What is wrong with the derived fields of all record types together. */
export function proveDerived(defs: Definitions): string[] {
  const { order, circle } = derivedOrder(defs)
  const problems = circle ? [`derived fields go in a circle: ${circle.join(' → ')}`] : []
  for (const r of defs.resources.values())
    for (const [key, field] of Object.entries(r.ownFields)) {
      const rows = (field.options as { fields?: Fields }).fields
      for (const [inner, column] of Object.entries(field.kind === 'rows' ? (rows ?? {}) : {}))
        if (column.derived) problems.push(`${r.name}: ${key}.${inner}: a row of a sub-table keeps nothing from other records`)
    }
  for (const { resource, key, derived } of order) {
    const say = (what: string) => problems.push(`${resource}: ${key}: ${what}`)
    const path = lookupOf(derived)
    if (path !== null) proveLookup(defs, resource, path, say)
    else proveRollUp(defs, resource, rollUpOf(derived)!, say)
  }
  return problems
}
function proveLookup(defs: Definitions, resource: string, path: string, say: (what: string) => void): void {
  const found = defs.path(resource, path)
  if (!found?.field || found.hops.length === 0) return say(`lookup: no path "${path}"`)
  const { field } = found
  const { isLong, schema } = kindOf(field)
  if (isLong || schema(field)['type'] === 'array' || schema(field)['type'] === 'object')
    say(`lookup: a field of kind ${field.kind} is not kept in another record`)
  if (isProtected(field)) say('lookup: what is protected is not kept twice')
}
function proveRollUp(defs: Definitions, resource: string, roll: RollUp, say: (what: string) => void): void {
  const child = defs.resources.get(roll.of)
  if (!child) return say(`roll-up: no resource "${roll.of}"`)
  const target = (child.fields[roll.by]?.options as { target?: string } | undefined)?.target
  const table = defs.resources.get(resource)?.table
  if (target === undefined || child.fields[roll.by]?.kind === 'references' || defs.resources.get(target)?.table !== table)
    say(`roll-up: "${roll.by}" of ${roll.of} does not name one ${resource}`)
  for (const path of pathsOf((roll.where as Filter | undefined) ?? { and: [] }))
    if (path.includes('.') || !defs.path(roll.of, path)) say(`roll-up: where: "${path}" is no field of ${roll.of} itself`)
  if (roll.how === 'count') return
  const summed = roll.field === undefined ? undefined : child.fields[roll.field]
  if (!summed) return say(`roll-up: no field "${roll.field ?? ''}" in ${roll.of}`)
  const { isNumber, operators } = kindOf(summed)
  if (isProtected(summed)) say('roll-up: what is protected is not summarised')
  if (roll.how === 'sum' || roll.how === 'average' ? !isNumber?.(summed) : !operators.includes('lt'))
    say(`roll-up: ${roll.how} of a ${summed.kind}`)
}
