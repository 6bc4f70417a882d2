import { dayOf, expression, kindOf, limitProblem, type Field, type Fields } from '#model'
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
  return checked.value === null ? (isRequired ? `请填写${field.label}` : null) : limitProblem(field, checked.value, dayOf(new Date()))
}
