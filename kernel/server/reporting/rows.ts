import { isProtected,
  both, cellOf, isCondition, kindOf, mostReportRows, Refusal, referredBy, type Field, type Filter, type GatheredColumn, type Titles,
} from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { namesOf } from '../records/titles.ts'
import { Unreadable } from '../protection/subject-keys.ts'
import { columnModel, columnType, decode } from '../store/columns.ts'
import { mask } from '../store/compiled.ts'
import { conditionsOf } from '../store/list.ts'
import { columnOf, idOf, quote, snake } from '../store/naming.ts'
import { buffersIn } from '../store/opening.ts'
import { filterSql, Statement, type SqlWorld } from '../store/sql.ts'
import type { ResolvedGathered, ResolvedReport } from './resolve.ts'

export type ReportRow = { id: string } & Record<string, unknown>
/** So many gathered records are read for one column at most. */
const mostGathered = 200_000
const mostListed = 20

/** The records of the base with their own columns and those gathered for them: one statement for the base and one for each gathered column, over the whole set. */
export async function readRows(kernel: Kernel, ctx: Context, report: ResolvedReport): Promise<ReportRow[]> {
  const rows = await readBase(kernel, ctx, report)
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const one of report.gathered) await gather(kernel, ctx, one, report.fields[one.column.key]!, byId)
  return rows
}

async function readBase(kernel: Kernel, ctx: Context, report: ResolvedReport): Promise<ReportRow[]> {
  const { c, paths, spec } = report
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const select = paths.map(({ column: { path }, resource, scope }, at) => {
    const { sql, id, field } = s.column(c.r.name, path)
    const shown = scope ? `CASE WHEN ${filterSql(s, resource, scope, `t_${snake(path.split('.')[0]!)}`)} THEN ${sql} END` : sql
    return `, ${shown} AS "c${at}"${field && isProtected(field) ? `, ${id} AS "i${at}"` : ''}`
  })
  const where = conditionsOf(s, c, { filter: both(...report.scopes, parted(report).early) }).join(' AND ')
  const found = await ctx.db.query(
    `SELECT t.id${select.join('')} FROM ${c.table} t ${s.joinText} WHERE ${where} ORDER BY t.id LIMIT ${mostReportRows + 1}`,
    s.values,
  )
  if (found.length > mostReportRows)
    throw new Refusal('tooMany', `“${c.r.label}”超过 ${mostReportRows} 条，请用它自己的字段增加条件，例如限定科室或日期`, {
      columns: spec.columns.length,
    })
  const opener = await kernel.subjectKeys.opener(ctx.db, buffersIn(found.flatMap((stored) => paths.map((_, at) => stored[`c${at}`]))))
  return found.map((stored) => {
    const row: ReportRow = { id: stored['id'] as string }
    paths.forEach(({ column: { key, path }, field, resource, isMasked }, at) => {
      const of = {
        resource: kernel.defs.resource(resource).table,
        record: String(stored[`i${at}`]),
        field: idOf(path.split('.').at(-1)!, field),
      }
      const value = decode(opener, () => of, field, stored[`c${at}`])
      // What does not open is empty here; its own record says why.
      row[key] = value instanceof Unreadable ? null : isMasked ? mask(field, value) : value
    })
    return row
  })
}

/** Conditions over plain fields of the base are judged by the database, before anything is gathered; the others when all columns are there. */
export function parted({ spec, paths }: ResolvedReport): { early: Filter | null; late: Filter | null } {
  if (!spec.filter) return { early: null, late: null }
  const own = new Map(paths.filter(({ scope }) => scope === null).map(({ column }) => [column.key, column.path]))
  const parts = ('and' in spec.filter ? spec.filter.and : [spec.filter]).map((part) => ({ part, plain: renamed(part, own) }))
  const joined = (list: Filter[]): Filter | null => (list.length ? { and: list } : null)
  return {
    early: joined(parts.flatMap(({ plain }) => plain ?? [])),
    late: joined(parts.flatMap(({ part, plain }) => (plain ? [] : part))),
  }
}
/** The same condition over the fields behind the letters; null when one of them is no plain field. */
function renamed(filter: Filter, own: ReadonlyMap<string, string>): Filter | null {
  if (isCondition(filter)) {
    const field = own.get(filter.field)
    return field === undefined ? null : { ...filter, field }
  }
  if ('some' in filter) return null
  if ('not' in filter) {
    const inner = renamed(filter.not, own)
    return inner && { not: inner }
  }
  const parts = ('and' in filter ? filter.and : filter.or).map((part) => renamed(part, own))
  if (!parts.every((part) => part !== null)) return null
  return 'and' in filter ? { and: parts } : { or: parts }
}
async function gather(
  kernel: Kernel,
  ctx: Context,
  one: ResolvedGathered,
  shown: Field,
  rows: ReadonlyMap<string, ReportRow>,
): Promise<void> {
  const { column, child } = one
  for (const row of rows.values()) row[column.key] = column.how === 'count' ? 0 : null
  if (rows.size === 0) return
  const statement = gatherSql(one, kernel, kernel.world(ctx), [...rows.keys()])
  const found = await ctx.db.query<{ id: string; v: unknown }>(statement.text, statement.values)
  const source = column.field === null ? null : child.byKey.get(column.field)!
  const read = (v: unknown) => (source && v !== null ? (columnModel(source.field).toJson?.(v) ?? v) : v)
  if (column.how === 'list') return listed(kernel, ctx, column, source!.field, found.map(({ id, v }) => ({ id, v: read(v) })), rows) // prettier-ignore
  for (const { id, v } of found) rows.get(id)![column.key] = figure(column, shown, v, read)
}
const isFigure = (how: GatheredColumn['how']): boolean => how === 'count' || how === 'sum' || how === 'avg'
function figure({ how }: GatheredColumn, shown: Field, v: unknown, read: (v: unknown) => unknown): unknown {
  if (v === null) return null
  if (!isFigure(how)) return read(v)
  return columnType(shown) === 'integer' ? Number(v) : String(v)
}

