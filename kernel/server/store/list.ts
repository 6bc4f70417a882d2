import { judgeOf, searchTermsSql, type Judge, type SearchTerms } from './by-part.ts'
import { unrestrictedSql } from './unrestricted.ts'
import { isProtected, Refusal, kindOf, type Definitions, type Filter } from '#model'
import { alongKeys, type CompiledResource } from './compiled.ts'
import { headsOf, usualForm, type Head, type ListForm } from './list-forms.ts'
import { columnOf, idOf, pinyinCollation, quote } from './naming.ts'
import { fieldMark, markLead, pairsOf, searchQuery } from './search.ts'
import { columnModel } from './columns.ts'
import { likeText } from './like.ts'
import { filterSql, sqlTypeOf, Statement, type SqlWorld } from './sql.ts'

export interface ListQuery {
  filter?: Filter | null
  search?: string
  /** `-field` descends; paths through references allowed. */
  sort?: readonly string[]
  /** Columns asked for beyond the resource's own fields: paths through references. */
  paths?: readonly string[]
  /** `Infinity`: all of them. */
  limit: number
  cursor?: string | null
  deleted?: boolean
  /** Only these keys of the resource; all when absent. */
  keys?: readonly string[]
  /** How a search is put: by what an index finds and by the word itself; by the former alone for an estimate, which would count it twice; by the latter alone where no index shall find it. */
  searchBy?: 'both' | 'pairs' | 'word'
  /** It may ask for parts of protected values: what is found is then passed through the answer's `judge`. */
  byPart?: boolean
  /** Filters of which is answered, per row, whether it passes. */
  marks?: readonly Filter[]
  /** Conditions that the filter language does not know. */
  more?: (s: Statement) => string[]
  /** The question behind `more`, which holds its filter and search, and how it would be put otherwise: for ways out where it would be slow. */
  behind?: {
    asked: Pick<ListQuery, 'filter' | 'search' | 'sort'>
    more: (asked: Pick<ListQuery, 'filter' | 'search'>) => (s: Statement) => string[]
  }
}
interface SortKey {
  path: string
  descending: boolean
  sql: string
  /** As selected for the cursor. */
  plain: string
  type: string
}

/**
 * The SQL of one page by key. Null sorts last in either direction; the id makes the order total. Without `form` it is what serves a small table; all forms
 * mean the same. `most`: so many rows it gives at most.
 */
