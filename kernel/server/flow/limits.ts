import type { Due, Duration, Limit } from '#kernel/model/flow/index.ts'
import { planningOf, type Planning } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Subject } from './subject.ts'
import type { After } from './work.ts'

/** What the calendar and the rule cards of a request's unit say about its steps. */
export interface Limits {
  dueAt(limit: Limit, from: string): Due | null
  /** The moment of a stage, counted from the due moment; reminders wait for a time at which people may be disturbed. */
  after: After
  isWorkingTime(at: string): boolean
}

/** The limits of what is decided on: by the unit it belongs to, else the applicant's. */
export async function limitsFor(
  kernel: Kernel,
  ctx: Pick<Context, 'directory'>,
  { c, shown }: Pick<Subject, 'c' | 'shown'>,
  applicant: string,
): Promise<Limits> {
  const planning = await planningOf(kernel)
  const own = c.r.owner.department ? shown[c.r.owner.department] : null
  const unit = typeof own === 'string' ? own : (ctx.directory.people.get(applicant)?.unit ?? null)
  return {
    dueAt(limit, from) {
      const due = planning.dueAt(limit, new Date(from), unit)
      return due && { at: due.at.toISOString(), ...(due.provisional ? { provisional: true as const } : {}) }
    },
    after: (due, after) => shifted(planning, unit, due, after),
    isWorkingTime: (at) => planning.mayRemind(new Date(at), unit),
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
