import type { RuleAmount } from './card.ts'

/** Does a fact keep what a rule says? `text` is the fact as people read it. What is not known keeps nothing. */
export function satisfies(value: RuleAmount, fact: { readonly raw: unknown; readonly text: string }): boolean {
  if (value.order === 'flag') return !value.flag || fact.raw === true
  if (fact.raw === null || fact.raw === undefined || fact.raw === '') return false
  if (value.order === 'subset') {
    const one = (part: unknown, text: string) => value.members.includes(text) || value.members.includes(String(part))
    return Array.isArray(fact.raw) ? fact.raw.length > 0 && fact.raw.every((part) => one(part, String(part))) : one(fact.raw, fact.text)
  }
  const number = Number(fact.raw)
  if (Number.isNaN(number)) return false
  return value.order === 'max' ? number <= value.amount : number >= value.amount
}
