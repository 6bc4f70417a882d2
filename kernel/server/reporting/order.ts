import { kindOf, isTotalled, type Choices, type Field, type Titles } from '#model'
import { wordsOf } from './rows.ts'

export type Compare = (a: unknown, b: unknown) => number
const pinyin = new Intl.Collator('zh-Hans-CN-u-co-pinyin')

/** How the values of a column follow each other: numbers by size, days by time, choices as they are declared, everything else by the pinyin of its words. Never called with empty values. */
export function inOrder(field: Field, titles: Titles): Compare {
  if (isTotalled(field)) return (a, b) => Number(a) - Number(b)
  if (kindOf(field).isDated) return (a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)
  const { choices } = field.options as { choices?: Choices }
  if (choices && field.kind === 'choice') {
    const places = new Map(Object.keys(choices).map((key, at) => [key, at]))
    return (a, b) => (places.get(String(a)) ?? 999) - (places.get(String(b)) ?? 999)
  }
  const words = new Map<unknown, string>()
  const wordOf = (value: unknown): string => {
    let known = words.get(value)
    if (known === undefined) words.set(value, (known = wordsOf(field, value, titles)))
    return known
  }
  return (a, b) => pinyin.compare(wordOf(a), wordOf(b))
}
