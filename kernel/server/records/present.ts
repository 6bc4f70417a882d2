import { kindOf, writeOnlyMark, type ApiRecord, type Field } from '#model'
import type { Permission } from '../access/access.ts'
import type { Closed } from '../access/field-rules.ts'
import type { Kernel } from '../kernel.ts'
import { type Context, personOf } from '../context.ts'
import { decode, isSecret } from '../store/columns.ts'
import { mask, type CompiledResource } from '../store/compiled.ts'

/** Cuts a record to what the actor may see: hidden fields go, protected ones are masked except in his own row. */
export function present(ctx: Context, c: CompiledResource, permission: Permission, record: ApiRecord): ApiRecord {
  for (const key of closedOver(ctx, c, permission, record).hidden) delete record[key]
  for (const key of c.writeOnly) if (key in record) record[key] = readable(c.r.fields[key]!, record[key])
  const masked = maskedOf(ctx, c, permission, record)
  for (const key of masked) if (key in record) record[key] = mask(c.r.fields[key]!, record[key])
  for (const { key } of c.rows) if (key in record && !masked.has(key)) record[key] = maskCells(c, key, record[key], masked)
  return record
}
/** The rows of a sub-table as somebody sees them to whom these fields and columns (`contacts.mobile`) are masked. What is no list of rows stays. */
export function maskCells(c: CompiledResource, rowsKey: string, list: unknown, masked: ReadonlySet<string>): unknown {
  const closed = c.rows.find(({ key }) => key === rowsKey)?.fields.filter(({ key }) => masked.has(`${rowsKey}.${key}`)) ?? []
  if (closed.length === 0 || !Array.isArray(list)) return list
  return (list as Record<string, unknown>[]).map((row) => ({
    ...row,
    ...Object.fromEntries(closed.filter(({ key }) => key in row).map(({ key, field }) => [key, mask(field, row[key])])),
  }))
}
/** Does the record hold anything under this key, or in this column of a sub-table? */
export function holdsAny(record: ApiRecord, key: string): boolean {
  const [own = '', column] = key.split('.')
  const value = record[own] ?? null
  if (column === undefined) return value !== null
  return Array.isArray(value) && (value as Record<string, unknown>[]).some((row) => (row[column] ?? null) !== null)
}
/** Of what is write-only a reader learns whether there is one. */
export const readable = (field: Field, value: unknown): unknown =>
  kindOf(field).isWriteOnly && value !== null && value !== undefined ? writeOnlyMark : value
const isOwn = (ctx: Context, c: CompiledResource, record: ApiRecord): boolean => {
  const me = personOf(ctx.actor)
  return me !== null && c.r.owner.person !== undefined && record[c.r.owner.person] === me
}
/** The fields that are closed to him in this record: in his own perhaps others than elsewhere. */
export const closedOver = (ctx: Context, c: CompiledResource, permission: Permission, record: ApiRecord): Closed =>
  (isOwn(ctx, c, record) ? permission.inOwn : permission.inOthers) ?? permission
const nothing: ReadonlySet<string> = new Set()
/** The fields of which this reader sees a part only; of his own record he sees all. */
export function maskedOf(ctx: Context, c: CompiledResource, permission: Permission, record: ApiRecord): ReadonlySet<string> {
  return isOwn(ctx, c, record) ? nothing : permission.masked
}

/** The value that a path leads to, as this actor may see it. */
export function readPathColumn(kernel: Kernel, ctx: Context, c: CompiledResource, path: string, stored: unknown): unknown {
  const found = kernel.defs.path(c.r.name, path)
  if (!found?.field || stored === null) return stored
  const value = readable(found.field, decode(kernel.protector, kernel.defs.resource(found.resource).table, found.key, found.field, stored))
  const permission = kernel.access.can(ctx.actor, 'read', found.resource)
  return permission?.masked.has(found.key) || (!permission && isSecret(found.field)) ? mask(found.field, value) : value
}
