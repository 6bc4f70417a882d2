import { fewestLetters, isCondition, matches, Refusal, type Condition, type Filter } from '#model'
import type { Queryable } from '../database/database.ts'
import { Unreadable, type Opener, type SubjectKeys } from '../protection/subject-keys.ts'
import { decode } from './columns.ts'
import type { CompiledResource } from './compiled.ts'
import { idOf, tagsOf } from './naming.ts'
import { buffersIn } from './opening.ts'
import { partTags, partText } from './part-tags.ts'
import { asksPart, filterSql, type Statement } from './sql.ts'

type Row = Readonly<Record<string, unknown>>
/** What the database proposes by tags is judged here, decrypted. `columns` are selected along with the row. */
export interface Judge {
  columns: readonly string[]
  /** Those of these rows that hold what was asked; their keys are read together. */
  passing<R extends Row>(keys: SubjectKeys, db: Queryable, rows: readonly R[]): Promise<R[]>
}
type Test = (row: Row, opener: Opener) => boolean

/** How a row of this question is judged; null where the statement's own conditions say it all. */
export function judgeOf(s: Statement, c: CompiledResource, { filter, search }: { filter: Filter | null; search: SearchTerms | null }): Judge | null {
  const columns: string[] = []
  const sealed = new Set<string>()
  const take: Take = (sql, isSealed = false) => {
    const name = `j${columns.length}`
    columns.push(`${sql} AS "${name}"`)
    if (isSealed) sealed.add(name)
    return name
  }
  const tests = [...(filter && asksParts(s, c.r.name, filter) ? [filterTest(s, c.r.name, filter, take, true)] : []), ...(search?.parts.length ? searchTests(s, c, search, take) : [])]
  if (tests.length === 0) return null
  return {
    columns,
    async passing(keys, db, rows) {
      const opener = await keys.opener(db, buffersIn(rows.flatMap((row) => [...sealed].map((name) => row[name]))))
      return rows.filter((row) => tests.every((test) => test(row, opener)))
    },
  }
} // prettier-ignore
type Take = (sql: string, isSealed?: boolean) => string

function asksParts(s: Statement, resource: string, filter: Filter): boolean {
  if ('and' in filter) return filter.and.some((part) => asksParts(s, resource, part))
  if ('or' in filter) return filter.or.some((part) => asksParts(s, resource, part))
  if ('not' in filter) return asksParts(s, resource, filter.not)
  const field = isCondition(filter) ? s.defs.path(resource, filter.field)?.field : undefined
  return field !== undefined && asksPart(field, filter as Condition)
}
const always: Test = () => true
/** `isSure`: the statement itself lets through only what passes, where no part is asked for. */
function filterTest(s: Statement, resource: string, filter: Filter, take: Take, isSure: boolean): Test {
  if (!asksParts(s, resource, filter)) {
    if (isSure) return always
    const at = take(`coalesce(${filterSql(s, resource, filter)}, FALSE)`)
    return (row) => row[at] === true
  }
  if ('and' in filter) return all(filter.and.map((part) => filterTest(s, resource, part, take, isSure)))
  if ('or' in filter) return some(filter.or.map((part) => filterTest(s, resource, part, take, false)))
  if ('not' in filter) {
    const inner = filterTest(s, resource, filter.not, take, false)
    return (row, opener) => !inner(row, opener)
  }
  const condition = filter as Condition
  const read = reader(s, resource, condition.field, take)
  const world = { ...s.world, isUnder: () => false, read: (record: Row, path: string) => record[path] }
  return (row, opener) => matches({ ...condition, field: 'value' }, { value: read(row, opener) }, world)
}
const all = (tests: readonly Test[]): Test => (row, opener) => tests.every((test) => test(row, opener)) // prettier-ignore
const some = (tests: readonly Test[]): Test => (row, opener) => tests.some((test) => test(row, opener)) // prettier-ignore
/** Reads the value behind a path out of a row, in plain; null where it does not open. */
function reader(s: Statement, resource: string, path: string, take: Take): (row: Row, opener: Opener) => unknown {
  const { sql, id, field, key, place } = s.column(resource, path)
  const [at, of] = [take(sql, true), take(id)]
  return (row, opener) => {
    const value = decode(opener, () => ({ resource: place, record: String(row[of]), field: idOf(key, field!) }), field!, row[at])
    return value instanceof Unreadable ? null : value
  }
}

/** The words of a quick search, and what finds each in the fields that are not protected; null where there are none. */
export interface SearchTerms {
  words: readonly string[]
  plain: ((word: string) => string) | null
  /** Protected fields that are looked into. */
  parts: readonly string[]
}
/** Each word stands in a plain field, or in a protected one. One letter finds something beside a longer word only: alone it would ask for every row. */
export function searchTermsSql(s: Statement, c: CompiledResource, { words, plain, parts }: SearchTerms): string {
  const isLong = (word: string) => [...word].length >= fewestLetters
  if (!plain && !words.some(isLong)) throw new Refusal('badFilter', '请输入至少两个字')
  const tagged = (key: string, word: string) =>
    `t."${tagsOf(c.byKey.get(key)!.column)}" @> ${s.param(partTags(s.world.protector, c.r.table, c.byKey.get(key)!.id, word), '::integer[]')}`
  if (parts.length === 0) return words.map((word) => plain!(word)).join(' AND ')
  const candidates = (word: string): string[] => (isLong(word) ? parts.map((key) => tagged(key, word)) : words.some(isLong) ? ['TRUE'] : [])
  return words.map((word) => `(${[...(plain ? [plain(word)] : []), ...candidates(word)].join(' OR ')})`).join(' AND ')
}
function searchTests(s: Statement, c: CompiledResource, { words, plain, parts }: SearchTerms, take: Take): Test[] {
  const values = parts.map((key) => reader(s, c.r.name, key, take))
  return words.map((word) => {
    const at = plain ? take(`coalesce(${plain(word)}, FALSE)`) : null
    return (row, opener) =>
      (at !== null && row[at] === true) || values.some((read) => partText(String(read(row, opener) ?? '')).includes(word))
  })
}
