import type { Field, FieldKind, Operand, Operator } from '#model'
import type { ComponentType } from 'react'

/** What an input is given. Values are as in JSON; null is empty. */
export interface InputProps<K extends FieldKind = FieldKind> {
  id: string
  field: Field<K>
  value: unknown
  onChange: (value: unknown) => void
  onBlur?: (() => void) | undefined
  isInvalid?: boolean | undefined
  isDisabled?: boolean | undefined
  /** Id of the element that holds help and problem. */
  describedBy?: string | undefined
  autoFocus?: boolean | undefined
}
export interface DisplayProps<K extends FieldKind = FieldKind> {
  field: Field<K>
  value: unknown
}
export interface FilterValueProps<K extends FieldKind = FieldKind> {
  field: Field<K>
  op: Operator
  value: Operand | undefined
  onChange: (value: Operand | undefined) => void
}

/** One entry per kind of field: its input (on a phone its own where touch asks for it), its display in a record, in a row, and in a condition. */
export interface FieldView<K extends FieldKind> {
  Input: ComponentType<InputProps<K>>
  PhoneInput?: ComponentType<InputProps<K>>
  Display: ComponentType<DisplayProps<K>>
  Cell: ComponentType<DisplayProps<K>>
  /** On paper, where a cell says too little. */
  Print?: ComponentType<DisplayProps<K>>
  /** Null: only "empty" and "not empty" can be asked. */
  FilterValue: ComponentType<FilterValueProps<K>> | null
  /** Width of its column, in pixels. */
  width: number
  align?: 'right'
  /** Needs the whole width of a form. */
  isWide?: boolean
}

export const asText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
export const asList = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [])
export const isEmptyValue = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
