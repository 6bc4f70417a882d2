import { isFoundByPart, isProtected, kindOf, memberTargets, type AddressValue, type DateRangeValue, type Field, type FieldKind, type KindOptions, type LocationValue, type Operator, type Scalar } from '#model' // prettier-ignore
import { divisionPrefix, noDivision } from '#kernel/model/fields/kinds/places.ts'
import type { Place } from '../protection/cipher.ts'
import { Unreadable, type Opener } from '../protection/subject-keys.ts'
import { likeText } from './like.ts'
import { blindOf, tagsOf } from './naming.ts'

/** What a kind says of an operator in SQL: parameters go through `param`. */
export interface SqlCondition<K extends FieldKind> {
  sql: string
  options: KindOptions[K]
  op: Operator
  operands: readonly Scalar[]
  param(value: unknown, cast?: string): string
  /** A value that the type accepts, or a refusal. */
  typed(value: Scalar, type: string): unknown
  /** The ids below these in a tree of records. */
  below(target: string, parent: string, ids: readonly string[]): string
}
/** How a kind of field is stored. `sql` null: it has no column of its own (a sub-table). */
export interface ColumnModel<K extends FieldKind> {
  sql(options: KindOptions[K]): string | null
  /** Index method and operator class for a single-column index, where a btree does not serve. */
  gin?: boolean
  /** References another table's id, for titles and "what points here". */
  refers?: boolean
  /** Sorted by pinyin. */
  isCollated?: boolean
  /** What it is sorted by, where that is not the column: text of SQL over it, and its type. */
  order?(sql: string): { sql: string; type: string }
  /** Records that it names beside its `target`: SQL over the column, true where it holds the id in $1. */
  pointing?: readonly { target: string; holds: (sql: string) => string; /** All ids that it names there. */ ids: (sql: string) => string }[]
  toDatabase?(value: unknown): unknown
  toJson?(value: unknown): unknown
  /** Where an operator means something of its own; the same as the kind's `holds` in memory. Undefined leaves it to the usual. */
  condition?(c: SqlCondition<K>): string | undefined
}

const result = { text: 'text', integer: 'integer', decimal: 'numeric', boolean: 'boolean', date: 'date' } as const
const text = { sql: () => 'text' } as const
const integer = { sql: () => 'integer' } as const
const boolean = { sql: () => 'boolean' } as const
const scaled = { sql: ({ scale }: { scale: number }) => `numeric(38,${scale})` } as const
const one = { sql: () => 'uuid', refers: true } as const
const ids = { sql: () => 'uuid[]' } as const
const words = { sql: () => 'text[]', gin: true } as const

/** A range of days; PostgreSQL keeps the day behind the last. */
const range = /^\[(\d{4}-\d{2}-\d{2}),(\d{4}-\d{2}-\d{2})?\)$/
const dateRange: ColumnModel<'dateRange'> = {
  sql: () => 'daterange',
  order: (sql) => ({ sql: `lower(${sql})`, type: 'date' }),
  toDatabase: (value) => {
    const { from, to } = value as DateRangeValue
    return `[${from},${to ?? ''}${to ? ']' : ')'}`
  },
  toJson: (stored) => {
    const [, from, behind] = range.exec(String(stored)) ?? []
    return from ? { from, to: behind ? dayBefore(behind) : null } : null
  },
  condition: ({ sql, op, operands, param, typed }) => {
    const days = operands.map((day) => typed(day, 'date'))
    if (op === 'has') return days.length ? `${sql} @> ${param(days[0], '::date')}` : 'FALSE'
    if (op !== 'between') return undefined
    if (days.length !== 2 || String(days[0]) > String(days[1])) return 'FALSE'
    return `${sql} && daterange(${param(days[0], '::date')}, ${param(days[1], '::date')}, '[]')`
  },
}
const dayBefore = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Structures are kept as json, not jsonb: their parts stay in the order in which the check puts them, so that nothing looks changed. */
const structure = { sql: () => 'json' } as const
const address: ColumnModel<'address'> = {
  ...structure,
  order: (sql) => ({ sql: `(${sql} ->> 'code')`, type: 'text' }),
  toJson: (stored) => {
    const { code, region, detail } = stored as AddressValue
    return { code, region, detail }
  },
  condition: ({ sql, op, operands, param }) => {
    if (op === 'contains')
      return operands.length
        ? `lower((${sql} ->> 'region') || (${sql} ->> 'detail')) LIKE ${param(`%${likeText(operands[0]!)}%`)}`
        : 'FALSE'
    if (op === 'eq')
      return operands.length
        ? `(${sql} IS NOT NULL AND coalesce(${sql} ->> 'code', '${noDivision}') = ANY(${param(operands.map(String), '::text[]')}))`
        : 'FALSE'
    if (op !== 'under') return undefined
    const prefixes = operands.map((code) => `${likeText(divisionPrefix(String(code)))}%`)
    return prefixes.length ? `(${sql} ->> 'code') LIKE ANY(${param(prefixes, '::text[]')})` : 'FALSE'
  },
}
const location: ColumnModel<'location'> = {
  ...structure,
  toJson: (stored) => {
    const { lat, lon, accuracy } = stored as LocationValue
    return { lat, lon, accuracy }
  },
}
const richText: ColumnModel<'richText'> = {
  ...structure,
  condition: ({ sql, op, operands, param }) =>
    op !== 'contains'
      ? undefined
      : operands.length
        ? `lower((SELECT string_agg(piece #>> '{}', '' ORDER BY at) FROM jsonb_path_query(${sql}::jsonb, 'strict $.**.text') WITH ORDINALITY AS pieces(piece, at))) LIKE ${param(`%${likeText(operands[0]!)}%`)}`
        : 'FALSE',
}
const cascade: ColumnModel<'cascade'> = {
  ...text,
  condition: ({ sql, op, operands, param }) => {
    if (op !== 'under') return undefined
    const ways = operands.map(String)
    if (ways.length === 0) return 'FALSE'
    return `(${sql} = ANY(${param(ways, '::text[]')}) OR ${sql} LIKE ANY(${param(ways.map((way) => `${likePlain(way)}/%`), '::text[]')}))` // prettier-ignore
  },
}
const likePlain = (value: string): string => value.replace(/[\\%_]/g, (c) => `\\${c}`)
const tree: ColumnModel<'tree'> = {
  ...one,
  condition: ({ sql, op, options, operands, below, typed }) =>
    op === 'under' && options.target !== 'directory.unit'
      ? operands.length
        ? `${sql} IN (${below(options.target, options.parent, operands.map((id) => String(typed(id, 'uuid'))))})` // prettier-ignore
        : 'FALSE'
      : undefined,
}
const clock: ColumnModel<'time'> = { sql: () => 'time without time zone', toJson: (stored) => String(stored).slice(0, 5) }

