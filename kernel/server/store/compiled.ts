import { isProtected, isFoundByPart, kindOf, protectedKeys, subjectOf, subjects, type AnyField, type ApiRecord, type Definitions, type Field, type Fields, type ResolvedResource, type Subject } from '#model' // prettier-ignore
import { columnModel, columnType, decode, encode, findingColumns } from './columns.ts'
import { childTableOf, columnOf, idOf, quote, tableOf } from './naming.ts'
import { alongSql, Unreadable, type Opener } from '../protection/subject-keys.ts'
import type { RecordSeals } from './sealing.ts'
import { searchKeys } from './schema.ts'
import { markedSearchText } from './search.ts'

/** A field with all that SQL needs to know of it. */
export interface StoredField {
  key: string
  id: string
  field: Field
  column: string
  type: string
  secret: boolean
  /** Columns that hold it and what finds it: the value first. What `columnValues` gives, in the same order. */
  stored: readonly { name: string; type: string }[]
  /** Whose key seals it. */
  subject: Subject
  /** Resource whose title names the value. */
  target: string | null
  /** From the column's form to the one that travels, where they differ. */
  toJson: ((stored: unknown) => unknown) | null
  many: boolean
}
export interface StoredRows {
  key: string
  id: string
  field: Field<'rows'>
  table: string
  fields: StoredField[]
  secrets: StoredField[]
  /** What their cipher texts are sealed for. */
  place: string
}
/** A resource compiled once per definition version: its columns and texts; requests only run it. */
export interface CompiledResource {
  r: ResolvedResource
  table: string
  /** Its rows belong each to one person. */
  isOnes: boolean
  fields: StoredField[]
  /** Those of them that are encrypted. */
  secrets: StoredField[]
  /** Keys of all that is protected, columns of sub-tables among them. */
  protected: readonly string[]
  rows: StoredRows[]
  byKey: Map<string, StoredField>
  /** Fields of which readers learn only whether there is a value. */
  writeOnly: readonly string[]
  hasSearch: boolean
  /** Protected fields that are found by a part of their value. */
  byPart: readonly StoredField[]
  /** Columns of SELECT, in the order that `read` expects. */
  select: string
  insertHead: string
}

export const envelopeColumns = ['id', 'version', 'state', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at'] as const

export function compileResource(defs: Definitions, r: ResolvedResource): CompiledResource {
  const isOnes = [...defs.resources.values()].some((one) => one.table === r.table && one.owner.person !== undefined)
  const fields = storedFields(r.fields, isOnes)
  const table = tableOf(r.table)
  const rows = Object.entries(r.fields).flatMap(([key, field]) =>
    field.kind === 'rows' ? [storedRows(r.table, key, field as Field<'rows'>, isOnes)] : [],
  )
  const hasSearch = searchKeys(defs.tables.get(r.table) ?? {}).length > 0
  const columns = fields.flatMap((f) => f.stored.map(({ name }) => name))
  return {
    r,
    table,
    isOnes,
    fields,
    secrets: fields.filter((f) => f.secret),
    protected: protectedKeys(r.fields),
    rows,
    byKey: new Map(fields.map((f) => [f.key, f])),
    writeOnly: fields.filter((f) => kindOf(f.field).isWriteOnly).map((f) => f.key),
    hasSearch,
    byPart: fields.filter((f) => isFoundByPart(f.field)),
    select: [...envelopeColumns.map((c) => `t.${c}`), ...fields.map((f) => `t.${quote(f.column)}`), ...alongKeys(fields)].join(', '),
    insertHead: [...envelopeColumns, ...columns.map(quote), ...(hasSearch ? ['search_text'] : [])].join(', '),
  }
}

function storedRows(table: string, key: string, field: Field<'rows'>, isOnes: boolean): StoredRows {
  const fields = storedFields(field.options.fields, isOnes)
  const secrets = fields.filter((f) => f.secret)
  return {
    key,
    id: idOf(key, field),
    field,
    table: childTableOf(table, columnOf(key, field)),
    fields,
    secrets,
    place: `${table}.${idOf(key, field)}`,
  }
}
function storedFields(fields: Fields, isOnes: boolean): StoredField[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const type = columnType(field)
    if (!type) return []
    const target = 'target' in field.options ? (field.options as { target: string }).target : null
    const column = columnOf(key, field)
    return [
      {
        key,
        id: idOf(key, field),
        field,
        column,
        type,
        secret: isProtected(field),
        stored: [{ name: column, type }, ...findingColumns(column, field)],
        subject: subjectOf(field, isOnes),
        target,
        toJson: isProtected(field) ? null : (columnModel(field).toJson ?? null),
        many: columnModel(field).sql(field.options)?.endsWith('[]') ?? false,
      },
    ]
  })
}

