import type { Changes } from './write.ts'
import { Unreadable, type Opener } from '../protection/subject-keys.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import type { Place } from '../protection/cipher.ts'
import { decode } from './columns.ts'
import type { CompiledResource, StoredField, StoredRows } from './compiled.ts'
import { inRow, type RecordSeals } from './sealing.ts'

/** A value as history keeps it: a protected one as cipher text under its record's key. */
export function toHistory(seals: RecordSeals, f: StoredField, value: unknown): unknown {
  if (!f.secret || value === null || value === undefined) return value ?? null
  return seals.seal(f, value).toString('base64')
}
/** The rows of a sub-table as history keeps them, protected columns as cipher text. */
export function rowsToHistory(seals: RecordSeals, rows: StoredRows, list: unknown): unknown {
  return eachRow(rows, list, (f, value, row) =>
    value === null || value === undefined ? null : seals.seal(f, value, { of: rows, row }).toString('base64'),
  )
}

/** What opens the protected values in these changes. */
export function openerOfHistory(kernel: Kernel, db: Queryable, c: CompiledResource, changes: readonly Changes[]): Promise<Opener> {
  const sealed: Buffer[] = []
  const take = (value: unknown) => void (typeof value === 'string' && sealed.push(Buffer.from(value, 'base64')))
  for (const one of changes) {
    for (const f of c.secrets) one[f.id]?.forEach(take)
    for (const rows of c.rows)
      for (const side of one[rows.id] ?? [])
        eachRow(rows, side, (_, value) => {
          take(value)
          return value
        })
  }
  return kernel.subjectKeys.opener(db, sealed)
}
/** A value of history in plain; what does not open is answered as such. */
export function fromHistory(opener: Opener, c: CompiledResource, record: string, f: StoredField, stored: unknown): unknown {
  return opened(opener, { resource: c.r.table, record, field: f.id }, f, stored)
}
/** The rows of a sub-table in plain; what does not open is empty. */
export function rowsFromHistory(opener: Opener, record: string, rows: StoredRows, list: unknown): unknown {
  return eachRow(rows, list, (f, stored, row) => {
    const value = opened(opener, { resource: rows.place, record: inRow(record, row), field: f.id }, f, stored)
    return value instanceof Unreadable ? null : value
  })
}
/** Without a seal history's values stand as they travel. */
const opened = (opener: Opener, place: Place, f: StoredField, stored: unknown): unknown =>
  f.secret && typeof stored === 'string' ? decode(opener, () => place, f.field, Buffer.from(stored, 'base64')) : stored

function eachRow(rows: StoredRows, list: unknown, turned: (f: StoredField, value: unknown, row: string) => unknown): unknown {
  if (rows.secrets.length === 0 || !Array.isArray(list)) return list
  return (list as Record<string, unknown>[]).map((row) => ({
    ...row,
    ...Object.fromEntries(rows.secrets.filter(({ key }) => key in row).map((f) => [f.key, turned(f, row[f.key], row['id'] as string)])),
  }))
}