function gatherSql(
  { column, child, scopes }: ResolvedGathered,
  kernel: Kernel,
  world: SqlWorld,
  ids: readonly string[],
): { text: string; values: unknown[] } {
  const s = new Statement(kernel.defs, world)
  const { how, where } = column
  const sqlOf = (key: string) => `p.${quote(columnOf(key, child.r.fields[key]!))}`
  const by = sqlOf(column.by)
  const value = column.field === null ? '' : sqlOf(column.field)
  const order = column.date === null ? 'p.created_at' : sqlOf(column.date)
  const conditions = [`${by} = ANY (${s.param(ids, '::uuid[]')})`, 'p.deleted_at IS NULL', "p.state = 'approved'"]
  for (const filter of [...scopes, where]) if (filter) conditions.push(filterSql(s, child.r.name, filter, 'p'))
  const from = `FROM ${child.table} p ${s.joinText} WHERE ${conditions.join(' AND ')}`
  const text = {
    count: `SELECT ${by} AS id, count(*)::int AS v ${from} GROUP BY 1`,
    sum: `SELECT ${by} AS id, sum(${value})::text AS v ${from} GROUP BY 1`,
    avg: `SELECT ${by} AS id, round(avg(${value}), 2)::text AS v ${from} GROUP BY 1`,
    min: `SELECT ${by} AS id, min(${value}) AS v ${from} GROUP BY 1`,
    max: `SELECT ${by} AS id, max(${value}) AS v ${from} GROUP BY 1`,
    first: `SELECT DISTINCT ON (${by}) ${by} AS id, ${value} AS v ${from} ORDER BY ${by}, ${order} NULLS LAST, p.id`,
    last: `SELECT DISTINCT ON (${by}) ${by} AS id, ${value} AS v ${from} ORDER BY ${by}, ${order} DESC NULLS LAST, p.id DESC`,
    list: `SELECT ${by} AS id, ${value} AS v ${from} ORDER BY ${by}, ${order} NULLS LAST, p.id LIMIT ${mostGathered + 1}`,
  }[how]
  return { text, values: s.values }
}

/** 住院医师、主治医师、主任医师 */
async function listed(
  kernel: Kernel,
  ctx: Context,
  column: GatheredColumn,
  field: Field,
  found: readonly { id: string; v: unknown }[],
  rows: ReadonlyMap<string, ReportRow>,
): Promise<void> {
  if (found.length > mostGathered) throw new Refusal('tooMany', `“${column.label}”要列出的记录太多，请增加条件`)
  const titles = await namesOf(kernel, ctx, wantedOf([[field, found.map(({ v }) => v)]]))
  for (const [id, list] of Map.groupBy(found, (one) => one.id)) {
    const said = list.map(({ v }) => wordsOf(field, v, titles)).filter((text) => text !== '')
    const different = [...new Set(said)]
    const more = different.length > mostListed ? ` 等 ${different.length} 项` : ''
    rows.get(id)![column.key] = different.length ? different.slice(0, mostListed).join('、') + more : null
  }
}

/** Ids named by these values, by what they are of: for `namesOf`. */
export function wantedOf(columns: readonly (readonly [field: Field, values: readonly unknown[]])[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>()
  for (const [field, values] of columns)
    for (const value of values)
      if (value !== null && value !== undefined)
        for (const { target, id } of referredBy(field, value)) {
          const ids = wanted.get(target)
          if (ids) ids.add(id)
          else wanted.set(target, new Set([id]))
        }
  return wanted
}
/** A value in words, as a cell of a table says it. */
export const wordsOf = (field: Field, value: unknown, titles: Titles): string =>
  value === null || value === undefined ? '' : kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? '')
export const cellOfReport = (field: Field, value: unknown, titles: Titles): string | number =>
  cellOf(field, value, (target, id) => titles[target]?.[id] ?? '')
