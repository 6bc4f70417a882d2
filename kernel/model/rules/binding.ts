import type { Day } from '../clock/day.ts'
import type { Duration } from '../clock/duration.ts'
import { durationUnits } from '../clock/duration.ts'
import { isDuring, isOn, type RuleAmount, type RuleCard, type RuleValue, type Signature } from './card.ts'
import { byWidth, compare } from './tighten.ts'

/** A value as it binds, with the card that makes it so. */
export interface BindingValue {
  readonly name: string
  readonly label: string
  readonly value: RuleValue
  readonly card: RuleCard
  /** What each layer says of it, widest first. */
  readonly said: readonly { readonly card: RuleCard; readonly value: RuleValue }[]
  /** The strictest of nation and province: the law's limit beside the house's. */
  readonly law: RuleValue | null
}
export interface Binding {
  readonly key: string
  readonly label: string
  readonly day: Day
  readonly values: Readonly<Record<string, BindingValue>>
  /** The cards that count, widest first: what a case keeps as the version it began under. */
  readonly cards: readonly RuleCard[]
  /** In force by their dates, but waiting for a signature. */
  readonly unsigned: readonly RuleCard[]
}
export interface RuleBook {
  readonly cards: readonly RuleCard[]
  readonly signatures: readonly Signature[]
}

/** The version of every layer that stands on a day for a unit, widest first; those that wait for a signature included. */
export function standing(book: RuleBook, key: string, day: Day, unitPath: readonly string[]): RuleCard[] {
  const latest = new Map<string, RuleCard>()
  for (const card of book.cards) {
    if (card.key !== key || !isDuring(card, day) || (card.unit !== null && !unitPath.includes(card.unit))) continue
    // A proposal that nobody signed does not push aside the version before it.
    const place = `${card.layer} ${card.unit ?? ''} ${isOn(card, book.signatures)}`
    const other = latest.get(place)
    if (!other || other.from < card.from) latest.set(place, card)
  }
  const isNewest = (card: RuleCard) =>
    ![...latest.values()].some((other) => other.layer === card.layer && other.unit === card.unit && other.from > card.from)
  return [...latest.values()].filter((card) => isOn(card, book.signatures) || isNewest(card)).sort(byWidth(unitPath))
}

/**
 * What holds for a unit on a day: of each value the strictest that any layer says, and who says it. Should an upper layer have become
 * stricter than a lower one since, the upper one binds; of equal ones the wider; of what cannot be compared the wider.
 */
export function bindingOf(book: RuleBook, key: string, day: Day, unitPath: readonly string[]): Binding | null {
  const all = standing(book, key, day, unitPath)
  if (all.length === 0) return null
  const cards = all.filter((card) => isOn(card, book.signatures))
  const values: Record<string, BindingValue> = {}
  for (const card of cards) for (const [name, value] of Object.entries(card.values)) values[name] = laid(values[name], name, value, card)
  return { key, label: all[0]!.label, day, values, cards, unsigned: all.filter((card) => !cards.includes(card)) }
}
function laid(so: BindingValue | undefined, name: string, value: RuleValue, card: RuleCard): BindingValue {
  const isLaw = card.layer === 'nation' || card.layer === 'province'
  if (!so) return { name, label: value.label, value, card, said: [{ card, value }], law: isLaw ? value : null }
  const said = [...so.said, { card, value }]
  const isStricter = compare(value, so.value) === 'stricter'
  const binding = isStricter ? { ...so, value, card } : so
  return { ...binding, said, law: isLaw ? binding.value : so.law }
}

/** Another thing's reference to a value of a rule: a step's limit, a clock, an admission condition. */
export interface RuleRef {
  /** The card's key and the value's name: `consultation.ordinary`. */
  readonly rule: string
  /** Limits hold as they stood at the start, admission as it stands at the decision (semantics 20). */
  readonly asOf?: 'start' | 'decision'
}
export type LimitRef = Duration | RuleRef
/** A reference that says whose day it means: limits are those of the start, admission that of the decision. */
export type StatedRule = RuleRef & { readonly asOf: NonNullable<RuleRef['asOf']> }
/** `ruleAsOf('privilegeRenewal.notice', 'start')` */
export const ruleAsOf = (rule: string, asOf: StatedRule['asOf']): StatedRule => Object.freeze({ rule, asOf })
/** `consultation.ordinary` is the value `ordinary` of the card `consultation`. */
export function splitRule(rule: string): { key: string; value: string } {
  const at = rule.lastIndexOf('.')
  return at < 1 ? { key: rule, value: '' } : { key: rule.slice(0, at), value: rule.slice(at + 1) }
}
export const isRuleRef = (limit: LimitRef): limit is RuleRef => 'rule' in limit
/** The day whose rules a reference means. */
export const dayOfUse = (ref: RuleRef, { startedOn, today }: { startedOn: Day; today: Day }): Day =>
  ref.asOf === 'decision' ? today : startedOn

/** A value as a number of days; null for what does not count days. */
export function asDays(value: RuleAmount): number | null {
  if (value.order !== 'max' && value.order !== 'min') return null
  return value.unit === 'days' ? value.amount : value.unit === 'weeks' ? value.amount * 7 : null
}
/** A value as a limit that the clock can reckon; null for what is no span of time. Weeks are seven days each. */
export function asDuration(value: RuleAmount): Duration | null {
  if (value.order !== 'max') return null
  if (value.unit === 'weeks') return { unit: 'days', amount: value.amount * 7 }
  return Object.hasOwn(durationUnits, value.unit) ? { unit: value.unit as Duration['unit'], amount: value.amount } : null
}
