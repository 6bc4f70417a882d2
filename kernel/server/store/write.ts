import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../database/database.ts'
import { columnValues, type CompiledResource, type StoredField, type StoredRows } from './compiled.ts'
import { quote } from './naming.ts'
import { storeSql, type SubjectKeys } from '../protection/subject-keys.ts'
import type { RecordSeals } from './sealing.ts'

/** Who writes, when and how: what history and audit say of a write. */
export interface Hand {
  at: string
  actor: string | null
  actorName: string
  onBehalfOf: string | null
  origin: string
  address: string | null
}
export type Changes = Record<string, [before: unknown, after: unknown]>
export interface Written {
  act: string
  version: number
  state: string
  changes: Changes
}

const entries = (resource: string, act: string): string => `
, h AS (INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes)
  SELECT $2, '${resource}', w.id, w.version, $3, $4, $5, $6, $7::jsonb FROM w)
, a AS (INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, address, detail)
  SELECT $2, $3, $8, $6, 'done', '${resource}', w.id, $9, '{}' FROM w)
, o AS (INSERT INTO kernel.outbox (at, topic, resource, record, payload)
  SELECT $2, '${act}', '${resource}', w.id, jsonb_build_object('act', $6::text, 'version', w.version, 'actor', $3::uuid) FROM w)
SELECT version FROM w`
const casts = ['::uuid', '::timestamptz', '::uuid', '::uuid', '::text', '::text', '', '::text', '::text'] as const

/** One statement a write: the row, its keys, its history, its audit entry and its event stand or fall together. */
export async function insertRecord(
  db: Queryable,
  keys: SubjectKeys,
  seals: RecordSeals,
  c: CompiledResource,
  id: string,
  hand: Hand,
  written: Written,
  record: Readonly<Record<string, unknown>>,
  search: string | null,
): Promise<void> {
  const values: unknown[] = base(id, hand, written)
  values.push(written.state)
  for (const f of c.fields) values.push(...columnValues(seals, f, record[f.key]))
  if (c.hasSearch) values.push(search)
  const made = seals.takeMade()
  if (made.length) values.push(...keys.storeValues(made))
  await db.query(insertText(c, made.length), values)
  for (const rows of c.rows) await insertRows(db, seals, rows, id, (record[rows.key] ?? []) as Record<string, unknown>[], 0)
}
const base = (id: string, hand: Hand, written: Written): unknown[] => [
  id, hand.at, hand.actor, hand.onBehalfOf, hand.origin, written.act, JSON.stringify(written.changes), hand.actorName, hand.address,
] // prettier-ignore

/** By how many keys come along: none, one, or one for each subject. */
const insertTexts = new WeakMap<CompiledResource, string[]>()
function insertText(c: CompiledResource, keys: number): string {
  let texts = insertTexts.get(c)
  if (!texts) insertTexts.set(c, (texts = [0, 1, 2].map((count) => makeInsert(c, count))))
  return texts[keys]!
}
function makeInsert(c: CompiledResource, keyCount: number): string {
  let at = casts.length + 1
  const p = (cast: string) => `$${++at}${cast}`
  const state = '$10'
  const params = c.fields.flatMap((f) => f.stored.map(({ type }) => p(`::${type}`)))
  if (c.hasSearch) params.push(p('::text'))
  const given = [`$1::uuid, 1, ${state}::text, $2::timestamptz, $3::uuid, $2::timestamptz, $3::uuid, NULL`, ...params].join(', ')
  const keys = keyCount ? `, k AS (${storeSql(keyCount, at)})` : ''
  return `WITH w AS (INSERT INTO ${c.table} (${c.insertHead}) VALUES (${given}) RETURNING id, version)${keys}${entries(c.r.table, 'record.created')}`
}

