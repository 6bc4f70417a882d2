import { Refusal, type Definitions, type OnDelete, type PointingGroup } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { columnModel } from '../store/columns.ts'
import { childTableOf, columnOf, quote, tableOf } from '../store/naming.ts'
import { listRecords } from './read.ts'

/** A declared reference, seen from its target. */
export interface Pointer {
  /** The type whose records point, and the field; of a sub-table `rows.field`. */
  resource: string
  label: string
  field: string
  fieldLabel: string
  onDelete: OnDelete
  /** Several ids in one field: no foreign key keeps the target's row. */
  isMany: boolean
  /** FROM and condition over `p` (the record that points) for the target's id in $1. */
  from: string
}

const known = new WeakMap<Definitions, Map<string, Pointer[]>>()
/** Every declared reference to a table. */
export function pointersAt(defs: Definitions, table: string): readonly Pointer[] {
  let byTable = known.get(defs)
  if (!byTable) known.set(defs, (byTable = collect(defs)))
  return byTable.get(table) ?? []
}
function collect(defs: Definitions): Map<string, Pointer[]> {
  const byTable = new Map<string, Pointer[]>()
  for (const r of defs.resources.values()) {
    const table = tableOf(r.table)
    // A log is no holder of what it names, and has no index to find it by.
    if (defs.resource(r.table).log) continue
    for (const [key, field] of Object.entries(r.ownFields)) {
      const inner = field.kind === 'rows' ? (field.options as { fields: typeof r.fields }).fields : { [key]: field }
      for (const [name, f] of Object.entries(inner)) {
        // What is kept from another record holds nothing in place.
        if (f.derived) continue
        const { target, onDelete = 'keep' } = f.options as { target?: string; onDelete?: OnDelete }
        const isRow = field.kind === 'rows'
        const { sql, pointing = [] } = columnModel(f)
        const isMany = sql(f.options)?.endsWith('[]') === true
        const column = quote(columnOf(name, f))
        const own = target === undefined ? [] : [{ target, holds: (at: string) => (isMany ? `${at} @> ARRAY[$1::uuid]` : `${at} = $1::uuid`) }]
        for (const way of [...own, ...pointing]) {
        const to = defs.resources.get(way.target)?.table
        if (!to) continue
        const holds = way.holds(column)
        const from = isRow
          ? `${table} p WHERE p.id IN (SELECT c.parent FROM ${childTableOf(r.table, columnOf(key, field))} c WHERE c.${holds})`
          : `${table} p WHERE p.${holds}`
        const pointer = { resource: r.name, label: r.label, field: isRow ? `${key}.${name}` : key, fieldLabel: f.label, onDelete, isMany, from }
        byTable.set(to, [...(byTable.get(to) ?? []), pointer])
        }
      }
    }
  }
  return byTable
} // prettier-ignore

/** The ids of the records that point by this reference. */
export async function idsPointing(ctx: Pick<Context, 'db'>, pointer: Pointer, id: string, more: { deleted?: boolean; limit?: number } = {}): Promise<string[]> {
  const alive = more.deleted ? '' : ' AND p.deleted_at IS NULL'
  const rows = await ctx.db.query<{ id: string }>(`SELECT p.id FROM ${pointer.from}${alive} AND p.id <> $1::uuid ORDER BY p.id LIMIT ${more.limit ?? 100_000}`, [id])
  return rows.map((row) => row.id)
} // prettier-ignore

const countUpTo = 100
/** What points at a record, reference by reference: how many, and those that the asker may see by name. */
export async function pointingAt(
  kernel: Kernel,
  ctx: Context,
  table: string,
  id: string,
  which: (pointer: Pointer) => boolean = () => true,
  more: { deleted?: boolean } = {},
): Promise<PointingGroup[]> {
  const groups: PointingGroup[] = []
  for (const pointer of pointersAt(kernel.defs, table).filter(which)) {
    const ids = await idsPointing(ctx, pointer, id, { ...more, limit: countUpTo + 1 })
    if (ids.length === 0) continue
    const { resource, label, field, fieldLabel, onDelete } = pointer
    const records = await named(kernel, ctx, resource, ids.slice(0, 20))
    groups.push({ resource, label, field, fieldLabel, onDelete, count: Math.min(ids.length, countUpTo), isMore: ids.length > countUpTo, records })
  }
  return groups
} // prettier-ignore
async function named(kernel: Kernel, ctx: Context, resource: string, ids: string[]): Promise<PointingGroup['records']> {
  if (!kernel.access.can(ctx.actor, 'read', resource)) return []
  const { title, fields } = kernel.defs.resource(resource)
  const { rows, titles } = await listRecords(kernel, ctx, resource, {
    filter: { field: 'id', op: 'in', value: ids },
    columns: [title],
    limit: 5,
  })
  const target = (fields[title]?.options as { target?: string } | undefined)?.target
  const nameOf = (value: unknown): string => (target ? titles[target]?.[value as string] : undefined) ?? String((value as string) ?? '')
  return rows.map((row) => ({ id: row.id, title: nameOf(row[title]) }))
}

/** Refuses an act because of what points at the record, and says what that is. */
export function refusePointed(groups: readonly PointingGroup[], act: string): void {
  if (groups.length === 0) return
  const said = groups.map((g) => `“${g.label}”${g.count}${g.isMore ? ' 条以上' : ' 条'}`).join('、')
  throw new Refusal('referenced', `还有${said}引用它，不能${act}`, { pointing: groups })
}
