import type { Currency, Field, FieldKind } from '../field.ts'
import { bad, ok, ordered, plainFormat, schemas, type Checked, type KindModel, type KindTable } from '../kind.ts'
import { readMoneyText } from '../money.ts'
import { halfWidth } from '../text-forms.ts'

const decimalText = /^-?\d{1,30}(\.\d{1,20})?$/
type Scaled = Pick<Field<'decimal' | 'money'>, 'options'>
/** Normalises a decimal string to its scale, refusing lost digits. */
function checkDecimal(input: unknown, { options }: Scaled): Checked {
  const text = typeof input === 'number' ? String(input) : typeof input === 'string' ? halfWidth(input).replace(/,/g, '') : ''
  if (!decimalText.test(text)) return bad('请填写数字')
  const { scale, min, max } = options
  const [whole, part = ''] = text.split('.') as [string, string?]
  if (part.replace(/0+$/, '').length > scale) return bad(`最多 ${scale} 位小数`)
  const value = scale ? `${whole}.${part.slice(0, scale).padEnd(scale, '0')}` : whole
  if (min !== undefined && Number(value) < Number(min)) return bad(`不能小于 ${min}`)
  return max !== undefined && Number(value) > Number(max) ? bad(`不能大于 ${max}`) : ok(/^-0+(\.0+)?$/.test(value) ? value.slice(1) : value)
}
/** 12345.60 -> 12,345.60; what is no number (masked) stays. */
export const grouped = (text: string): string =>
  text.replace(/^(-?)(\d+)/, (_, sign: string, whole: string) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','))
export const currencySigns: Readonly<Record<Currency, string>> = { CNY: '¥', USD: 'US$', EUR: '€', HKD: 'HK$', JPY: 'JP¥' }
const signed = (text: string, sign: string): string => (text.startsWith('-') ? `-${sign}${text.slice(1)}` : sign + text)
export const formatMoney = (value: unknown, currency: Currency = 'CNY'): string =>
  typeof value === 'string' && decimalText.test(value) ? signed(grouped(value), currencySigns[currency]) : plainFormat(value)

interface Limits {
  min?: number
  max?: number
}
// Beyond int4 the column would refuse it with a fault instead of a message.
const int4: Required<Limits> = { min: -2_147_483_648, max: 2_147_483_647 }
function checkWhole(input: unknown, limits: Limits, step = 1): Checked {
  if (typeof input !== 'number' || !Number.isSafeInteger(input)) return bad('请填写整数')
  const { min, max } = { ...int4, ...limits }
  if (input < min) return bad(`不能小于 ${min}`)
  if (input > max) return bad(`不能大于 ${max}`)
  return step > 1 && (input - (limits.min ?? 0)) % step !== 0 ? bad(`请按 ${step} 递增填写`) : ok(input)
}
/** Digits as people type them: full width, grouped, with their unit behind them. */
function parseWhole(cell: string, unit = ''): Checked {
  const plain = halfWidth(cell).replace(/,/g, '')
  const bare = (unit && plain.endsWith(unit) ? plain.slice(0, -unit.length) : plain).trim()
  return /^-?\d{1,15}(\.0+)?$/.test(bare) ? ok(Number(bare)) : bad('请填写整数')
}
/** Kinds that are a whole number with another face. */
const whole = <K extends FieldKind>(limitsOf: (field: Field<K>) => Limits & { step?: number; unit?: string }): KindModel<K> => ({
  check: (input, field) => checkWhole(input, limitsOf(field), limitsOf(field).step),
  parse: (cell, field) => parseWhole(cell, limitsOf(field).unit),
  format: plainFormat,
  cell: (value) => value as number,
  operators: ordered,
  sortable: true,
  schema: (field) => {
    const { min, max, step } = limitsOf(field)
    const bounds = { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) }
    return { type: 'integer', ...bounds, ...(step && step > 1 && !min ? { multipleOf: step } : {}) }
  },
  toCel: (value) => (typeof value === 'number' ? BigInt(value) : value),
  isNumber: () => true,
  isPlainFact: true,
})
const yes = new Set(['是', '√', '✓', '有', '开', 'y', 'yes', 'true', 'on', '1'])
const no = new Set(['否', '×', '无', '关', '', 'n', 'no', 'false', 'off', '0'])
const truth = <K extends 'boolean' | 'switch'>(): KindModel<K> => ({
  check: (input) => (typeof input === 'boolean' ? ok(input) : bad('请选择是或否')),
  parse: (cell, { options }) => {
    const plain = halfWidth(cell).toLowerCase()
    if (plain === options.yes || yes.has(plain)) return ok(true)
    return plain === options.no || no.has(plain) ? ok(false) : bad('请填写“是”或“否”')
  },
  format: (value, { options }) => (value === true ? (options.yes ?? '是') : value === false ? (options.no ?? '否') : ''),
  operators: ['eq', 'empty', 'notEmpty'],
  // 是 是 reads badly.
  words: { eq: '为' },
  sortable: true,
  schema: () => schemas.boolean,
  isPlainFact: true,
})
const ratingMax = (field: Field<'rating'>): number => field.options.max ?? 5

export const numbers: KindTable<'integer' | 'decimal' | 'money' | 'boolean' | 'switch' | 'slider' | 'rating' | 'counter' | 'year'> = {
  integer: whole<'integer'>(({ options }) => options),
  decimal: {
    check: checkDecimal,
    parse: (cell, field) => checkDecimal(cell, field),
    format: plainFormat,
    operators: ordered,
    sortable: true,
    schema: () => schemas.text,
    isEndless: true,
    toCel: Number,
    isNumber: () => true,
  },
  money: {
    check: checkDecimal,
    parse: (cell) => readMoneyText(cell),
    format: (value, { options }) => formatMoney(value, options.currency),
    // Plain digits, which a spreadsheet and our own import read alike.
    cell: plainFormat,
    operators: ordered,
    sayOperand: (value, { options }) => formatMoney(String(value), options.currency),
    sortable: true,
    schema: () => schemas.text,
    isEndless: true,
    toCel: Number,
    isNumber: () => true,
  },
  boolean: truth<'boolean'>(),
  switch: { ...truth<'switch'>(), operators: ['eq'], whenAbsent: false },
  slider: whole<'slider'>(({ options }) => ({ ...options, min: options.min ?? 0, max: options.max ?? 100 })),
  rating: {
    ...whole<'rating'>((field) => ({ min: 1, max: ratingMax(field) })),
    parse: (cell, field) => {
      const plain = halfWidth(cell).replace(/[分星级]$/, '')
      if (/^[★☆]+$/.test(plain)) return ok(plain.replace(/☆/g, '').length)
      const named = field.options.words?.indexOf(plain) ?? -1
      return named >= 0 ? ok(named + 1) : parseWhole(plain)
    },
  },
  counter: whole<'counter'>(({ options }) => ({ ...options, min: options.min ?? 0 })),
  year: {
    ...whole<'year'>(({ options }) => ({ min: options.min ?? 1900, max: options.max ?? 2200 })),
    parse: (cell) => {
      const found = /^(\d{4})年?(度)?$/.exec(halfWidth(cell)) ?? /^(\d{4})[-./年]\d{1,2}([-./月]\d{1,2}日?)?$/.exec(halfWidth(cell))
      return found ? ok(Number(found[1])) : bad('请填写年份，如 2026')
    },
  },
}