/** Columns that bring the keys of these fields along with the rows of `t`: one question for both. */
export const alongKeys = (fields: readonly StoredField[]): string[] =>
  subjects.filter((subject) => fields.some((f) => f.secret && f.subject === subject)).map((subject) => alongSql('t.id', subject))

/** Parameters of a field's columns, as `stored` names them. `rows`: it stands in this row of a sub-table. */
export function columnValues(seals: RecordSeals, f: StoredField, value: unknown, rows?: { of: StoredRows; row: string }): unknown[] {
  if (!f.secret) return [encode(f.field, value)]
  if (value === null || value === undefined) return f.stored.map(() => null)
  const sealed = seals.seal(f, value, rows)
  // What is write-only is not found either: an index of it would answer guesses.
  if (kindOf(f.field).isWriteOnly) return f.stored.map((_, i) => (i === 0 ? sealed : null))
  return [sealed, seals.blind(f, value, rows), ...(isFoundByPart(f.field) ? [seals.tags(f, value)] : [])]
}
/** The search column's value from a whole record. */
export function searchValue(defs: Definitions, c: CompiledResource, record: Readonly<Record<string, unknown>>): string | null {
  const fields = defs.tables.get(c.r.table) ?? {}
  return markedSearchText(searchKeys(fields).map((key) => ({ id: idOf(key, fields[key]!), value: record[key] })))
}

/** A database row as a record: column names become keys, cipher text becomes plain. What does not open reads as empty, and is named. */
export function readRow(opener: Opener, c: CompiledResource, row: Readonly<Record<string, unknown>>): ApiRecord {
  const record: ApiRecord = {
    id: row['id'] as string,
    version: row['version'] as number,
    state: row['state'] as ApiRecord['state'],
    createdAt: row['created_at'] as string,
    createdBy: row['created_by'] as string | null,
    updatedAt: row['updated_at'] as string,
    updatedBy: row['updated_by'] as string | null,
    deletedAt: row['deleted_at'] as string | null,
  }
  for (const f of c.fields) {
    const stored = row[f.column]
    // A column that was not selected is not a column that is empty.
    if (stored === undefined) continue
    if (stored !== null && f.secret) {
      const place = { resource: c.r.table, record: record.id, field: f.id }
      record[f.key] = readable(
        record,
        f.key,
        decode(opener, () => place, f.field, stored),
      )
    } else record[f.key] = stored === null ? null : f.toJson ? f.toJson(stored) : stored
  }
  return record
}
/** A value of this record as far as it can be read: what does not open is marked in the record, and empty. */
export function readable(record: ApiRecord, key: string, value: unknown): unknown {
  if (!(value instanceof Unreadable)) return value
  record.unreadable = { ...record.unreadable, [key]: value.why }
  return null
}

/** Shows a protected value with its middle hidden. */
export function mask(field: AnyField | Field, value: unknown): unknown {
  if (value === null || value === undefined) return null
  const kind = kindOf(field)
  if (kind.mask) return kind.mask(value)
  const text = kind.format(value, field, (_, id) => id)
  const letters = [...text]
  const [head, tail] = letters.length > 10 ? [3, 4] : letters.length > 2 ? [1, 1] : [1, 0]
  return (
    letters.slice(0, head).join('') + '*'.repeat(Math.max(1, letters.length - head - tail)) + (tail ? letters.slice(-tail).join('') : '')
  )
}