export function listSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: ListQuery,
  form?: ListForm,
): { text: string; values: unknown[]; paths: string[]; sortPaths: string[]; judge: Judge | null; most: number } {
  const s = new Statement(defs, world)
  const filter = query.filter ?? null
  const found = query.search && !form ? null : headsOf(c, filter, world)
  const how = form ?? usualForm(c, found, usualSort(query.sort))
  const heads = how === 'heads' || how === 'gathered' ? found : null
  // Walking looks at each anyway; by its pairs the planner would rather gather.
  const searchBy = query.searchBy ?? (how === 'walked' ? 'word' : 'both')
  const conditions = conditionsOf(s, c, { ...query, searchBy, filter: heads ? heads.rest : filter })
  const sort = sortKeys(s, c, query.sort ?? [])
  const after = query.cursor ? afterCursor(s, sort, query.cursor) : null
  if (after) conditions.push(after.text)
  if (query.more) conditions.push(...query.more(s))
  const innerJoins = s.joinText
  const keys = query.keys ? new Set(query.keys) : null
  const shown = c.fields.filter((f) => !keys || keys.has(f.key))
  const own = [...shown.map((f) => `t.${quote(f.column)}`), ...alongKeys(shown)]
  const paths = [...(query.paths ?? [])]
  const pathColumns = paths.map((path, i) => {
    const column = s.column(c.r.name, path)
    // A cipher text opens only for the record in which it stands.
    return `${column.sql} AS "p${i}"${column.field && isProtected(column.field) ? `, ${column.id} AS "i${i}"` : ''}`
  })
  const marks = (query.marks ?? []).map((mark, i) => `coalesce(${filterSql(s, c.r.name, mark)}, FALSE) AS "m${i}"`)
  const judge = query.byPart ? judgeOf(s, c, { filter, search: searchTerms(s, c, query) }) : null
  const envelope = ['id', 'version', 'state', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at'].map((k) => `t.${k}`)
  const select = [...envelope, ...own, ...pathColumns, ...marks, ...(judge?.columns ?? [])].join(', ')
  // One more tells whether there are more. Of what is only proposed some fall out, three in four stay of a common part: with so many more one question is enough.
  const most = judge ? Math.ceil(query.limit * 1.5) + 10 : query.limit + 1
  const limit = s.param(Number.isFinite(most) ? most : null, '::int')
  const answer = { values: s.values, paths, sortPaths: sort.map((k) => k.path), judge, most }
  if (how === 'plain') {
    const cursorColumns = sort.map((key, i) => `${key.plain} AS "k${i}"`)
    return {
      text: `SELECT ${select}, ${cursorColumns.join(', ')} FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')} ORDER BY ${orderOf(sort)} LIMIT ${limit}`,
      ...answer,
    }
  }
  const inner: Inner = { from: `${c.table} t ${innerJoins}`, where: conditions.join(' AND '), sort, limit, bound: after?.bound ?? null }
  const entries = heads?.heads ?? []
  const page = how === 'gathered' ? gatheredSql(s, inner, entries) : heads ? headsSql(s, inner, entries) : walkedSql(inner)
  return {
    text: `SELECT ${select}, ${sort.map((_, i) => `n."k${i}"`).join(', ')} FROM (${page}) n JOIN ${c.table} t ON t.id = n."id" ${s.joinText} ORDER BY ${mergedOrder(sort, 'n.')}`,
    ...answer,
  }
}
type Sort = ReturnType<typeof sortKeys>
interface Inner {
  from: string
  where: string
  sort: Sort
  limit: string
  /** Of the leading key, after a cursor: bounds the range of the index that is read. */
  bound: (() => string) | null
}
const usualSort = (asked: readonly string[] = []): readonly string[] => (asked.length ? asked : ['-createdAt'])
/** An id is never empty: its indexes go down as they come, and one that is asked for with its nulls last would serve no list to its end. */
const orderOf = (sort: Sort): string =>
  sort.map((key) => `${key.sql}${key.descending ? (key.path === 'id' ? ' DESC' : ' DESC NULLS LAST') : ''}`).join(', ')
const mergedOrder = (sort: Sort, of = ''): string =>
  sort.map((key, i) => `${of}"k${i}"${key.collate}${key.descending ? ' DESC NULLS LAST' : ''}`).join(', ')
const keyColumns = (sort: Sort): string => ['t.id AS "id"', ...sort.map((key, i) => `${key.plain} AS "k${i}"`)].join(', ')

/** In order until the page is full. What is empty stands last in either direction, so it is read apart: then one index, read forwards or backwards, serves both. */
function walkedSql({ from, where, sort, limit, bound }: Inner, head = ''): string {
  const select = `SELECT ${keyColumns(sort)} FROM ${from} WHERE ${head}${where}`
  const [lead] = sort
  if (!lead || isNeverEmpty(lead.path)) return `${select} ORDER BY ${orderOf(sort)} LIMIT ${limit}`
  const plainOrder = sort.map((key) => `${key.sql}${key.descending ? ' DESC' : ''}`).join(', ')
  const both = `(${select} AND ${lead.sql} IS NOT NULL${bound ? ` AND ${bound()}` : ''} ORDER BY ${plainOrder} LIMIT ${limit}) UNION ALL (${select} AND ${lead.sql} IS NULL ORDER BY ${plainOrder} LIMIT ${limit})`
  return head ? both : `SELECT * FROM (${both}) w ORDER BY ${mergedOrder(sort)} LIMIT ${limit}`
}
/** The first of each unit, merged. Somebody may stand in two alternatives: then he is taken once. */
function headsSql(s: Statement, inner: Inner, heads: readonly Head[]): string {
  const each = heads.map(
    ({ column, values }) =>
      `SELECT h.* FROM unnest(${s.param(values, '::uuid[]')}) u(id) CROSS JOIN LATERAL (${walkedSql(inner, `t.${quote(column)} = u.id AND `)}) h`,
  )
  const order = mergedOrder(inner.sort)
  const once = heads.length > 1 ? `DISTINCT ON (${inner.sort.map((key, i) => `"k${i}"${key.collate}`).join(', ')}) ` : ''
  return `SELECT ${once}* FROM (${each.join(' UNION ALL ')}) m ORDER BY ${order} LIMIT ${inner.limit}`
}
/** All that match, then sorted: what it takes does not depend on where they lie. Alternatives of a scope are read apart, each out of its own index. */
function gatheredSql(s: Statement, { from, where, sort, limit }: Inner, heads: readonly Head[]): string {
  const select = `SELECT ${keyColumns(sort)} FROM ${from} WHERE`
  const each = heads.map(({ column, values }) => `${select} t.${quote(column)} = ANY(${s.param(values, '::uuid[]')}) AND ${where}`)
  const all = each.length ? each.join(' UNION ') : `${select} ${where}`
  return `WITH m AS MATERIALIZED (${all}) SELECT * FROM m ORDER BY ${mergedOrder(sort)} LIMIT ${limit}`
}

/** What a list's state asks of a row. */
export function conditionsOf(
  s: Statement,
  c: CompiledResource,
  query: Pick<ListQuery, 'filter' | 'search' | 'deleted' | 'searchBy' | 'byPart'>,
): string[] {
  const conditions = [
    query.deleted ? `t.deleted_at IS NOT NULL AND ${unrestrictedSql}` : 't.deleted_at IS NULL',
    ...unseenSql(s, c, s.world),
  ]
  s.byPart = query.byPart ?? false
  if (query.filter) conditions.push(filterSql(s, c.r.name, query.filter))
  s.byPart = false
  if (query.search) conditions.push(searchSql(s, c, query))
  return conditions
}
/** Whatever matches, nothing of it read: for the planner's estimate. */
export function matchingSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: Pick<ListQuery, 'filter' | 'search' | 'deleted'>,
): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const conditions = conditionsOf(s, c, { ...query, searchBy: 'pairs', byPart: true })
  return { text: `SELECT 1 FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')}`, values: s.values }
}
/** Counts exactly up to a cap; what is judged row by row comes as rows. */
export function countSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: Pick<ListQuery, 'filter' | 'search' | 'deleted'>,
  cap: number,
): { text: string; values: unknown[]; judge: Judge | null } {
  const s = new Statement(defs, world)
  const asked = { ...query, byPart: true }
  const conditions = conditionsOf(s, c, asked)
  const judge = judgeOf(s, c, { filter: query.filter ?? null, search: searchTerms(s, c, asked) })
  const select = (columns: string) => `SELECT ${columns} FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')} LIMIT ${cap + 1}`
  const text = judge ? select(judge.columns.join(', ')) : `SELECT count(*)::int AS count FROM (${select('1')}) n`
  return { text, values: s.values, judge }
}

