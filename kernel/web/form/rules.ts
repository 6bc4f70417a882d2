import { expression, isDay, kindOf, type Field, type Fields } from '#model'
import { dayOf } from '#model'
import { isEmptyValue } from '../fields/field-view.ts'

/** A broken expression must not take the form with it: the server has proved them all. */
export function evaluate(text: string, fields: Fields, record: Readonly<Record<string, unknown>>): unknown {
  try {
    return expression(text, fields).evaluate(record)
  } catch {
    return null
  }
}
export const isRuleTrue = (text: string, fields: Fields, record: Readonly<Record<string, unknown>>): boolean =>
  evaluate(text, fields, record) === true

/** The problem of a value at its field, or null. The server judges again. */
export function checkField(field: Field, value: unknown, isRequired: boolean): string | null {
  if (isEmptyValue(value)) return isRequired ? `请填写${field.label}` : null
  const checked = kindOf(field).check(value, field)
  if ('problem' in checked) return checked.problem
  if (field.kind === 'date' && isDay(checked.value)) return checkDayLimits(field, checked.value)
  if (field.kind === 'rows') return checkRowCount(field, value)
  return null
}
function checkDayLimits(field: Field, day: string): string | null {
  const { min, max } = field.options as { min?: string; max?: string }
  const today = dayOf(new Date())
  if (min && day < (min === 'today' ? today : min)) return min === 'today' ? '不能早于今天' : `不能早于 ${min}`
  return max && day > (max === 'today' ? today : max) ? (max === 'today' ? '不能晚于今天' : `不能晚于 ${max}`) : null
}
function checkRowCount(field: Field, value: unknown): string | null {
  const { min, max } = field.options as { min?: number; max?: number }
  const count = Array.isArray(value) ? value.length : 0
  if (min !== undefined && count < min) return `至少 ${min} 项`
  return max !== undefined && count > max ? `最多 ${max} 项` : null
}

/** Which fields an expression may read: every name in it, strings left out. More than needed does no harm. */
export function readsOf(text: string, fields: Fields): string[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ')
  return [...new Set(bare.match(/[A-Za-z_]\w*/g) ?? [])].filter((name) => Object.hasOwn(fields, name))
}
