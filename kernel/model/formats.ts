import { filterProblem, readFilter, type Filter } from './filter/filter.ts'

/** What a format by rule may look like: the tones of the product, each with its own mark. */
export const formatTones = { good: '绿', warn: '橙', bad: '红', info: '蓝', neutral: '灰' } as const
export type FormatTone = keyof typeof formatTones
/** A row, or one cell of it, that stands out while a condition holds. */
export interface FormatRule {
  when: Filter
  /** Path of the column; null for the whole row. */
  at: string | null
  tone: FormatTone
  bold: boolean
}
export const mostFormats = 10

/** Format rules as they come from outside; null when they are none. */
export function readFormats(given: unknown): FormatRule[] | null {
  if (!Array.isArray(given) || given.length > mostFormats) return null
  const rules = given.map(readRule)
  return rules.every((rule) => rule !== null) ? rules : null
}
function readRule(given: unknown): FormatRule | null {
  if (typeof given !== 'object' || given === null) return null
  const { when, at, tone, bold } = given as Record<string, unknown>
  const filter = filterProblem(when) ? null : readFilter(when)
  const isPlace = at === null || (typeof at === 'string' && at.length > 0 && at.length <= 200)
  if (!filter || !isPlace || typeof tone !== 'string' || !Object.hasOwn(formatTones, tone)) return null
  return { when: filter, at, tone: tone as FormatTone, bold: bold === true }
}
