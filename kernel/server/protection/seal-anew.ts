import { Refusal } from '#model'
import type { Database, Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource, StoredField, StoredRows } from '../store/compiled.ts'
import { decode } from '../store/columns.ts'
import { quote } from '../store/naming.ts'
import { buffersIn } from '../store/opening.ts'
import { inRow, sealsOf, storeMade } from '../store/sealing.ts'
import { isUnbound, keySql } from './cipher.ts'
import { boundTo, Unreadable } from './subject-keys.ts'

/** A table with columns that hold cipher text; `rows`: of a sub-table. */
export interface SealedTable {
  c: CompiledResource
  rows: StoredRows | null
  table: string
  secrets: readonly StoredField[]
}
const batch = 500
const zero = '00000000-0000-0000-0000-000000000000'

/** The tables of all record types and their sub-tables that hold protected columns, each once. */
export function sealedTables(kernel: Kernel): SealedTable[] {
  const found = new Map<string, SealedTable>()
  const add = (c: CompiledResource, rows: StoredRows | null, { table, secrets }: { table: string; secrets: readonly StoredField[] }) => {
    if (secrets.length === 0) return
    const known = found.get(table)?.secrets ?? []
    const more = secrets.filter(({ column }) => !known.some((one) => one.column === column))
    found.set(table, { c, rows, table, secrets: [...known, ...more] })
  }
  for (const { name } of kernel.defs.resources.values()) {
    const c = kernel.resource(name)
    add(c, null, c)
    for (const rows of c.rows) add(c, rows, rows)
  }
  return [...found.values()]
}

/** Wraps the keys of all records under the data key that seals now; where it is cut off, it goes on. Needs the owner's connection. Answers how many. */
export async function wrapKeysAnew(kernel: Kernel, owner: Database): Promise<number> {
  const { ring } = kernel.subjectKeys
  let all = 0
  for (let last = zero; ;) {
    const rows = await owner.transaction(async (tx) => {
      const found = await tx.query<{ id: string; record: string; subject: 'person' | 'record'; dataKey: number; wrapped: Buffer }>(
        `SELECT id, record, subject, data_key AS "dataKey", wrapped FROM kernel.subject_key WHERE id > $1::uuid AND wrapped IS NOT NULL AND data_key <> $2::int
         ORDER BY id LIMIT 5000 FOR UPDATE`,
        [last, ring.current],
      )
      const anew = found.map(({ id, record, subject, ...wrapped }) => {
        const bound = boundTo(id, record, subject)
        return ring.wrap(ring.unwrap(wrapped, bound), bound)
      })
      await tx.query(
        `UPDATE kernel.subject_key k SET data_key = u.data_key, wrapped = u.wrapped FROM unnest($1::uuid[], $2::int[], $3::bytea[]) u(id, data_key, wrapped) WHERE k.id = u.id`,
        [found.map(({ id }) => id), anew.map(({ dataKey }) => dataKey), anew.map(({ wrapped }) => wrapped)],
      )
      return found
    })
    if (rows.length === 0) return all
    all += rows.length
    last = rows.at(-1)!.id
  }
}
/** From now on no key that there is seals any more: what stands under them is sealed anew by `sealAnew`, under new ones. Needs the owner's connection. */
export async function supersedeKeys(owner: Database, now: Date): Promise<void> {
  await owner.once(`SET statement_timeout = 0`)
  await owner.query(`UPDATE kernel.subject_key SET superseded_at = $1 WHERE superseded_at IS NULL AND wrapped IS NOT NULL`, [
    now.toISOString(),
  ])
}

/**
 * Seals under the keys of their records whatever stands under a data key, as in databases from before, or under a key that was superseded: in portions, while
 * people work; a row that is written meanwhile is left as it was written. Neither version nor history change, for no value does. What does not open stays as
 * it is. Answers how many rows were sealed anew; begun again, it goes on.
 */
export async function sealAnew(kernel: Kernel, onProgress: (table: string, rows: number) => void = () => undefined): Promise<number> {
  let all = 0
  for (const sealed of sealedTables(kernel)) {
    let rows = 0
    for (let last = zero; ;) {
      const portion = await again(() => sealPortion(kernel, sealed, last))
      if (portion === null) break
      last = portion.last
      rows += portion.rows
      onProgress(sealed.table, rows)
    }
    all += rows
  }
  return all
}

