import { dayOf, today, type Day } from '#model'
import { amountText, basisText, layers, splitRule, type StepRule } from '#kernel/model/rules/index.ts'
import type { Due, Duration, Limit, Rest } from '#kernel/model/flow/index.ts'
import { planningOf, type Planning } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Subject } from './subject.ts'
import type { After } from './work.ts'

/** What the calendar and the rule cards of a request's unit say about its steps. */
export interface Limits {
  dueAt(limit: Limit, from: string, rests?: readonly Rest[]): Due | null
  /** The moment of a stage, counted from the due moment; reminders wait for a time at which people may be disturbed. */
  after: After
  isWorkingTime(at: string): boolean
  /** The rule behind a limit as it stood then, beside what it says today; null for a limit that names none. */
  ruleOf(limit: Limit, from: string): StepRule | null
}

/** The limits of what is decided on: by the unit it belongs to, else the applicant's. */
export async function limitsFor(
  kernel: Kernel,
  ctx: Pick<Context, 'directory' | 'clock'>,
  { c, shown }: Pick<Subject, 'c' | 'shown'>,
  applicant: string,
): Promise<Limits> {
  const planning = await planningOf(kernel)
  const own = c.r.owner.department ? shown[c.r.owner.department] : null
  const unit = typeof own === 'string' ? own : (ctx.directory.people.get(applicant)?.unit ?? null)
  return {
    dueAt(limit, from, rests) {
      const due = planning.dueAt(limit, new Date(from), unit, { rests })
      return due && { at: due.at.toISOString(), ...(due.provisional ? { provisional: true as const } : {}) }
    },
    after: (due, after) => shifted(planning, unit, due, after),
    isWorkingTime: (at) => planning.mayRemind(new Date(at), unit),
    ruleOf: (limit, from) =>
      'rule' in limit ? ruleAt(planning, unit, limit.rule, { from: dayOf(new Date(from)), now: today(ctx.clock) }) : null,
  }
}

function ruleAt(planning: Planning, unit: string | null, rule: string, { from, now }: { from: Day; now: Day }): StepRule | null {
  const { key, value } = splitRule(rule)
  const at = (day: Day) => planning.bindingOf(key, day, unit)
  const [then, later] = [at(from), at(now)]
  const bound = then?.values[value]
  const text = bound ? amountText(bound.value) : null
  const fresh = later?.values[value]
  const label = then?.label ?? later?.label
  if (label === undefined) return null
  return {
    key,
    label,
    text,
    layer: bound ? layers[bound.card.layer] : null,
    basis: bound ? basisText(bound.card.basis) : null,
    version: bound?.card.from ?? null,
    today: fresh && amountText(fresh.value) !== text ? amountText(fresh.value) : null,
  }
}

const hoursOf = { hours: 1, days: 24, workingHours: 1, workingDays: 24 } as const
function shifted(planning: Planning, unit: string | null, due: string, after: Duration): string {
  const moment = new Date(due)
  if (after.amount > 0) return planning.dueAt(after, moment, unit)?.at.toISOString() ?? due
  return before(planning, unit, moment, after).toISOString()
}
/** Backwards the calendar is searched: the latest moment from which the span still fits before the due one. */
function before(planning: Planning, unit: string | null, due: Date, { unit: kind, amount }: Duration): Date {
  const span = { unit: kind, amount: -amount }
  const natural = new Date(due.getTime() - span.amount * hoursOf[kind] * 3_600_000)
  if (kind === 'hours' || kind === 'days') return natural
  let [early, late] = [due.getTime() - (span.amount * hoursOf[kind] * 8 + 24 * 30) * 3_600_000, due.getTime()]
  const fits = (from: number) => planning.dueAt(span, new Date(from), unit)!.at.getTime() <= due.getTime()
  while (late - early > 60_000) {
    const middle = Math.floor((early + late) / 2)
    if (fits(middle)) early = middle
    else late = middle
  }
  return new Date(early)
}