/** A condition over ids that the filter lets through: for a write's check before and after. */
export function allowsSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  filter: Filter,
  id: string,
): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const condition = filterSql(s, c.r.name, filter)
  return { text: `SELECT 1 AS ok FROM ${c.table} t ${s.joinText} WHERE t.id = ${s.param(id, '::uuid')} AND ${condition}`, values: s.values }
}

/**
 * What came in with an import and waits for the batch's approval (or did not get it) has no approval of its own: nobody but who sent it sees it in the
 * type's lists. Relies on flow_instance_record.
 */
function unseenSql(s: Statement, c: CompiledResource, { asker, isSystem }: SqlWorld): string[] {
  if (!c.r.approval || isSystem) return []
  return [
    `(t.state = 'approved' OR t.created_by = ${s.param(asker?.person ?? null, '::uuid')} OR EXISTS (SELECT 1 FROM kernel.flow_instance f WHERE f.record = t.id))`,
  ]
}

/** What a quick search looks for, and where; null where nothing was typed. */
function searchTerms(s: Statement, c: CompiledResource, { search, searchBy = 'both', byPart }: Pick<ListQuery, 'search' | 'searchBy' | 'byPart'>): SearchTerms | null {
  if (!search) return null
  const parts = c.byPart.length ? (s.world.openParts?.(c.r.name) ?? []) : []
  if (!c.hasSearch && parts.length === 0) throw new Refusal('badFilter', '此列表不支持快速查找')
  // Elsewhere than in lists it would not be judged what is found; fewer than the list shows would be wrong, too.
  if (parts.length && !byPart) throw new Refusal('badFilter', '查找受保护的内容时只能看列表，请先清除搜索')
  const words = searchQuery(search).split(' ').filter(Boolean).slice(0, 5)
  return words.length ? { words, plain: c.hasSearch ? (word) => wordSql(s, c, word, searchBy) : null, parts } : null
} // prettier-ignore
function searchSql(s: Statement, c: CompiledResource, query: Pick<ListQuery, 'search' | 'searchBy' | 'byPart'>): string {
  const terms = searchTerms(s, c, query)
  return terms ? searchTermsSql(s, c, terms) : 'TRUE'
}
function wordSql(s: Statement, c: CompiledResource, word: string, by: NonNullable<ListQuery['searchBy']>): string {
  const open = s.world.openSearch?.(c.r.name) ?? null
  // One character makes no pair; the planner then reads in the sort's order.
  const pairs =
    [...word].length < 2 || by === 'word'
      ? []
      : [`kernel.bigrams(t.search_text) @> ${s.param(pairsOf(word, s.world.pairShares?.(c.table)), '::text[]')}`]
  const like = pairs.length && by === 'pairs' ? [] : [`t.search_text LIKE ${s.param(`%${likeText(word)}%`)}`]
  const within = open && by !== 'pairs' ? [withinSql(s, c, open, word)] : []
  return [...pairs, ...like, ...within].join(' AND ')
}

