import type { Protector } from '../protection/cipher.ts'
import { decode } from './columns.ts'
import { columnValues, type CompiledResource, type StoredField, type StoredRows } from './compiled.ts'

/** A value as history keeps it: a protected one as cipher text. */
export function toHistory(protector: Protector, c: CompiledResource, f: StoredField, value: unknown): unknown {
  return sealed(protector, c.r.table, f, value)
}
/** The rows of a sub-table as history keeps them, protected columns as cipher text. */
export function rowsToHistory(protector: Protector, c: CompiledResource, rows: StoredRows, list: unknown): unknown {
  return eachRow(rows, list, (f, value) => sealed(protector, placeOf(c, rows), f, value))
}
function sealed(protector: Protector, place: string, f: StoredField, value: unknown): unknown {
  if (!f.secret || value === null || value === undefined) return value ?? null
  return (columnValues(protector, place, f, value)[0] as Buffer).toString('base64')
}

/** A value of history in plain. */
export function fromHistory(protector: Protector, c: CompiledResource, f: StoredField, stored: unknown): unknown {
  return f.secret && typeof stored === 'string' ? decode(protector, c.r.table, f.key, f.field, Buffer.from(stored, 'base64')) : stored
}
/** The rows of a sub-table in plain. */
export function rowsFromHistory(protector: Protector, c: CompiledResource, rows: StoredRows, list: unknown): unknown {
  return eachRow(rows, list, (f, stored) =>
    f.secret && typeof stored === 'string' ? decode(protector, placeOf(c, rows), f.key, f.field, Buffer.from(stored, 'base64')) : stored,
  )
}

const placeOf = (c: CompiledResource, rows: StoredRows): string => `${c.r.table}.${rows.key}`
function eachRow(rows: StoredRows, list: unknown, turned: (f: StoredField, value: unknown) => unknown): unknown {
  const secret = rows.fields.filter((f) => f.secret)
  if (secret.length === 0 || !Array.isArray(list)) return list
  return (list as Record<string, unknown>[]).map((row) => ({
    ...row,
    ...Object.fromEntries(secret.filter(({ key }) => key in row).map((f) => [f.key, turned(f, row[f.key])])),
  }))
}
