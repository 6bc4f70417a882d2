import type { Field, FieldKind } from '#model'
import { useIsPhone } from '../shell/use-is-phone.ts'
import type { FieldView, FilterValueProps, InputProps } from './field-view.ts'

type Views = { readonly [K in FieldKind]: FieldView<K> }
let views: Views | null = null
/** Sub-tables draw fields within fields: the table of views is set from outside, so that no file imports itself in a circle. */
export const setViews = (table: Views): void => void (views = table)

/** The view of a field whose kind is only known at run time. */
export function viewOf(field: Field): FieldView<FieldKind> {
  if (!views) throw new Error('import fields from fields/index.ts')
  return views[field.kind] as unknown as FieldView<FieldKind>
}
export function InputOf(props: InputProps) {
  const { Input, PhoneInput } = viewOf(props.field)
  const isPhone = useIsPhone()
  return isPhone && PhoneInput ? <PhoneInput {...props} /> : <Input {...props} />
}
export function DisplayOf({ field, value }: { field: Field; value: unknown }) {
  const { Display } = viewOf(field)
  return <Display field={field} value={value} />
}
export function CellOf({ field, value }: { field: Field; value: unknown }) {
  const { Cell } = viewOf(field)
  return <Cell field={field} value={value} />
}
/** A value as it stands on paper. */
export function PrintOf({ field, value }: { field: Field; value: unknown }) {
  const { Print, Cell } = viewOf(field)
  return Print ? <Print field={field} value={value} /> : <Cell field={field} value={value} />
}
export function FilterValueOf(props: FilterValueProps) {
  const { FilterValue } = viewOf(props.field)
  return FilterValue ? <FilterValue {...props} /> : null
}
