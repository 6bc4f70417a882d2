import type { Field, FieldKind, KindOptions } from '#model'
import type { Protector } from './protect.ts'

/** How a kind of field is stored. `sql` null: it has no column of its own (a sub-table). */
export interface ColumnModel<K extends FieldKind> {
  sql(options: KindOptions[K]): string | null
  /** Index method and operator class for a single-column index, where a btree does not serve. */
  gin?: boolean
  /** References another table's id, for titles and "what points here". */
  refers?: boolean
  /** Encrypted at rest whatever the declaration says. */
  secret?: boolean
  toDatabase?(value: unknown): unknown
  toJson?(value: unknown): unknown
}

const result = { text: 'text', integer: 'integer', decimal: 'numeric', boolean: 'boolean', date: 'date' } as const
export const columns: { readonly [K in FieldKind]: ColumnModel<K> } = {
  text: { sql: () => 'text' },
  longText: { sql: () => 'text' },
  integer: { sql: () => 'integer' },
  decimal: { sql: ({ scale }) => `numeric(38,${scale})` },
  boolean: { sql: () => 'boolean' },
  date: { sql: () => 'date' },
  dateTime: { sql: () => 'timestamptz' },
  choice: { sql: () => 'text' },
  choices: { sql: () => 'text[]', gin: true },
  person: { sql: () => 'uuid', refers: true },
  unit: { sql: () => 'uuid', refers: true },
  reference: { sql: () => 'uuid', refers: true },
  references: { sql: () => 'uuid[]', gin: true },
  rows: { sql: () => null },
  files: { sql: () => 'uuid[]' },
  signature: { sql: () => 'uuid' },
  phone: { sql: () => 'text', secret: true },
  identityNumber: { sql: () => 'text', secret: true },
  autoNumber: { sql: () => 'text' },
  formula: { sql: ({ result: kind }) => result[kind] },
}
export const columnModel = (field: Field): ColumnModel<FieldKind> => columns[field.kind]
export const isSecret = (field: Field): boolean => columnModel(field).secret === true || field.sensitive !== undefined
/** The column's type, cipher text for protected fields; null without a column. */
export function columnType(field: Field): string | null {
  const sql = columnModel(field).sql(field.options)
  return sql === null ? null : isSecret(field) ? 'bytea' : sql
}

/** A value on its way into its column. */
export function encode(protector: Protector, resource: string, key: string, field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null
  return isSecret(field) ? protector.seal(resource, key, typeof value === 'string' ? value : JSON.stringify(value)) : value
}
/** A value on its way out. */
export function decode(protector: Protector, resource: string, key: string, field: Field, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null
  if (!isSecret(field)) return stored
  const text = protector.open(resource, key, stored as Buffer)
  return columnModel(field).secret || field.kind === 'text' || field.kind === 'longText' || field.kind === 'date' || field.kind === 'choice'
    ? text
    : (JSON.parse(text) as unknown)
}
