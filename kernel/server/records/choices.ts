import { both, is, pathsOf, Refusal, where, type ChoicesAnswer, type Filter } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { readRow } from '../store/compiled.ts'
import { listSql } from '../store/list.ts'

/** Records to choose from, by name: whoever may point at a kind of record may see what its records are called, and nothing else of them. */
export async function chooseRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: { search: string; filter: Filter | null; limit: number },
): Promise<ChoicesAnswer> {
  const c = kernel.resource(name)
  if (!mayName(kernel, ctx, name)) throw new Refusal('noRight')
  const fields = new Set([c.r.title, ...(c.r.list?.columns ?? [])])
  // Only what the choice itself shows may be asked about, else the answer would leak the rest.
  if (
    query.filter &&
    pathsOf(query.filter).some(
      (path) =>
        !fields.has(path) && path !== 'id' && c.byKey.get(path)?.field.kind !== 'choice' && c.byKey.get(path)?.field.kind !== 'unit',
    )
  )
    throw new Refusal('badFilter')
  const leavers = c.r.table === 'directory.person' ? where('status', 'ne', 'left') : null
  const page = listSql(kernel.defs, c, kernel.world(ctx), {
    filter: both(query.filter, is('state', 'approved'), leavers),
    limit: Math.min(query.limit, 100),
    sort: c.hasSearch || !c.r.list?.sort ? [c.r.title] : c.r.list.sort,
    ...(query.search && c.hasSearch ? { search: query.search } : {}),
  })
  const rows = (await ctx.db.query(page.text, page.values)).slice(0, query.limit).map((row) => readRow(kernel.protector, c, row))
  return {
    options: rows.map((record) => ({
      id: record.id,
      title: String((record[c.r.title] as string | null) ?? ''),
      ...hintOf(ctx, c.r.table, record),
    })),
  }
}
/** Two people of one name are told apart by number and unit. */
function hintOf(ctx: Context, table: string, record: Readonly<Record<string, unknown>>): { hint?: string } {
  const hint =
    table === 'directory.person'
      ? [record['staffNumber'], ctx.directory.unitName(record['unit'] as string | null)]
      : table === 'directory.unit'
        ? [ctx.directory.unitName(record['parent'] as string | null)]
        : [record['code']]
  const text = hint.filter((part) => typeof part === 'string' && part).join(' · ')
  return text ? { hint: text } : {}
}

/** A kind of record may be named by everybody who may read it, or write something that refers to it. People and units may be named by all who signed in. */
function mayName(kernel: Kernel, ctx: Context, name: string): boolean {
  const { table } = kernel.defs.resource(name)
  if (table === 'directory.person' || table === 'directory.unit' || kernel.access.can(ctx.actor, 'read', name)) return true
  return [...kernel.defs.resources.values()].some(
    (r) =>
      (kernel.access.can(ctx.actor, 'create', r.name) ||
        kernel.access.can(ctx.actor, 'update', r.name) ||
        kernel.access.can(ctx.actor, 'read', r.name)) &&
      JSON.stringify(r.fields).includes(`"target":"${name}"`),
  )
}
