import { dayOf, furthestBack, stagesOf, type ApiRecord, type Day, type Reminder, type ReminderDays } from '#model'
import { asDays, basisText, dayOfUse, isOn, layers, splitRule, type StatedRule } from '#kernel/model/rules/index.ts'
import type { Planning } from '../clock/planning.ts'

/** A number of days, and the rule that gives it where one does. */
export interface Threshold {
  days: number
  basis: string | null
}
/** How many days before: numbers of the definition, and those that rule cards give to a record's unit. A rule that is not in force gives none. */
export class Thresholds {
  private readonly planning: Planning
  private readonly stated: readonly ReminderDays[]
  private readonly day: Day
  /** As many days before, and after (null: without end), as any record may lie away. */
  readonly ahead: number
  readonly back: number | null
  constructor(planning: Planning, reminder: Reminder, stated: readonly ReminderDays[], day: Day) {
    this.planning = planning
    this.stated = stated
    this.day = day
    const stages = stagesOf(reminder)
    const ever = [...stated.flatMap((one) => (typeof one === 'number' ? [one] : this.ever(one))), ...stages.flatMap(({ after }) => (after === null ? [] : [-after]))]
    this.ahead = Math.max(Number.NEGATIVE_INFINITY, ...ever)
    this.back = furthestBack(ever, stages)
  } // prettier-ignore
  /** What any layer has ever said: as far as any record may look. */
  private ever({ rule }: StatedRule): number[] {
    const { key, value } = splitRule(rule)
    return this.planning.rules.cards.flatMap((card) => {
      const said = card.key === key && isOn(card, this.planning.rules.signatures) ? card.values[value] : undefined
      return (said && asDays(said)) ?? []
    })
  }
  /** What holds for a record of this unit. */
  of(record: ApiRecord, unit: string | null): Threshold[] {
    return this.stated.flatMap((one) => (typeof one === 'number' ? [{ days: one, basis: null }] : (this.ruled(one, record, unit) ?? [])))
  }
  private ruled(one: StatedRule, record: ApiRecord, unit: string | null): Threshold | null {
    const { key, value } = splitRule(one.rule)
    const day = dayOfUse(one, { startedOn: dayOf(new Date(record.createdAt)), today: this.day })
    const bound = this.planning.bindingOf(key, day, unit)?.values[value]
    const days = bound && asDays(bound.value)
    return bound && typeof days === 'number' ? { days, basis: `${layers[bound.card.layer]}${basisText(bound.card.basis)}` } : null
  }
}
