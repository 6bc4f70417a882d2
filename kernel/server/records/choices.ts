import { both, choiceFilterOf, conditionsIn, is, kindOf, mayChooseBy, pathsOf, Refusal, where, type ChoicesAnswer, type Field, type Fields, type Filter, type TreeAnswer } from '#model' // prettier-ignore
import { openParts } from '../access/open-search.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { readRows } from '../store/opening.ts'
import { listSql, type ListQuery } from '../store/list.ts'
import { pinyinCollation, quote } from '../store/naming.ts'
import { filterSql, Statement } from '../store/sql.ts'
import { readJudged } from './read-judged.ts'
import { shownTitle } from './titles.ts'

const mostOffered = 1000
/** Records to choose from, by name: whoever may point at a kind of record may see what its records are called, and nothing else of them. */
export async function chooseRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: { search: string; filter: Filter | null; limit: number },
): Promise<ChoicesAnswer> {
  const c = kernel.resource(name)
  if (!mayName(kernel, ctx, name)) throw new Refusal('noRight')
  if (query.filter) needAskable(kernel, ctx, c, query.filter)
  const leavers = c.r.table === 'directory.person' ? where('status', 'ne', 'left') : endedOf(kernel, c)
  const isSearched = c.hasSearch || openParts(kernel.access, ctx.actor, name).length > 0
  const byTitle = (c.hasSearch || !c.r.list?.sort) && !c.byKey.get(c.r.title)?.secret
  const asked: ListQuery = {
    filter: both(query.filter, is('state', 'approved'), leavers),
    limit: Math.min(query.limit, mostOffered),
    byPart: true,
    sort: byTitle ? [c.r.title] : (c.r.list?.sort ?? []),
    ...(query.search && isSearched ? { search: query.search } : {}),
  }
  const found = await readJudged(kernel, ctx, asked, async (one) => {
    const page = listSql(kernel.defs, c, kernel.world(ctx), one)
    return { page, rows: await ctx.db.query(page.text, page.values) }
  })
  const rows = await readRows(kernel, ctx.db, c, found.rows.slice(0, query.limit))
  return {
    options: rows.map((record) => ({
      id: record.id,
      title: shownTitle(kernel, ctx, c, record[c.r.title]),
      ...hintOf(ctx, c.r.table, record),
    })),
  }
}
/** What is over is offered no more. */
function endedOf(kernel: Kernel, c: CompiledResource): Filter | null {
  const last = kernel.defs.timelines.get(c.r.table)?.to
  return last ? { or: [where(last, 'empty'), { field: last, op: 'gte', value: { today: 0 } }] } : null
}
/** Only what the choice itself shows may be asked about, else the answer would leak the rest; what a role hides from him only where a declaration lets it decide. */
function needAskable(kernel: Kernel, ctx: Context, c: CompiledResource, filter: Filter): void {
  const permission = kernel.access.can(ctx.actor, 'read', c.r.name)
  const hidden = permission?.hidden
  const isVeiled = (path: string) => c.byKey.get(path)?.secret && (!permission || permission.masked.has(path))
  for (const path of pathsOf(filter))
    if (!mayChooseBy(c.r, path) || isVeiled(path) || (hidden?.has(path) && !isDeclared(kernel, c.r.name, path)))
      throw new Refusal('badFilter')
}
const fieldsOf = (fields: Fields): Field[] =>
  Object.values(fields).flatMap((field) => (field.kind === 'rows' ? fieldsOf((field as Field<'rows'>).options.fields) : [field]))
const isDeclared = (kernel: Kernel, target: string, path: string): boolean =>
  [...kernel.defs.resources.values()].some((r) =>
    fieldsOf(r.fields).some((field) => {
      const filter = (field.options as { target?: string }).target === target ? choiceFilterOf(field) : null
      return filter && conditionsIn(filter).some((condition) => condition.field === path)
    }),
  )
const mostNodes = 5000
/** The records of a tree by name, each with the one above it: for choosing a place in it. With a filter it is said which may not be chosen. */
export async function treeOf(kernel: Kernel, ctx: Context, name: string, parent: string, filter: Filter | null): Promise<TreeAnswer> {
  const c = kernel.resource(name)
  if (!mayName(kernel, ctx, name)) throw new Refusal('noRight')
  const up = c.byKey.get(parent)
  const title = c.byKey.get(c.r.title)
  if (!up || !title || title.secret || up.target === null || kernel.defs.resource(up.target).table !== c.r.table)
    throw new Refusal('badRequest', `“${c.r.label}”不是层级资料`)
  if (filter) needAskable(kernel, ctx, c, filter)
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const ended = endedOf(kernel, c)
  const there = ended ? `AND ${filterSql(s, name, ended)}` : ''
  const unfit = filter ? `NOT coalesce(${filterSql(s, name, filter)}, FALSE)` : 'FALSE'
  const nodes = await ctx.db.query<{ id: string; title: string; parent: string | null; unfit: boolean }>(
    `SELECT t.id, t.${quote(title.column)}::text AS title, t.${quote(up.column)} AS parent, ${unfit} AS unfit FROM ${c.table} t ${s.joinText}
     WHERE t.deleted_at IS NULL AND t.state = 'approved' ${there} ORDER BY t.${quote(title.column)} COLLATE ${pinyinCollation} LIMIT ${mostNodes}`,
    s.values,
  )
  return { nodes: nodes.map(({ unfit, ...node }) => (unfit ? { ...node, unfit } : node)) }
}

const lookedThrough = 2000
/** Words used in a field of free words, the most used first: out of the newest records that the asker may see. */
export async function usedValues(kernel: Kernel, ctx: Context, name: string, key: string): Promise<string[]> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const f = c.byKey.get(key)
  const isClosed = permission.hidden.has(key) || permission.masked.has(key)
  if (!f || f.type !== 'text[]' || f.target || kindOf(f.field).refers || isClosed) throw new Refusal('badRequest')
  const page = listSql(kernel.defs, c, kernel.world(ctx), { filter: both(permission.filter, where(key, 'notEmpty')), limit: lookedThrough, sort: ['-createdAt'], keys: [key] }) // prettier-ignore
  const counts = new Map<string, number>()
  for (const row of await ctx.db.query(page.text, page.values))
    for (const word of row[f.column] as string[]) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 50).map(([word]) => word) // prettier-ignore
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
export function mayName(kernel: Kernel, ctx: Context, name: string): boolean {
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