/** The word stands in a field that is open to the reader. Rows from before fields had marks are compared as they are written. */
function withinSql(s: Statement, c: CompiledResource, open: readonly string[], word: string): string {
  if (open.length === 0) return 'FALSE'
  const fields = s.defs.tables.get(c.r.table) ?? {}
  const like = s.param(`%${likeText(word)}%`)
  const lead = s.param(markLead)
  const part = (key: string) =>
    `split_part(split_part(t.search_text, ${s.param(fieldMark(idOf(key, fields[key]!)))}, 2), ${lead}, 1) LIKE ${like}`
  const plain = (key: string) => `lower(t.${quote(columnOf(key, fields[key]!))}::text) LIKE ${like}`
  return `CASE WHEN strpos(t.search_text, ${lead}) > 0 THEN ${open.map(part).join(' OR ')} ELSE ${open.map(plain).join(' OR ')} END`
}

function sortKeys(s: Statement, c: CompiledResource, asked: readonly string[]): (SortKey & { collate: string })[] {
  const sort = usualSort(asked)
  if (sort.length > 5) throw new Refusal('badFilter', '最多按 5 个字段排序')
  const descendingId = sort.at(-1)!.startsWith('-')
  const keys = [...sort.filter((key) => key.replace(/^-/, '') !== 'id'), descendingId ? '-id' : 'id']
  return keys.map((key) => {
    const path = key.replace(/^-/, '')
    const column = s.column(c.r.name, path)
    if (column.field && c.byKey.get(path)?.secret) throw new Refusal('badFilter', `“${column.field.label}”受保护，不能排序`)
    if (column.field && !kindOf(column.field).sortable) throw new Refusal('badFilter', `“${column.field.label}”不能排序`)
    const model = column.field && columnModel(column.field)
    const order = model?.order?.(column.sql) ?? { sql: column.sql, type: sqlTypeOf(column).replace(/\(.*\)$/, '') }
    const collate = model?.isCollated ? ` COLLATE ${pinyinCollation}` : ''
    return { path, descending: key.startsWith('-'), sql: order.sql + collate, plain: order.sql, type: order.type, collate }
  })
}
const isNeverEmpty = (path: string): boolean => path === 'id' || path === 'createdAt'
/** Rows after the cursor, spelled out per direction and null: `a > $1 OR (a = $1 AND (b < $2 …))`. */
function afterCursor(s: Statement, sort: SortKey[], cursor: string): { text: string; bound: (() => string) | null } {
  const values = readCursor(cursor, sort.length)
  let text = 'FALSE'
  for (let i = sort.length - 1; i >= 0; i--) {
    const key = sort[i]!
    const value = values[i]
    if (value === null) text = `(${key.sql} IS NULL AND ${text})`
    else {
      const p = s.param(value, `::${key.type}`)
      const beyond = `${key.sql} ${key.descending ? '<' : '>'} ${p}`
      const nulls = isNeverEmpty(key.path) ? '' : ` OR ${key.sql} IS NULL`
      text = i === sort.length - 1 ? `(${beyond}${nulls})` : `(${beyond}${nulls} OR (${key.sql} = ${p} AND ${text}))`
    }
  }
  // The leading key alone bounds the index range; the spelled-out form refines it.
  const lead = sort[0]!
  const first = values[0]
  if (sort.length < 2 || first === null) return { text, bound: null }
  const bound = () => `${lead.sql} ${lead.descending ? '<=' : '>='} ${s.param(first, `::${lead.type}`)}`
  return isNeverEmpty(lead.path) ? { text: `(${bound()} AND ${text})`, bound: null } : { text, bound }
}

export const makeCursor = (values: readonly unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')
function readCursor(cursor: string, length: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((v) => v === null || ['string', 'number', 'boolean'].includes(typeof v))
    )
      return values
  } catch {
    // falls through to the refusal
  }
  throw new Refusal('badCursor')
}
