import { splitRule } from './binding.ts'
import { amountText, type RuleCard, type RuleValue } from './card.ts'
import type { RuleUse } from './uses.ts'
import { compare } from './tighten.ts'

/** Is what the product ships in order? Every card has a basis and values of one order through its versions, every use finds its value. */
export function proveRules(cards: readonly RuleCard[], uses: readonly RuleUse[]): string[] {
  const problems: string[] = []
  const known = new Map<string, RuleValue>()
  for (const card of cards) {
    const say = (what: string) => problems.push(`rule ${card.id}: ${what}`)
    if (!/^[a-z][a-zA-Z0-9]*$/.test(card.key)) say('a key is one word in camel case')
    if (card.basis.document.trim() === '') say('no basis')
    if (Object.keys(card.values).length === 0) say('no values')
    if (cards.some((other) => other !== card && other.id === card.id)) say('a second card of this id')
    for (const [name, value] of Object.entries(card.values)) {
      const other = known.get(`${card.key}.${name}`)
      if (other && compare(value, other) === 'incomparable')
        say(`${name}: ${amountText(value)} cannot be compared with ${amountText(other)}`)
      known.set(`${card.key}.${name}`, value)
    }
  }
  for (const use of uses)
    if (!known.has(use.rule)) problems.push(`${use.by}: no value "${splitRule(use.rule).value}" of a rule "${splitRule(use.rule).key}"`)
  return problems
}
