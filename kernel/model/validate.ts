import { isDay } from './clock/day.ts'
import { expression } from './expression/expression.ts'
import type { Field, Fields } from './fields/field.ts'
import { isGiven, isUuid, kindOf } from './fields/kinds.ts'
import type { FieldProblem } from './refusals.ts'

export interface ValidateOptions {
  today: string
  /** Keys that this writer may not set; given anyway they are a problem. */
  readOnly?: ReadonlySet<string>
  /** Keys that this writer must fill in besides. */
  required?: ReadonlySet<string> | undefined
  /** Only these keys are being changed; others stand as stored. */
  changed?: ReadonlySet<string>
  rules?: readonly { at: string; holds: string; message: string }[]
}
const absent = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Normalises and checks a whole record. The same in the form and on the server; answers the values to store and every problem at its field. */
export function validateRecord(
  fields: Fields,
  input: Readonly<Record<string, unknown>>,
  options: ValidateOptions,
): { values: Record<string, unknown>; problems: FieldProblem[] } {
  const values: Record<string, unknown> = {}
  const problems: FieldProblem[] = []
  for (const key of Object.keys(input)) if (!Object.hasOwn(fields, key)) problems.push({ field: key, message: '没有这个字段' })
  for (const [key, field] of Object.entries(fields)) {
    const touched = !options.changed || options.changed.has(key)
    if (touched && options.readOnly?.has(key) && input[key] !== undefined) problems.push({ field: key, message: '此项不能修改' })
    // What is kept from other records is written by nobody here.
    if (field.derived) {
      values[key] = input[key] ?? null
      continue
    }
    values[key] = touched ? checkField(key, field, input[key], options, problems) : (input[key] ?? null)
  }
  computeFormulas(fields, values)
  checkNeeded(fields, values, problems, options.required)
  const failing = new Set(problems.map((p) => p.field))
  for (const rule of options.rules ?? [])
    if (!failing.has(rule.at) && expression(rule.holds, fields).evaluate(values) === false)
      problems.push({ field: rule.at, message: rule.message })
  return { values, problems }
}

function checkField(key: string, field: Field, given: unknown, options: ValidateOptions, problems: FieldProblem[]): unknown {
  if (field.kind === 'rows') return checkRows(key, field as Field<'rows'>, given, options, problems)
  if (absent(given)) return Array.isArray(given) && !kindOf(field).emptyIsNull ? [] : (kindOf(field).whenAbsent ?? null)
  if (field.kind === 'formula') return null
  const checked = kindOf(field).check(given, field)
  if ('problem' in checked) {
    problems.push({ field: key, message: checked.problem })
    return null
  }
  const outside = checked.value === null ? null : limitProblem(field, checked.value, options.today)
  if (outside) problems.push({ field: key, message: outside })
  return checked.value
}

/** What is wrong with a value that is well formed by itself, on this day. */
export const limitProblem = (field: Field, value: unknown, today: string): string | null =>
  kindOf(field).limits?.(value, field, today) ?? null

function checkRows(key: string, field: Field<'rows'>, given: unknown, options: ValidateOptions, problems: FieldProblem[]): unknown[] {
  if (absent(given)) given = []
  if (!Array.isArray(given)) {
    problems.push({ field: key, message: '格式不对' })
    return []
  }
  const { min, max, fields } = field.options
  if (min && given.length < min) problems.push({ field: key, message: `至少填写 ${min} 行` })
  if (given.length > (max ?? 2000)) problems.push({ field: key, message: `最多 ${max ?? 2000} 行` })
  return given.slice(0, max ?? 2000).map((row: unknown, at) => {
    if (typeof row !== 'object' || row === null) {
      problems.push({ field: `${key}.${at}`, message: '格式不对' })
      return {}
    }
    const { id, ...rest } = row as Record<string, unknown>
    const inner = validateRecord(fields, rest, { today: options.today })
    problems.push(...inner.problems.map((p) => ({ field: `${key}.${at}.${p.field}`, message: p.message })))
    return isUuid(id) ? { ...inner.values, id } : inner.values
  })
}

/** Formulas may read each other: at most as many rounds as there are formulas. */
export function computeFormulas(fields: Fields, values: Record<string, unknown>): void {
  const formulas = Object.entries(fields).filter(([, f]) => f.kind === 'formula') as [string, Field<'formula'>][]
  for (let round = 0, moved = true; moved && round < formulas.length; round++) {
    moved = false
    for (const [key, field] of formulas) {
      const stored = formulaResult(field, expression(field.options.expression, fields).evaluate(values) ?? null)
      if (stored !== values[key]) moved = true
      values[key] = stored
    }
  }
}

const mostOfInteger = 2 ** 31 - 1
/**
 * What a formula's value is stored and shown as, by the kind of result that is declared: a decimal with its places and a whole number half up, no more
 * of a text than a form would take. Null where the value is of another kind, or wider than its column.
 */
export function formulaResult({ options: { result, scale } }: Field<'formula'>, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (result) {
    case 'text':
      return typeof value === 'boolean' ? (value ? '是' : '否') : String(value).slice(0, 5000)
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return isDay(value) ? value : null
    case 'integer':
      return wholeOf(numberOf(value))
    case 'decimal':
      return decimalOf(numberOf(value), scale)
  }
}
/** A number, or the text of one: an amount is one. */
function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
// A half that fell short by the width of a double is a half.
const halfUp = (value: number): number => Math.sign(value) * Math.round(Math.abs(value) * (1 + 1e-13))
function wholeOf(value: number | null): number | null {
  const whole = value === null ? null : halfUp(value) + 0
  return whole === null || Math.abs(whole) > mostOfInteger ? null : whole
}
function decimalOf(value: number | null, scale: number | undefined): string | null {
  if (value === null) return null
  if (scale === undefined) return String(Number(value.toPrecision(15)))
  if (Math.abs(value) * 10 ** scale > Number.MAX_SAFE_INTEGER) return String(value)
  return (halfUp(value * 10 ** scale) / 10 ** scale).toFixed(scale)
}

/** Is the field shown, and must it be filled, given the other values? */
export function fieldStance(
  fields: Fields,
  key: string,
  values: Readonly<Record<string, unknown>>,
): { visible: boolean; required: boolean } {
  const field = fields[key]!
  const visible = !field.visibleWhen || expression(field.visibleWhen, fields).evaluate(values) === true
  return {
    visible,
    required: visible && (field.required || (!!field.requiredWhen && expression(field.requiredWhen, fields).evaluate(values) === true)),
  }
}
function checkNeeded(
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  problems: FieldProblem[],
  besides?: ReadonlySet<string>,
): void {
  const failing = new Set(problems.map((p) => p.field))
  for (const [key, field] of Object.entries(fields)) {
    if (isGiven(field) || failing.has(key) || !absent(values[key])) continue
    const { visible, required } = fieldStance(fields, key, values)
    if (required || (visible && besides?.has(key))) problems.push({ field: key, message: `请填写${field.label}` })
  }
}
