import type { Choices, CommonOptions, Draft, Field, Fields, KindOptions, RowValue } from './field.ts'
import { make, simple, type Options } from './make.ts'

export const text = simple<'text', string>('text')
export const longText = simple<'longText', string>('longText')
export const integer = simple<'integer', number>('integer')
export const boolean = simple<'boolean', boolean>('boolean')
/** A day without zone, `YYYY-MM-DD`. */
export const date = simple<'date', string>('date')
/** An instant, ISO 8601 with zone. */
export const dateTime = simple<'dateTime', string>('dateTime')
export const files = simple<'files', string[]>('files')
export const signature = simple<'signature', string>('signature')
export const phone = simple<'phone', string>('phone')
export const identityNumber = simple<'identityNumber', string>('identityNumber')

/** A decimal with a stated number of places; a string at the edge, exact inside. */
export function decimal<R extends boolean = false>(
  label: string,
  scale: number,
  options: Options<'decimal', R> = {},
): Field<'decimal', string, R> {
  return make('decimal', label, options, { scale })
}
export function choice<const C extends Choices, R extends boolean = false>(
  label: string,
  choices: C,
  options: Options<'choice', R> = {},
): Field<'choice', keyof C & string, R> {
  return make('choice', label, options, { choices })
}
export function choices<const C extends Choices, R extends boolean = false>(
  label: string,
  list: C,
  options: Options<'choices', R> = {},
): Field<'choices', (keyof C & string)[], R> {
  return make('choices', label, options, { choices: list })
}
export function person<R extends boolean = false>(label: string, options: Options<'person', R> = {}): Field<'person', string, R> {
  return make('person', label, options, { target: 'directory.person' })
}
export function unit<R extends boolean = false>(label: string, options: Options<'unit', R> = {}): Field<'unit', string, R> {
  return make('unit', label, options, { target: 'directory.unit' })
}
/** A reference names its target by name: two types that point at each other cannot infer from each other. */
export function reference<R extends boolean = false>(
  label: string,
  target: string,
  options: Options<'reference', R> = {},
): Field<'reference', string, R> {
  return make('reference', label, options, { target })
}
export function references<R extends boolean = false>(
  label: string,
  target: string,
  options: Options<'references', R> = {},
): Field<'references', string[], R> {
  return make('references', label, options, { target })
}
/** A sub-table: rows with ids of their own under their parent; a change of a row raises the parent's version. */
export function rows<const F extends Fields, R extends boolean = false>(
  label: string,
  fields: F,
  options: Options<'rows', R> = {},
): Field<'rows', (RowValue<F> | (Draft<F> & { id?: string }))[], R> {
  return make('rows', label, options, { fields })
}
/** A document number given by the system at submit, e.g. `SQ-2026-00417`. */
export function autoNumber(label: string, prefix: string, options: Options<'autoNumber', true> = {}): Field<'autoNumber', string, true> {
  return make(
    'autoNumber',
    label,
    { readOnly: true, ...options, required: true },
    { prefix, digits: options.digits ?? 5, perYear: options.perYear ?? true },
  )
}
/** Computed on write from fields of the same row by a CEL expression. */
export function formula(
  label: string,
  expression: string,
  result: KindOptions['formula']['result'],
  options: CommonOptions = {},
): Field<'formula', string, false> {
  return make('formula', label, { readOnly: true, ...options }, { expression, result })
}