/** Somebody wrote the same records meanwhile: the portion is rolled back, and begun anew with what they wrote. */
async function again<T>(work: () => Promise<T>, tries = 5): Promise<T> {
  for (let n = 1; ; n++)
    try {
      return await work()
    } catch (error) {
      const isMeeting = (error instanceof Refusal && error.code === 'versionConflict') || (error as { code?: unknown }).code === '40P01'
      if (!isMeeting || n === tries) throw error
    }
}
/** Of a cipher text: does its record's key not seal it, or no longer? */
const isOld = (sql: string): string =>
  `(${sql} IS NOT NULL AND CASE WHEN ${isUnbound(sql)} THEN TRUE ELSE EXISTS (SELECT 1 FROM kernel.subject_key k WHERE k.id = ${keySql(sql)} AND k.superseded_at IS NOT NULL) END)`
async function sealPortion(kernel: Kernel, sealed: SealedTable, after: string): Promise<{ last: string; rows: number } | null> {
  const ids = await kernel.db.transaction((tx) => sealRows(kernel, tx, sealed, `t.id > $1::uuid ORDER BY t.id LIMIT ${batch}`, after))
  return ids.length ? { last: ids.at(-1)!, rows: ids.length } : null
}
/** Seals all protected values of these records of a table under their own keys, within the caller's transaction. */
export async function bindRecords(kernel: Kernel, db: Queryable, table: string, records: readonly string[]): Promise<void> {
  for (const sealed of sealedTables(kernel))
    if (sealed.c.r.table === table) await sealRows(kernel, db, sealed, `${sealed.rows ? 't.parent' : 't.id'} = ANY ($1::uuid[])`, records)
}
/** Seals anew the old values of the rows that `which` names with one parameter; answers their ids. */
async function sealRows(
  kernel: Kernel,
  db: Queryable,
  { c, rows: of, table, secrets }: SealedTable,
  which: string,
  param: unknown,
): Promise<string[]> {
  const columns = secrets.map(({ column }) => `t.${quote(column)}`)
  const rows = await db.query<Record<string, Buffer | string | null>>(
    `SELECT t.id, ${of ? 't.parent' : 't.id'} AS record__, ${columns.join(', ')}, ${columns.map((sql, i) => `${isOld(sql)} AS old${i}`).join(', ')}
     FROM ${table} t WHERE (${columns.map(isOld).join(' OR ')}) AND ${which} FOR UPDATE OF t`,
    [param],
  )
  if (rows.length === 0) return []
  const opener = await kernel.subjectKeys.opener(db, buffersIn(rows.flatMap((row) => secrets.map(({ column }) => row[column]))))
  const seals = await sealsOf(kernel.subjectKeys, db, c, [...new Set(rows.map((row) => row['record__'] as string))])
  const anew = (f: StoredField, at: number) =>
    rows.map((row) => {
      const stored = row[f.column] as Buffer | null
      if (!stored || !row[`old${at}`]) return stored
      const [record, id] = [row['record__'] as string, row['id'] as string]
      const place = of ? { resource: of.place, record: inRow(record, id), field: f.id } : { resource: c.r.table, record, field: f.id }
      const value = decode(opener, () => place, f.field, stored)
      return value instanceof Unreadable ? stored : seals.get(record)!.seal(f, value, of ? { of, row: id } : undefined)
    })
  const arrays = secrets.map(anew)
  await storeMade(kernel.subjectKeys, db, seals.values())
  await db.query(
    `UPDATE ${table} t SET ${secrets.map(({ column }, i) => `${quote(column)} = u.c${i}`).join(', ')}
     FROM unnest($1::uuid[], ${secrets.map((_, i) => `$${i + 2}::bytea[]`).join(', ')}) AS u(id, ${secrets.map((_, i) => `c${i}`).join(', ')}) WHERE t.id = u.id`,
    [rows.map((row) => row['id']), ...arrays],
  )
  return rows.map((row) => row['id'] as string)
}
