import type { Field } from './field.ts'

/** Words that stand for the moment and for whoever fills a record in. */
export const momentWords = { today: '填写当天', now: '填写当时', me: '填写人本人', myUnit: '填写人的科室' } as const
export type MomentWord = keyof typeof momentWords

/** The word that a field may hold in place of a value, by its kind; in any other field the same letters are a text like any. */
export function momentWordOf({ kind, options }: Field): MomentWord | null {
  if (kind === 'date') return 'today'
  if (kind === 'dateTime') return 'now'
  if (kind === 'unit') return 'myUnit'
  return kind === 'person' || (options as { target?: string }).target === 'staff.practitioner' ? 'me' : null
}
export const isMomentWord = (field: Field, given: unknown): given is MomentWord => given !== undefined && given === momentWordOf(field)
