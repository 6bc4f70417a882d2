import { isInClear, type Types } from '../fields/classes.ts'
import type { Field, Fields } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import type { Day } from '../clock/day.ts'

/** What every text may name beside the record's fields. */
export const wordFields = { type: '记录类型', date: '日期', days: '相差天数', when: '还有或已过多久' } as const
export const summaryFields = { count: '项数', type: '记录类型', date: '最近的日期' } as const
export type WordFacts = Readonly<Partial<Record<keyof typeof wordFields | keyof typeof summaryFields, string>>>

/** Fields of a record that may stand in words: what lies in the clear, and can be said in a line. */
export function sayable(defs: Types, r: { readonly fields: Fields }): [string, Field][] {
  return Object.entries(r.fields).filter(([, field]) => {
    const kind = kindOf(field)
    return isInClear(defs, field) && !kind.isLong && !kind.holdsFiles && !kind.isWriteOnly && field.kind !== 'rows'
  })
}

/** 还有 30 天 / 今天 / 已过 3 天 */
export const whenWords = (left: number): string => (left === 0 ? '今天' : left > 0 ? `还有 ${left} 天` : `已过 ${-left} 天`)
/** The facts of one record's date. */
export const factsOf = (type: string, date: Day | null, left: number | null): WordFacts => ({
  type,
  date: date ?? '',
  days: left === null ? '' : String(Math.abs(left)),
  when: left === null ? '' : whenWords(left),
})
