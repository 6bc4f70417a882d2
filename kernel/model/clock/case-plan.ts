import { applyClock, type ClockEvent, type ClockRefusal, type ClockState, isRefused } from './case-clock.ts'
import type { Duration } from './duration.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** One of several clocks of a case: what starts, rests and ends it, by the names of the case's own happenings. */
export interface ClockPlan {
  readonly label: string
  readonly limit: Duration
  readonly startsOn: readonly string[]
  readonly pausesOn?: readonly string[]
  readonly resumesOn?: readonly string[]
  readonly stopsOn: readonly string[]
}
export interface Happening {
  readonly what: string
  readonly at: string
  readonly reason?: string
  readonly evidence?: readonly string[]
}
export type CaseClocks = Readonly<Record<string, ClockState>>

/**
 * Tells a case's clocks what has happened. Each listens to its own happenings only: an update, a note or an answer to somebody else
 * silences no other clock. A happening that a clock could not follow (resting before it ran) passes it by; a missing reason is refused.
 */
export function happen(
  plans: Readonly<Record<string, ClockPlan>>,
  clocks: CaseClocks,
  happening: Happening,
  calendar: WorkingCalendar,
): CaseClocks | ClockRefusal {
  const next: Record<string, ClockState> = { ...clocks }
  for (const [name, plan] of Object.entries(plans)) {
    const event = eventFor(plan, happening)
    if (!event) continue
    const answer = applyClock(next[name] ?? null, event, calendar)
    if (!isRefused(answer)) next[name] = answer
    else if (answer.refused === 'reasonNeeded' || answer.refused === 'outOfOrder')
      return { ...answer, message: `${plan.label}：${answer.message}` }
  }
  return next
}
function eventFor(plan: ClockPlan, { what, at, reason = '', evidence = [] }: Happening): ClockEvent | null {
  if (plan.startsOn.includes(what)) return { kind: 'start', at, limit: plan.limit }
  if (plan.stopsOn.includes(what)) return { kind: 'stop', at }
  if (plan.pausesOn?.includes(what)) return { kind: 'pause', at, reason, evidence }
  return plan.resumesOn?.includes(what) ? { kind: 'resume', at } : null
}
