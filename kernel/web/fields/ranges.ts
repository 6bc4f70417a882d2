import type { DateRangeValue, Field } from '#model'

/** A range while it is being filled in: either day may still be missing. */
export const halves = (value: unknown): Partial<DateRangeValue> => (typeof value === 'object' && value !== null ? value : {})
/** A range without beginning and end is no value. */
export const rangeOf = (from: string | null | undefined, to: string | null | undefined): unknown =>
  from || to ? { from: from ?? null, to: to ?? (to === null ? null : '') } : null
export const openWordOf = (field: Field<'dateRange'>): string => field.options.openWord ?? '长期'
