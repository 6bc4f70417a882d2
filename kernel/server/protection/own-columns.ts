import type { Database } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { underOtherKey, type Place } from './cipher.ts'

/** A column of the program's own that is sealed under the hospital's data key. `record`, `field`: SQL for its place, as whoever seals it names it. */
interface OwnColumn {
  readonly table: string
  readonly column: string
  readonly resource?: string
  readonly record?: string
  readonly field?: string
}
/** Every one of them: what a test counts against the tables. */
export const ownColumns: readonly OwnColumn[] = [
  { table: 'kernel.answer_job', column: 'answer' },
  { table: 'kernel.answer_job', column: 'asked' },
  { table: 'kernel.api_answer', column: 'body', resource: 'kernel.apiAnswer', record: 'client::text', field: 'request' },
  { table: 'kernel.api_key', column: 'secret', resource: 'kernel.apiKey', record: 'id', field: 'id' },
  { table: 'kernel.automation', column: 'secret', record: 'name' },
  { table: 'kernel.automation_call', column: 'body' },
  { table: 'kernel.automation_run', column: 'input' },
  { table: 'kernel.autosave', column: 'value', record: `account || ' ' || form` },
  { table: 'kernel.change_request', column: 'base' },
  { table: 'kernel.change_request', column: 'patch' },
  { table: 'kernel.credential', column: 'totp', record: 'account::text' },
  { table: 'kernel.credential', column: 'totp_new', record: 'account::text', field: `'totp'` },
  { table: 'kernel.export_job', column: 'asked' },
  { table: 'kernel.import_batch', column: 'choices', resource: 'kernel.import' },
  { table: 'kernel.import_batch', column: 'constants', resource: 'kernel.import' },
  { table: 'kernel.import_batch', column: 'report', resource: 'kernel.import' },
  { table: 'kernel.library_connection', column: 'secret', record: `'one'` },
  { table: 'kernel.password_reset', column: 'asked', record: `encode(token, 'hex')` },
  { table: 'kernel.prepared_form', column: 'value' },
  { table: 'kernel.push_device', column: 'way' },
  { table: 'kernel.push_key', column: 'private', record: `'only'` },
  { table: 'kernel.sms', column: 'content' },
]
const batch = 500

/** Seals under the data key that seals now what the program keeps for itself under another one, in portions, while people work. What does not open stays as it is. Answers how many values were sealed anew, and how many do not open. */
export async function sealOwnAnew(kernel: Kernel, db: Database, onProgress: (table: string, rows: number) => void = () => undefined): Promise<{ sealed: number; unread: number }> {
  const all = { sealed: 0, unread: 0 }
  for (const one of ownColumns) {
    let rows = 0
    for (let last: string | null = '(0,0)'; last !== null; ) {
      const done: Portion = await sealPortion(kernel, db, one, last)
      rows += done.sealed
      all.unread += done.unread
      last = done.last
    }
    all.sealed += rows
    onProgress(one.table, rows)
  }
  return all
} // prettier-ignore
interface Portion {
  sealed: number
  unread: number
  last: string | null
}
/** In the order in which the rows lie: what is sealed anew lies behind, and is passed over there. */
const sealPortion = (kernel: Kernel, db: Database, { table, column, resource = table, record = 'id::text', field = `'${column}'` }: OwnColumn, after: string): Promise<Portion> =>
  db.transaction(async (tx) => {
    const rows = await tx.query<{ at: string; record: string; field: string; sealed: Buffer }>(
      `SELECT ctid::text AS at, ${record} AS record, ${field} AS field, ${column} AS sealed FROM ${table} WHERE ctid > $1::tid AND ${underOtherKey(column, '$2')} ORDER BY ctid LIMIT ${batch} FOR UPDATE`,
      [after, kernel.protector.current],
    )
    const anew = rows.flatMap(({ at, sealed, ...named }) => {
      const value = sealedAnew(kernel, { resource, ...named }, sealed)
      return value === null ? [] : [{ at, value }]
    })
    await tx.query(`UPDATE ${table} t SET ${column} = u.value FROM unnest($1::text[]::tid[], $2::bytea[]) u(at, value) WHERE t.ctid = u.at`, [anew.map(({ at }) => at), anew.map(({ value }) => value)])
    return { sealed: anew.length, unread: rows.length - anew.length, last: rows.length < batch ? null : rows.at(-1)!.at }
  }) // prettier-ignore
function sealedAnew(kernel: Kernel, place: Place, sealed: Buffer): Buffer | null {
  try {
    return kernel.protector.seal(place, kernel.protector.open(place, sealed))
  } catch {
    return null
  }
}