export interface Update {
  version: number
  /** Field keys whose columns are written. */
  keys: readonly string[]
  state?: string
  /** Sets or clears the recycle-bin mark; leaves it when absent. */
  deleted?: boolean
}
/** Writes the changed columns when the stored version is still `version`; answers the new version, or null when it is not. */
export async function updateRecord(
  db: Queryable,
  seals: RecordSeals,
  c: CompiledResource,
  id: string,
  hand: Hand,
  written: Written,
  record: Readonly<Record<string, unknown>>,
  search: string | null,
  update: Update,
): Promise<number | null> {
  const values: unknown[] = base(id, hand, written)
  const p = (value: unknown, cast: string) => `$${values.push(value)}${cast}`
  const sets = ['version = t.version + 1', 'updated_at = $2::timestamptz', 'updated_by = $3::uuid']
  const old = p(update.version, '::int')
  if (update.state) sets.push(`state = ${p(update.state, '::text')}`)
  if (update.deleted !== undefined) sets.push(update.deleted ? 'deleted_at = $2::timestamptz' : 'deleted_at = NULL')
  for (const f of c.fields.filter((field) => update.keys.includes(field.key))) {
    const given = columnValues(seals, f, record[f.key])
    sets.push(...f.stored.map(({ name, type }, i) => `${quote(name)} = ${p(given[i], `::${type}`)}`))
  }
  if (c.hasSearch && update.keys.length) sets.push(`search_text = ${p(search, '::text')}`)
  await seals.store(db)
  const topic = update.deleted ? 'record.deleted' : update.deleted === false ? 'record.restored' : 'record.updated'
  const [row] = await db.query<{ version: number }>(
    `WITH w AS (UPDATE ${c.table} t SET ${sets.join(', ')} WHERE t.id = $1::uuid AND t.version = ${old} RETURNING t.id, t.version)${entries(c.r.table, topic)}`,
    values,
  )
  return row?.version ?? null
}

/** Adds rows of a sub-table; rows without id get one. */
export async function insertRows(
  db: Queryable,
  seals: RecordSeals,
  rows: StoredRows,
  parent: string,
  list: readonly Record<string, unknown>[],
  from: number,
): Promise<void> {
  if (list.length === 0) return
  const values: unknown[] = [parent]
  const tuples = list.map((row, i) => {
    const id = typeof row['id'] === 'string' ? row['id'] : uuidv7()
    const parts = [values.push(id), values.push(from + i)].map((at, n) => `$${at}${n ? '::int' : '::uuid'}`)
    for (const f of rows.fields) parts.push(...rowParams(seals, rows, f, id, row[f.key], values))
    return `(${[parts[0], '$1::uuid', ...parts.slice(1)].join(', ')})`
  })
  await seals.store(db)
  const columns = rows.fields.flatMap((f) => f.stored.map(({ name }) => quote(name)))
  await db.query(`INSERT INTO ${rows.table} (${['id', 'parent', 'position', ...columns].join(', ')}) VALUES ${tuples.join(', ')}`, values)
}
function rowParams(seals: RecordSeals, rows: StoredRows, f: StoredField, row: string, value: unknown, values: unknown[]): string[] {
  const given = columnValues(seals, f, value, { of: rows, row })
  return given.map((one, i) => `$${values.push(one)}::${f.stored[i]!.type}`)
}

/** Brings a sub-table from one state to another by row id; of a row only what has changed is written. */
export async function replaceRows(
  db: Queryable,
  seals: RecordSeals,
  rows: StoredRows,
  parent: string,
  before: readonly Record<string, unknown>[],
  after: readonly Record<string, unknown>[],
): Promise<void> {
  const old = new Map(before.map((row, at) => [row['id'] as string, { row, at }]))
  const kept = new Set<string>()
  for (const [at, row] of after.entries()) {
    const id = row['id'] as string | undefined
    const was = id === undefined ? undefined : old.get(id)
    if (!id || !was) {
      await insertRows(db, seals, rows, parent, [row], at)
      continue
    }
    kept.add(id)
    const changed = rows.fields.filter((f) => JSON.stringify(was.row[f.key] ?? null) !== JSON.stringify(row[f.key] ?? null))
    if (was.at === at && changed.length === 0) continue
    const values: unknown[] = [id, parent, at]
    const sets = changed.flatMap((f) => {
      const params = rowParams(seals, rows, f, id, row[f.key], values)
      return f.stored.map(({ name }, i) => `${quote(name)} = ${params[i]}`)
    })
    await seals.store(db)
    await db.query(
      `UPDATE ${rows.table} SET ${['position = $3::int', ...sets].join(', ')} WHERE id = $1::uuid AND parent = $2::uuid`,
      values,
    )
  }
  const gone = [...old.keys()].filter((id) => !kept.has(id))
  if (gone.length) await db.query(`DELETE FROM ${rows.table} WHERE parent = $1::uuid AND id = ANY($2::uuid[])`, [parent, gone])
}
