import { derivedOrder } from '#kernel/model/derived.ts'
import { pathsOf, readsOf, type Definitions, type Field, type Filter } from '#model'
import { columnOf, quote, tableOf } from '../store/naming.ts'
import { filterSql, type Statement } from '../store/sql.ts'

/** A table on the way of a lookup. */
export interface Hop {
  /** The record type whose table it is. */
  readonly table: string
  readonly sql: string
  /** The column that leads here from the one before. */
  readonly from: string
  /** The key of that column. */
  readonly key: string
  /** The key that is read here: the next reference, or the value itself. */
  readonly read: string
}
interface Common {
  readonly resource: string
  readonly key: string
  readonly field: Field
  /** The owner of the table that keeps it. */
  readonly table: string
  readonly sql: string
  readonly column: string
}
export interface Lookup extends Common {
  readonly kind: 'lookup'
  readonly hops: readonly Hop[]
  readonly value: string
}
export interface RollUp extends Common {
  readonly kind: 'rollUp'
  readonly child: string
  readonly childSql: string
  readonly by: string
  readonly byColumn: string
  /** Keys of the child that move the figure; its state and deletion always do. */
  readonly reads: ReadonlySet<string>
  /** The figure over children `c`. */
  figure(s: Statement): string
}
export type Kept = Lookup | RollUp

/** What is kept from other records, in the order in which it is worked out, and whom a change concerns. */
export interface DerivedPlan {
  readonly kept: readonly Kept[]
  /** Tables whose change may move something, or that keep something. */
  readonly concerned: ReadonlySet<string>
  /** Does this table keep anything? */
  readonly keeping: ReadonlySet<string>
  /** Formulas of a table's record types that read what is kept in it. */
  readonly formulas: ReadonlyMap<string, readonly { resource: string; keys: readonly string[] }[]>
}

const plans = new WeakMap<Definitions, DerivedPlan>()
export function derivedPlan(defs: Definitions): DerivedPlan {
  let plan = plans.get(defs)
  if (!plan) plans.set(defs, (plan = makePlan(defs)))
  return plan
}
function makePlan(defs: Definitions): DerivedPlan {
  const kept = derivedOrder(defs).order.map(({ resource, key, field, derived }): Kept => {
    const { table } = defs.resource(resource)
    const common = { resource, key, field, table, sql: tableOf(table), column: quote(columnOf(key, field)) }
    return 'lookup' in derived ? lookupOf(defs, common, derived.lookup) : rollUpOf(defs, common, derived.rollUp)
  })
  const keeping = new Set(kept.map((one) => one.table))
  const concerned = new Set([
    ...keeping,
    ...kept.flatMap((one) => (one.kind === 'lookup' ? one.hops.map((hop) => hop.table) : [one.child])),
  ])
  const formulas = new Map([...keeping].map((table) => [table, formulasOf(defs, table, new Set(kept.filter((one) => one.table === table).map((one) => one.key)))])) // prettier-ignore
  return { kept, concerned, keeping, formulas }
}

function lookupOf(defs: Definitions, common: Common, path: string): Lookup {
  const keys = path.split('.')
  const found = defs.path(common.resource, path)!
  let at = common.resource
  const hops = found.hops.map((hop, i): Hop => {
    const field = defs.resource(at).fields[hop.key]!
    at = hop.target
    const { table } = defs.resource(at)
    return { table, sql: tableOf(table), from: quote(columnOf(hop.key, field)), key: hop.key, read: keys[i + 1]! }
  })
  return { ...common, kind: 'lookup', hops, value: `h${hops.length}.${quote(columnOf(found.key, found.field!))}` }
}

const figures = { sum: 'sum', average: 'avg', min: 'min', max: 'max' } as const
function rollUpOf(
  defs: Definitions,
  common: Common,
  roll: { of: string; by: string; how: string; field?: string; where?: unknown },
): RollUp {
  const child = defs.resource(roll.of)
  const byColumn = quote(columnOf(roll.by, child.fields[roll.by]!))
  const summed = roll.field === undefined ? '' : `c.${quote(columnOf(roll.field, child.fields[roll.field]!))}`
  const [figure, cast] = roll.how === 'count' ? ['count(*)', '::int'] : [`${figures[roll.how as keyof typeof figures]}(${summed})`, '']
  const filter = (roll.where as Filter | undefined) ?? null
  return {
    ...common,
    kind: 'rollUp',
    child: child.table,
    childSql: tableOf(child.table),
    by: roll.by,
    byColumn,
    reads: new Set([roll.by, ...(roll.field === undefined ? [] : [roll.field]), ...(filter ? pathsOf(filter) : [])]),
    figure: (s) => `(${figure}${filter ? ` FILTER (WHERE ${filterSql(s, roll.of, filter, 'c')})` : ''})${cast}`,
  }
}

/** Figures of the same parents over the same children that stand next to each other: one reading of the children answers all. */
export function togetherIn(kept: readonly Kept[]): [Kept, ...Kept[]][] {
  const groups: [Kept, ...Kept[]][] = []
  for (const one of kept) {
    const last = groups.at(-1)
    const [first] = last ?? []
    const isAlike = one.kind === 'rollUp' && first?.kind === 'rollUp' && first.table === one.table && first.childSql === one.childSql && first.byColumn === one.byColumn // prettier-ignore
    if (isAlike) last!.push(one)
    else groups.push([one])
  }
  return groups
}

/** Formulas that read a kept field, or another such formula. */
function formulasOf(defs: Definitions, table: string, kept: ReadonlySet<string>): { resource: string; keys: string[] }[] {
  return [...defs.resources.values()].flatMap((r) => {
    if (r.table !== table) return []
    const moved = new Set(kept)
    const keys: string[] = []
    const formulas = Object.entries(r.fields).filter(([, field]) => field.kind === 'formula')
    for (let grew = true; grew;) {
      grew = false
      for (const [key, field] of formulas) {
        if (moved.has(key) || !readsOf((field.options as { expression: string }).expression, r.fields).some((read) => moved.has(read)))
          continue
        moved.add(key)
        keys.push(key)
        grew = true
      }
    }
    return keys.length ? [{ resource: r.name, keys }] : []
  })
}
