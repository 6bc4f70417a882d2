import type { Field, FieldKind } from './field.ts'
import type { KindModel } from './kind.ts'
import { choiceKinds } from './kinds/choices.ts'
import { days } from './kinds/days.ts'
import { fileKinds } from './kinds/files.ts'
import { numbers } from './kinds/numbers.ts'
import { places } from './kinds/places.ts'
import { references } from './kinds/references.ts'
import { richTexts } from './kinds/rich-texts.ts'
import { texts } from './kinds/texts.ts'

/** What every kind of field means, on both sides. A kind without an entry is a type error. */
export const kinds: { readonly [K in FieldKind]: KindModel<K> } = {
  ...texts, ...numbers, ...days, ...choiceKinds, ...references, ...fileKinds, ...places, ...richTexts,
} // prettier-ignore

/** The model of a field's kind, typed for a field whose kind is only known at run time. */
export const kindOf = (field: Field): KindModel<FieldKind> => kinds[field.kind]

/** Is the value the system's own: computed, numbered or kept from other records? */
export const isGiven = (field: Field): boolean => kindOf(field).isComputed === true || field.derived !== undefined
/** Records that a value names: one target for all of it, or each its own. */
export function referredBy(field: Field, value: unknown): { target: string; id: string }[] {
  const own = kindOf(field).refers
  if (own) return own(value, field)
  const { target } = field.options as { target?: string }
  return target === undefined ? [] : [value].flat().flatMap((id) => (typeof id === 'string' ? [{ target, id }] : []))
}
/** The value in a cell of a table to be taken away: a number where a spreadsheet adds up, else its text. */
export const cellOf = (field: Field, value: unknown, nameOf: (target: string, id: string) => string): string | number =>
  value === null || value === undefined ? '' : (kindOf(field).cell?.(value, field) ?? kindOf(field).format(value, field, nameOf))

export { checkDay, isUuid, writeOnlyMark, type Checked, type KindModel } from './kind.ts'
export { cascadeLabel, cascadeWay, choiceLabel, findChoice, isStopped, offeredChoices } from './kinds/choices.ts'
export { isRange } from './kinds/days.ts'
export { fitsType } from './kinds/files.ts'
export { currencySigns, formatMoney, grouped } from './kinds/numbers.ts'
export { addressText, locationText, readLocation } from './kinds/places.ts'
export { memberKindsOf, memberTargets, postLabels, readMember } from './kinds/references.ts'
export { readTags } from './kinds/choices.ts'
