import { isDay, parseInstant } from '../clock/day.ts'
import type { Operator } from '../filter/filter.ts'
import type { ChoiceSpec, Choices, Field, FieldKind } from './field.ts'
import { halfWidth, isEndless, parseDayText, readIdentityNumber, readPhone } from './text-forms.ts'

/** The answer of a check: the value to store, or what is wrong, in Chinese, to be shown at the field. */
export type Checked = { value: unknown } | { problem: string }
export interface KindModel<K extends FieldKind> {
  /** Normalises and checks a value as it comes in JSON. Never called with null or undefined. */
  check(input: unknown, field: Field<K>): Checked
  /** Reads a spreadsheet cell; references and the like are resolved by the import. */
  parse(cell: string, field: Field<K>): Checked
  /** Text for display, print and export. References show what `nameOf` says. */
  format(value: unknown, field: Field<K>, nameOf: (target: string, id: string) => string): string
  operators: readonly Operator[]
  sortable: boolean
}

const textual: readonly Operator[] = ['contains', 'eq', 'ne', 'in', 'notIn', 'startsWith', 'empty', 'notEmpty']
const ordered: readonly Operator[] = ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'between', 'empty', 'notEmpty']
const chosen: readonly Operator[] = ['in', 'eq', 'ne', 'notIn', 'empty', 'notEmpty']
const many: readonly Operator[] = ['hasAny', 'has', 'empty', 'notEmpty']
const presence: readonly Operator[] = ['empty', 'notEmpty']
const protectedOps: readonly Operator[] = ['eq', 'empty', 'notEmpty']

const ok = (value: unknown): Checked => ({ value })
const bad = (problem: string): Checked => ({ problem })
const wrongType = bad('格式不对')

function checkText(input: unknown, field: Field, max: number): Checked {
  if (typeof input !== 'string') return wrongType
  // NUL cannot be stored in PostgreSQL text; lone surrogates are no text at all.
  if (input.includes('\u0000') || !input.isWellFormed()) return bad('含有无法保存的字符')
  const value = field.kind === 'text' ? input.trim() : input
  return [...value].length > max ? bad(`最多 ${max} 个字`) : ok(value)
}
function checkDay(input: unknown): Checked {
  return isDay(input)
    ? ok(input)
    : typeof input === 'string' && parseDayText(input)
      ? ok(parseDayText(input))
      : bad('请填写日期，如 2026-05-03')
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)
const checkId = (input: unknown): Checked => (isUuid(input) ? ok(input) : bad('请从列表中选择'))
function checkIds(input: unknown): Checked {
  return Array.isArray(input) && input.length <= 1000 && input.every(isUuid) ? ok([...new Set(input)]) : bad('请从列表中选择')
}

export const choiceLabel = (choices: Choices, key: string): string => {
  const spec = choices[key]
  return spec === undefined ? key : typeof spec === 'string' ? spec : spec.label
}
/** The key of a choice written as key, label or one of its other spellings. */
export function findChoice(choices: Choices, text: string): string | null {
  const plain = halfWidth(text)
  for (const [key, spec] of Object.entries(choices)) {
    const full: ChoiceSpec = typeof spec === 'string' ? { label: spec } : spec
    if (plain === key || plain === full.label || full.alias?.includes(plain)) return key
  }
  return null
}
const labelsOf = (choices: Choices): string => Object.keys(choices).map((key) => choiceLabel(choices, key)).slice(0, 12).join('、') // prettier-ignore