export const columns: { readonly [K in FieldKind]: ColumnModel<K> } = {
  text: { ...text, isCollated: true },
  longText: text,
  integer,
  decimal: scaled,
  boolean,
  date: { sql: () => 'date' },
  dateTime: { sql: () => 'timestamptz' },
  choice: text,
  choices: words,
  person: one,
  unit: one,
  reference: one,
  references: { ...ids, gin: true },
  rows: { sql: () => null },
  files: ids,
  signature: { sql: () => 'uuid' },
  phone: text,
  identityNumber: text,
  autoNumber: text,
  formula: { sql: ({ result: kind }) => result[kind] },
  money: scaled,
  time: clock,
  year: integer,
  yearMonth: text,
  switch: boolean,
  slider: integer,
  rating: integer,
  counter: integer,
  colour: text,
  email: text,
  url: text,
  password: text,
  tags: words,
  dateRange,
  cascade,
  address,
  location,
  tree,
  members: {
    ...words,
    pointing: Object.entries(memberTargets).map(([kind, target]) => ({
      target,
      holds: (sql) => `${sql} @> ARRAY['${kind}:' || $1::uuid::text]`,
      ids: (sql) => `ARRAY(SELECT substr(m, ${kind.length + 2})::uuid FROM unnest(${sql}) m WHERE m LIKE '${kind}:%')`,
    })),
  },
  image: ids,
  video: ids,
  audio: ids,
  barcode: text,
  richText,
}
export const columnModel = (field: Field): ColumnModel<FieldKind> => columns[field.kind]
/** What stands beside a protected column so that it is found: its blind index, and the tags of its parts where it is found by them. */
export const findingColumns = (column: string, field: Field): { name: string; type: string }[] => [
  ...(isProtected(field) ? [{ name: blindOf(column), type: 'bytea' }] : []),
  ...(isFoundByPart(field) ? [{ name: tagsOf(column), type: 'integer[]' }] : []),
]
/** The column's type, cipher text for protected fields; null without a column. */
export function columnType(field: Field): string | null {
  const sql = columnModel(field).sql(field.options)
  return sql === null ? null : isProtected(field) ? 'bytea' : sql
}

/** A plain value on its way into its column. */
export function encode(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null
  const { toDatabase } = columnModel(field)
  return toDatabase ? toDatabase(value) : value
}
/** A protected value as the text that is sealed, and back. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
export const plainOf = (field: Field, text: string): unknown =>
  kindOf(field).schema(field)['type'] === 'string' ? text : (JSON.parse(text) as unknown)

/** A value on its way out of its column; one that is protected and does not open is answered as such. */
export function decode(opener: Opener, place: () => Place, field: Field, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null
  if (!isProtected(field)) return columnModel(field).toJson?.(stored) ?? stored
  const opened = opener.tryOpen(place(), stored as Buffer)
  return opened instanceof Unreadable ? opened : plainOf(field, opened)
}
