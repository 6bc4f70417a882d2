import type { CompiledResource } from './compiled.ts'
import { conditionsOf, type ListQuery } from './list.ts'
import { quote } from './naming.ts'
import type { Statement } from './sql.ts'

export interface BranchesQuery extends Pick<ListQuery, 'filter' | 'search'> {
  /** Column that names the record above. */
  column: string
  /** The right's own filter: what is out of sight is above nobody. */
  sight: ListQuery['filter']
}
/** Is anything asked beside the right's own filter? */
export const isAsked = ({ filter, search }: Pick<ListQuery, 'filter' | 'search'>): boolean => Boolean(filter) || Boolean(search)
/** Every record in sight; the joins are those that its conditions ask for. */
const inSight = (s: Statement, c: CompiledResource, query: BranchesQuery): string => {
  const where = conditionsOf(s, c, { filter: query.sight ?? null }).join(' AND ')
  return `SELECT t.id, t.${quote(query.column)} AS up FROM ${c.table} t ${s.joinText} WHERE ${where}`
}
/** Those that pass what is asked, and everything above them in sight; a tree that bites its tail still ends. */
function keptSql(s: Statement, c: CompiledResource, query: BranchesQuery): string {
  const where = hitsSql(s, c, query)
  const first = `SELECT t.id, t.${quote(query.column)} FROM ${c.table} t ${s.joinText} WHERE ${where}`
  return `WITH RECURSIVE kept (id, up) AS (${first} UNION SELECT p.id, p.up FROM kept k JOIN (${inSight(s, c, query)}) p ON p.id = k.up) SELECT id FROM kept`
}
const hitsSql = (s: Statement, c: CompiledResource, { filter, search, sight }: BranchesQuery): string => {
  const parts = [filter, sight].filter((part) => part != null)
  return conditionsOf(s, c, { filter: { and: parts }, ...(search ? { search } : {}) }).join(' AND ')
}

/** The conditions of one level: below `under`, or topmost because nothing in sight stands above. Relies on the index of every reference. */
export function branchConditions(s: Statement, c: CompiledResource, query: BranchesQuery, under: string | null): string[] {
  const up = `t.${quote(query.column)}`
  const place = under
    ? `${up} = ${s.param(under, '::uuid')}`
    : `(${up} IS NULL OR NOT EXISTS (SELECT 1 FROM (${inSight(s, c, query)}) p WHERE p.id = ${up}))`
  return [place, ...(isAsked(query) ? [`t.id IN (${keptSql(s, c, query)})`] : [])]
}
/** How many stand directly below each of these. */
export function belowSql(s: Statement, c: CompiledResource, query: BranchesQuery, ids: readonly string[]): string {
  const kept = isAsked(query) ? ` AND b.id IN (${keptSql(s, c, query)})` : ''
  return `SELECT b.up AS id, count(*)::int AS count FROM (${inSight(s, c, query)}) b WHERE b.up = ANY(${s.param(ids, '::uuid[]')})${kept} GROUP BY 1`
}
/** Which of these pass what is asked themselves. */
export function hitsAmong(s: Statement, c: CompiledResource, query: BranchesQuery, ids: readonly string[]): string {
  const where = hitsSql(s, c, query)
  return `SELECT t.id FROM ${c.table} t ${s.joinText} WHERE t.id = ANY(${s.param(ids, '::uuid[]')}) AND ${where}`
}
