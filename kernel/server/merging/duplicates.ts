import { pinyin } from 'pinyin-pro'
import { both, is, kindOf, mostMerged, Refusal, sameByOf, type DuplicateGroup, type DuplicateKey, type DuplicatesAnswer, type Filter } from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { conditionsOf } from '../store/list.ts'
import { blindOf, quote } from '../store/naming.ts'
import { Statement } from '../store/sql.ts'

const mostGroups = 100
const mostHeard = 50_000

/** Records that agree in every key, the largest groups first; empty values agree with nothing. Only among what the asker sees. */
export async function findDuplicates(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  query: { keys: readonly DuplicateKey[]; filter: Filter | null },
): Promise<DuplicatesAnswer> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  if (query.keys.length === 0 || query.keys.length > 5) throw new Refusal('badRequest', '请选择 1 至 5 个比较的项目')
  for (const { field, by } of query.keys) {
    const known = c.r.fields[field]
    if (!known || permission.hidden.has(field) || !sameByOf(known).includes(by)) throw new Refusal('badRequest', `“${known?.label ?? field}”不能这样比较`)
    // To learn that two are the same is to learn of the value: for whom may open it.
    if (permission.masked.has(field) && !permission.openable.has(field)) throw new Refusal('noRight', `“${known.label}”对您不完整显示，不能用来查找重复`)
  }
  const found = await groupsOf(kernel, ctx, c, query.keys, both(query.filter, permission.filter, is('state', 'approved')))
  const shown = found.slice(0, mostGroups)
  return { groups: await inWords(kernel, ctx, resource, query.keys, shown), isMore: found.length > mostGroups }
} // prettier-ignore

type Group = Pick<DuplicateGroup, 'count' | 'ids'>
async function groupsOf(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  keys: readonly DuplicateKey[],
  filter: Filter | null,
): Promise<Group[]> {
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const columns = keys.map((key) => keySql(c, key))
  const conditions = [...conditionsOf(s, c, { filter }), ...columns.map((sql) => `${sql} <> ''`)]
  const names = keys.map((_, i) => `k${i}`)
  const heard = keys.map(({ by }, i) => (by === 'pinyin' ? i : -1)).filter((i) => i >= 0)
  const rest = heard.length ? `LIMIT ${mostHeard + 1}` : `HAVING count(*) > 1 ORDER BY count DESC, min(id::text) LIMIT ${mostGroups + 1}`
  const rows = await ctx.db.once<Group & Record<string, unknown>>(
    `SELECT ${names.join(', ')}, count(*)::int AS count, (array_agg(id ORDER BY at, id))[1:${mostMerged}] AS ids
     FROM (SELECT t.id, t.created_at AS at, ${columns.map((sql, i) => `${sql} AS k${i}`).join(', ')} FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')}) x
     GROUP BY ${names.join(', ')} ${rest}`,
    s.values,
  )
  if (heard.length === 0) return rows.map(({ count, ids }) => ({ count, ids }))
  if (rows.length > mostHeard) throw new Refusal('tooMany', `按读音查找一次最多比较 ${mostHeard} 条，请先用筛选条件缩小范围`)
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const key = JSON.stringify(names.map((name, i) => (heard.includes(i) ? soundOf(row[name] as string) : row[name])))
    const known = groups.get(key)
    if (known) groups.set(key, { count: known.count + row.count, ids: [...known.ids, ...row.ids].slice(0, mostMerged) })
    else groups.set(key, { count: row.count, ids: row.ids })
  }
  return [...groups.values()].filter(({ count }) => count > 1).sort((a, b) => b.count - a.count || (a.ids[0]! < b.ids[0]! ? -1 : 1)).slice(0, mostGroups + 1) // prettier-ignore
}
/** A value in the form in which equal ones are alike. */
function keySql(c: CompiledResource, { field, by }: DuplicateKey): string {
  const f = c.byKey.get(field)!
  if (f.secret) return `encode(t.${quote(blindOf(f.column))}, 'hex')`
  const column = `t.${quote(f.column)}::text`
  return by === 'exact' ? column : `lower(regexp_replace(normalize(${column}, NFKC), '\\s', '', 'g'))`
}
/** A name as it sounds, without tones; the first sign is read as a surname. */
const soundOf = (text: string): string => pinyin(text, { toneType: 'none', type: 'array', surname: 'head', nonZh: 'consecutive' }).join(' ')

async function inWords(kernel: Kernel, ctx: Context, resource: string, keys: readonly DuplicateKey[], groups: readonly Group[]): Promise<DuplicateGroup[]> {
  if (groups.length === 0) return []
  const { fields } = kernel.defs.resource(resource)
  const firsts = groups.map(({ ids }) => ids[0]!)
  const { rows, titles } = await listRecords(kernel, ctx, resource, { filter: { field: 'id', op: 'in', value: firsts }, columns: keys.map(({ field }) => field), limit: firsts.length })
  const byId = new Map(rows.map((row) => [row.id, row]))
  const word = (key: string, value: unknown) => value === null || value === undefined ? '' : kindOf(fields[key]!).format(value, fields[key]!, (target, id) => titles[target]?.[id] ?? '')
  return groups.map((group) => ({ ...group, words: keys.map(({ field }) => word(field, byId.get(group.ids[0]!)?.[field])) }))
} // prettier-ignore
