import type { SummaryGroup, Titles } from '#model'
import { targetOf, type Found } from '../../definitions/catalog.ts'

/** Groups as a person looks for them: choices in their declared order, references by name, the rest by value; downwards where the list is; empty last. */
export function inOrder(groups: readonly SummaryGroup[], found: Found | null, titles: Titles, sort: readonly string[]): SummaryGroup[] {
  if (!found) return [...groups]
  const { field, path } = found
  const target = targetOf(field)
  const choices = 'choices' in field.options ? Object.keys(field.options.choices) : null
  const place = ({ keys: [key = null] }: SummaryGroup): string | number => {
    if (choices) return choices.indexOf(String(key))
    if (target) return titles[target]?.[String(key)] ?? String(key)
    return typeof key === 'number' ? key : String(key)
  }
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN')
  const direction = sort.includes(`-${path}`) ? -1 : 1
  const isEmpty = ({ keys: [key = null] }: SummaryGroup) => Number(key === null)
  return groups.toSorted((a, b) => isEmpty(a) - isEmpty(b) || direction * compare(place(a), place(b)))
}
