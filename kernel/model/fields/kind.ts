import type { Operator, Scalar } from '../filter/filter.ts'
import type { FieldClass } from './classes.ts'
import type { Field, FieldKind } from './field.ts'
import { isDay } from '../clock/day.ts'
import { parseDayText } from './text-forms.ts'

/** The answer of a check: the value to store, or what is wrong, in Chinese, to be shown at the field. */
export type Checked = { value: unknown } | { problem: string }
export type NameOf = (target: string, id: string) => string
/** A value's reference to a record. */
export interface Referred {
  target: string
  id: string
}

/** What a kind of field means, on both sides: one entry in a table of `kinds/`. */
export interface KindModel<K extends FieldKind> {
  /** Normalises and checks a value as it comes in JSON. Never called with null or undefined. */
  check(input: unknown, field: Field<K>): Checked
  /** Reads a spreadsheet cell as people really type it; references and the like are resolved by the import. */
  parse(cell: string, field: Field<K>): Checked
  /** Text for display, print and export. References show what `nameOf` says. */
  format(value: unknown, field: Field<K>, nameOf: NameOf): string
  /** The value in a cell of an export, where it is not the text: a number that a spreadsheet can add up. */
  cell?(value: unknown, field: Field<K>): string | number
  operators: readonly Operator[]
  /** What a person is offered of them, in this order: of two that he cannot tell apart, one. */
  offered?: readonly Operator[]
  /** Words of operators that read badly in this kind's sentence. */
  words?: Readonly<Partial<Record<Operator, string>>>
  /** A value compared with, in words. */
  sayOperand?(value: Scalar, field: Field<K>): string
  /** Where an operator means something else than over scalars and lists; undefined leaves it to the usual meaning. The store's column says the same in SQL. */
  holds?(value: unknown, op: Operator, operands: readonly Scalar[]): boolean | undefined
  sortable: boolean
  /** JSON Schema of the value as it travels. */
  schema(field: Field<K>): Readonly<Record<string, unknown>>
  /** The value in the expression language, where it is not as it travels. */
  toCel?(value: unknown): unknown
  /** Limits that depend on the day, as a problem. */
  limits?(value: unknown, field: Field<K>, today: string): string | null
  /** Records that a value names, where the field has no `target`. */
  refers?(value: unknown, field: Field<K>): Referred[]
  /** How a protected value is shown to who sees a part only. */
  mask?(value: unknown): string
  /** What stands there when nothing was given; null when not said. */
  whenAbsent?: unknown
  /** No value is null, not an empty list. */
  emptyIsNull?: true
  /** Filled in by the system: no form asks for it. */
  isComputed?: true
  /** What a table's cell cannot give. */
  notImported?: true
  /** Each record's own: never set for many at once. */
  isOwn?: true
  /** Never taken over from another record. */
  notCopied?: true
  /** Too long for a column. */
  isLong?: true
  /** A cell keeps its words only: one that says the same leaves it as it is. */
  cellKeepsWords?: true
  /** Readers learn only whether there is one. */
  isWriteOnly?: true
  /** Its words come from the divisions, which a browser loads when they are needed. */
  needsDivisions?: true
  /** Files of these types are what it holds; `*` any. */
  holdsFiles?: readonly string[]
  /** The class of such fields, where the declaration says none; internal when not said. */
  class?: FieldClass
  /** Has no equality that a key could ask for. */
  isNoKey?: true
  /** Nearly every record has another one, or none that could head a group: not offered to group by. */
  isEndless?: true
  /** Days or instants: grouped by year, month or day. */
  isDated?: true
  /** Can be summed up. */
  isNumber?(field: Field<K>): boolean
  /** A short fact that may stand beside a record's name. */
  isPlainFact?: true
}
/** The entries of some kinds: every file of `kinds/` gives one such table. */
export type KindTable<K extends FieldKind> = { readonly [One in K]: KindModel<One> }

export const textual: readonly Operator[] = ['contains', 'eq', 'ne', 'in', 'notIn', 'startsWith', 'empty', 'notEmpty']
export const ordered: readonly Operator[] = ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'between', 'empty', 'notEmpty']
export const chosen: readonly Operator[] = ['in', 'eq', 'ne', 'notIn', 'empty', 'notEmpty']
export const offeredChosen: readonly Operator[] = ['in', 'notIn', 'empty', 'notEmpty']
export const many: readonly Operator[] = ['hasAny', 'has', 'empty', 'notEmpty']
export const presence: readonly Operator[] = ['empty', 'notEmpty']
export const protectedOps: readonly Operator[] = ['eq', 'empty', 'notEmpty']
export const listWords = { in: '是其中之一', notIn: '都不是' } as const

/** What stands for a write-only value that is there. */
export const writeOnlyMark = '••••••'

export const ok = (value: unknown): Checked => ({ value })
export const bad = (problem: string): Checked => ({ problem })
export const wrongType = bad('格式不对')
export const unreadable = (): Checked => bad('此列不能从表格导入')
export const plainFormat = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
export const dayPattern = '^\\d{4}-\\d{2}-\\d{2}$'

/** Text that can be stored: no NUL, no half of a character, not too long. */
export function checkText(input: unknown, max: number, isTrimmed = true): Checked {
  if (typeof input !== 'string') return wrongType
  // NUL cannot be stored in PostgreSQL text; lone surrogates are no text at all.
  if (input.includes('\u0000') || !input.isWellFormed()) return bad('含有无法保存的字符')
  const value = isTrimmed ? input.trim() : input
  return [...value].length > max ? bad(`最多 ${max} 个字`) : ok(value)
}
/** A day as it travels or as people write it. */
export function checkDay(input: unknown): Checked {
  const day = isDay(input) ? input : typeof input === 'string' ? parseDayText(input) : null
  return day ? ok(day) : bad('请填写日期，如 2026-05-03')
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)
export const checkId = (input: unknown): Checked => (isUuid(input) ? ok(input) : bad('请从列表中选择'))
export const checkIds = (input: unknown): Checked =>
  Array.isArray(input) && input.length <= 1000 && input.every(isUuid) ? ok([...new Set(input)]) : bad('请从列表中选择')

/** Schemas that several kinds share. */
export const schemas = {
  text: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  uuids: { type: 'array', items: { type: 'string', format: 'uuid' } },
  boolean: { type: 'boolean' },
} as const
