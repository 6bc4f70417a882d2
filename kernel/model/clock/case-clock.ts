import { add, type Due, dueOfRun, type Duration, durationProblem, ticksInRun, ticksOf, ticksPer } from './duration.ts'
import { dayNumberAt, type WorkingCalendar } from './working-calendar.ts'

/** One clock of a case; instants are ISO 8601 in UTC. Frozen plain data: it is stored as it is, and what it says is reckoned from it and today's calendar. */
export interface ClockState {
  readonly limit: Duration
  readonly startedAt: string
  /** Stretches in which it ran; the last one is open while it runs. */
  readonly runs: readonly { readonly from: string; readonly to: string | null }[]
  readonly pauses: readonly {
    readonly from: string
    readonly to: string | null
    readonly reason: string
    readonly evidence: readonly string[]
  }[]
  readonly targets: readonly { readonly at: string; readonly limit: Duration; readonly reason: string }[]
  readonly stoppedAt: string | null
  /** When it first ran over the limit that stood then. Nothing takes this back: neither a longer limit nor other holidays. */
  readonly breachedAt: string | null
}
export type ClockEvent =
  | { readonly kind: 'start'; readonly at: string; readonly limit: Duration }
  | { readonly kind: 'pause'; readonly at: string; readonly reason: string; readonly evidence?: readonly string[] }
  | { readonly kind: 'resume'; readonly at: string }
  | { readonly kind: 'stop'; readonly at: string }
  | { readonly kind: 'changeTarget'; readonly at: string; readonly limit: Duration; readonly reason: string }
export const clockRefusals = {
  notStarted: '时限还没有开始计',
  alreadyStarted: '时限已经开始计',
  stopped: '时限已经结束',
  reasonNeeded: '请写明原因',
  isPaused: '时限已经暂停',
  notPaused: '时限没有暂停',
  outOfOrder: '时间早于上一次操作',
  badLimit: '时限不对',
} as const
export interface ClockRefusal {
  readonly refused: keyof typeof clockRefusals
  readonly message: string
}
export const isRefused = (answer: ClockState | ClockRefusal): answer is ClockRefusal => 'refused' in answer
const refuse = (refused: ClockRefusal['refused'], message: string = clockRefusals[refused]): ClockRefusal => ({ refused, message })

/** The clock after an event. The calendar decides only whether it had run over by then. */
export function applyClock(state: ClockState | null, event: ClockEvent, calendar: WorkingCalendar): ClockState | ClockRefusal {
  if (event.kind === 'start') {
    const problem = durationProblem(event.limit)
    if (state) return refuse('alreadyStarted')
    return problem ? refuse('badLimit', problem) : begin(event)
  }
  if (!state) return refuse('notStarted')
  if (state.stoppedAt) return refuse('stopped')
  if (event.at < lastMoment(state)) return refuse('outOfOrder')
  const noted = { ...state, breachedAt: readClock(state, event.at, calendar).breachedAt }
  switch (event.kind) {
    case 'pause':
      if (isPaused(state)) return refuse('isPaused')
      if (event.reason.trim() === '') return refuse('reasonNeeded', '暂停计时须写明原因')
      return {
        ...noted,
        runs: closed(state.runs, event.at),
        pauses: [...state.pauses, { from: event.at, to: null, reason: event.reason, evidence: event.evidence ?? [] }],
      }
    case 'resume':
      if (!isPaused(state)) return refuse('notPaused')
      return { ...noted, runs: [...state.runs, { from: event.at, to: null }], pauses: closed(state.pauses, event.at) }
    case 'stop':
      return { ...noted, runs: closed(state.runs, event.at), pauses: closed(state.pauses, event.at), stoppedAt: event.at }
    case 'changeTarget': {
      const problem = durationProblem(event.limit)
      if (problem) return refuse('badLimit', problem)
      if (event.reason.trim() === '') return refuse('reasonNeeded', '修改时限须写明原因')
      return { ...noted, limit: event.limit, targets: [...state.targets, { at: event.at, limit: event.limit, reason: event.reason }] }
    }
  }
}
const begin = ({ at, limit }: { readonly at: string; readonly limit: Duration }): ClockState => ({
  limit,
  startedAt: at,
  runs: [{ from: at, to: null }],
  pauses: [],
  targets: [{ at, limit, reason: '' }],
  stoppedAt: null,
  breachedAt: null,
})
const isPaused = (state: ClockState): boolean => state.pauses.at(-1)?.to === null
const lastMoment = (state: ClockState): string =>
  [state.startedAt, state.runs.at(-1)!.to ?? state.runs.at(-1)!.from, state.targets.at(-1)!.at].reduce((a, b) => (a > b ? a : b))
const closed = <T extends { readonly to: string | null }>(list: readonly T[], at: string): T[] =>
  list.map((one) => (one.to === null ? { ...one, to: at } : one))

export interface ClockReading {
  readonly status: 'running' | 'paused' | 'stopped'
  /** In the unit of the limit. Paused time is in neither. */
  readonly elapsed: number
  /** Negative once it has run over. */
  readonly remaining: number
  /** When it is used up if it runs on; of a resting or stopped clock only what has already passed. */
  readonly due: Due | null
  readonly breachedAt: string | null
}
/** What a clock says at a moment. */
export function readClock(state: ClockState, now: string, calendar: WorkingCalendar): ClockReading {
  const { unit } = state.limit
  const limit = ticksOf(state.limit)
  const at = Date.parse(now)
  const startDay = dayNumberAt(Date.parse(state.startedAt))
  let used = 0
  let ranUntil = 0
  let due: Due | null = null
  for (const run of state.runs) {
    const from = Date.parse(run.from)
    const until = Math.min(at, run.to === null ? at : Date.parse(run.to))
    const inRun = ticksInRun(unit, from, until, startDay, calendar)
    if (!due && (run.to === null || used + inRun >= limit)) due = dueOfRun(unit, limit - used, from, startDay, calendar)
    used += inRun
    if (until > from) ranUntil = until
  }
  // Stopped or put to rest at the very moment is in time.
  const ranOver = due && due.at.getTime() < ranUntil ? due.at.toISOString() : null
  return {
    status: state.stoppedAt ? 'stopped' : isPaused(state) ? 'paused' : 'running',
    elapsed: used / ticksPer[unit],
    remaining: (limit - used) / ticksPer[unit],
    due,
    breachedAt: state.breachedAt ?? ranOver,
  }
}

/** A stretch in which a clock stood still. */
export interface Rest {
  readonly from: string
  readonly to?: string
}
/** When a limit that begins at `from` is used up by a clock that stood still in between and runs now. */
export function addResting(limit: Duration, from: Date, rests: readonly Rest[], calendar: WorkingCalendar): Due {
  if (rests.length === 0) return add(limit, from, calendar)
  const starts = [from.toISOString(), ...rests.flatMap(({ to }) => to ?? [])]
  const runs = starts.map((start, nth) => ({ from: start, to: rests[nth]?.from ?? null }))
  const state = { ...begin({ at: starts[0]!, limit }), runs }
  return readClock(state, starts.at(-1)!, calendar).due!
}

/** A due moment after the calendar changed. What had passed stays passed; what is open is never due before now (semantics 13). */
export function replan(planned: Date, fresh: Date, now: Date): Date {
  if (planned <= now) return planned
  return fresh < now ? now : fresh
}