const decimalText = /^-?\d{1,30}(\.\d{1,20})?$/
/** Normalises a decimal string to its scale, refusing lost digits. */
function checkDecimal(input: unknown, field: Field<'decimal'>): Checked {
  const text = typeof input === 'number' ? String(input) : typeof input === 'string' ? halfWidth(input).replace(/,/g, '') : ''
  if (!decimalText.test(text)) return bad('请填写数字')
  const { scale, min, max } = field.options
  const [whole, part = ''] = text.split('.') as [string, string?]
  if (part.replace(/0+$/, '').length > scale) return bad(`最多 ${scale} 位小数`)
  const value = scale ? `${whole}.${part.slice(0, scale).padEnd(scale, '0')}` : whole
  if (min !== undefined && Number(value) < Number(min)) return bad(`不能小于 ${min}`)
  return max !== undefined && Number(value) > Number(max) ? bad(`不能大于 ${max}`) : ok(value)
}
function checkInteger(input: unknown, { options }: Field<'integer'>): Checked {
  if (typeof input !== 'number' || !Number.isSafeInteger(input)) return bad('请填写整数')
  // Beyond int4 the column would refuse it with a fault instead of a message.
  const [min, max] = [options.min ?? -2_147_483_648, options.max ?? 2_147_483_647]
  return input < min ? bad(`不能小于 ${min}`) : input > max ? bad(`不能大于 ${max}`) : ok(input)
}
function checkPattern(value: string, { options }: Field<'text'>): Checked {
  return options.pattern && value !== '' && !new RegExp(options.pattern, 'u').test(value)
    ? bad(options.patternMessage ?? '格式不对')
    : ok(value)
}
const plainFormat = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
const unreadable = (): Checked => bad('此列不能从表格导入')
const names = (value: unknown, target: string, nameOf: (target: string, id: string) => string): string =>
  (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string').map((id: string) => nameOf(target, id)).join('、') // prettier-ignore

const referenceKind = {
  check: checkId,
  parse: (cell: string) => ok(cell),
  operators: chosen,
  sortable: true,
} as const

/** What every kind of field means, on both sides. */
export const kinds: { readonly [K in FieldKind]: KindModel<K> } = {
  text: {
    check: (input, field) => {
      const checked = checkText(input, field, field.options.max ?? 500)
      return 'value' in checked ? checkPattern(checked.value as string, field) : checked
    },
    parse: (cell) => ok(cell.trim()),
    format: plainFormat,
    operators: textual,
    sortable: true,
  },
  longText: {
    check: (input, field) => checkText(input, field, field.options.max ?? 20_000),
    parse: ok,
    format: plainFormat,
    operators: ['contains', 'empty', 'notEmpty'],
    sortable: false,
  },
  integer: {
    check: checkInteger,
    parse: (cell) => (/^-?[\d,]+(\.0+)?$/.test(halfWidth(cell)) ? ok(Number(halfWidth(cell).replace(/,/g, ''))) : bad('请填写整数')),
    format: plainFormat,
    operators: ordered,
    sortable: true,
  },
  decimal: { check: checkDecimal, parse: ok, format: plainFormat, operators: ordered, sortable: true },
  boolean: {
    check: (input) => (typeof input === 'boolean' ? ok(input) : bad('请选择是或否')),
    parse: (cell, { options }) => {
      const plain = halfWidth(cell).toLowerCase()
      if ([options.yes, '是', '√', '✓', '有', 'y', 'yes', 'true', '1'].includes(plain)) return ok(true)
      return [options.no, '否', '×', '无', '', 'n', 'no', 'false', '0'].includes(plain) ? ok(false) : bad('请填写“是”或“否”')
    },
    format: (value, { options }) => (value === true ? (options.yes ?? '是') : value === false ? (options.no ?? '否') : ''),
    operators: ['eq', 'empty', 'notEmpty'],
    sortable: true,
  },
  date: {
    check: checkDay,
    parse: (cell) => (isEndless(cell) ? ok(null) : checkDay(cell)),
    format: plainFormat,
    operators: ordered,
    sortable: true,
  },
  dateTime: {
    check: (input) => {
      const at = parseInstant(input)
      return at ? ok(at.toISOString()) : bad('请填写带时区的时间，如 2026-05-03T08:30:00+08:00')
    },
    parse: (cell) => {
      const found = /^(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(halfWidth(cell))
      const day = found && parseDayText(found[1]!)
      return day
        ? ok(new Date(`${day}T${found[2]!.padStart(2, '0')}:${found[3]}:${found[4] ?? '00'}+08:00`).toISOString())
        : bad('请填写时间，如 2026-05-03 08:30')
    },
    format: (value) => (typeof value === 'string' ? value : ''),
    operators: ordered,
    sortable: true,
  },
  choice: {
    check: (input, { options }) => (typeof input === 'string' && Object.hasOwn(options.choices, input) ? ok(input) : bad('请从选项中选择')),
    parse: (cell, { options }) => {
      const key = findChoice(options.choices, cell)
      return key ? ok(key) : bad(`“${cell}”不是选项，可填：${labelsOf(options.choices)}`)
    },
    format: (value, { options }) => (typeof value === 'string' ? choiceLabel(options.choices, value) : ''),
    operators: chosen,
    sortable: true,
  },
  choices: {
    check: (input, { options }) =>
      Array.isArray(input) && input.every((key) => typeof key === 'string' && Object.hasOwn(options.choices, key))
        ? ok([...new Set(input)])
        : bad('请从选项中选择'),
    parse: (cell, { options }) => {
      const keys = halfWidth(cell).split(/[、,;/\s]+/).filter(Boolean).map((part) => findChoice(options.choices, part)) // prettier-ignore
      return keys.includes(null) ? bad(`可填：${labelsOf(options.choices)}`) : ok(keys)
    },
    format: (value, { options }) => (Array.isArray(value) ? value.map((key: string) => choiceLabel(options.choices, key)).join('、') : ''),
    operators: many,
    sortable: false,
  },
  person: { ...referenceKind, format: (value, { options }, nameOf) => names(value, options.target, nameOf) },
  unit: {
    ...referenceKind,
    format: (value, { options }, nameOf) => names(value, options.target, nameOf),
    operators: ['under', ...chosen],
  },
  reference: { ...referenceKind, format: (value, { options }, nameOf) => names(value, options.target, nameOf) },
  references: {
    check: checkIds,
    parse: ok,
    format: (value, { options }, nameOf) => names(value, options.target, nameOf),
    operators: many,
    sortable: false,
  },
  rows: {
    check: (input) => (Array.isArray(input) && input.length <= 5000 ? ok(input) : wrongType),
    parse: unreadable,
    format: (value) => (Array.isArray(value) ? `${value.length} 行` : ''),
    operators: presence,
    sortable: false,
  },
  files: {
    check: (input, { options }) => {
      const checked = checkIds(input)
      const most = options.maxFiles ?? 50
      return 'value' in checked && (checked.value as string[]).length > most ? bad(`最多 ${most} 个附件`) : checked
    },
    parse: unreadable,
    format: (value) => (Array.isArray(value) && value.length ? `${value.length} 个附件` : ''),
    operators: presence,
    sortable: false,
  },
  signature: { check: checkId, parse: unreadable, format: (value) => (value ? '已签名' : ''), operators: presence, sortable: false },
  phone: {
    check: (input, { options }) => (typeof input === 'string' ? readPhone(input, options.mobileOnly ?? false) : wrongType),
    parse: (cell, { options }) => readPhone(cell, options.mobileOnly ?? false),
    format: plainFormat,
    operators: protectedOps,
    sortable: false,
  },
  identityNumber: {
    check: (input) => (typeof input === 'string' ? readIdentityNumber(input) : wrongType),
    parse: readIdentityNumber,
    format: plainFormat,
    operators: protectedOps,
    sortable: false,
  },
  autoNumber: { check: (input, field) => checkText(input, field, 100), parse: ok, format: plainFormat, operators: textual, sortable: true },
  formula: { check: () => bad('此项由系统计算'), parse: unreadable, format: plainFormat, operators: ordered, sortable: true },
}

/** The model of a field's kind, typed for a field whose kind is only known at run time. */
export const kindOf = (field: Field): KindModel<FieldKind> => kinds[field.kind]
