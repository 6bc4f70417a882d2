import { addDays, both, catchUpDays, dayOf, lastOfRhythm, today, type Day, type Filter } from '#model'
import { planningOf } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { listPages } from '../records/list-all.ts'
import { noteRun } from './feed.ts'
import { automationsOn, type OnAutomation } from './in-force.ts'
import { pauseAutomation } from './pause.ts'
import { raise, readyFor } from './run.ts'

/** Puts down the runs of dates and rhythms whose time has come, each day once an automation; one that fails keeps no other from it. Answers how many. */
export async function takeDue(kernel: Kernel, onError: (error: unknown) => void = raise): Promise<number> {
  let count = 0
  for (const on of (await automationsOn(kernel)).values())
    if (on.automation.when.kind === 'date' || on.automation.when.kind === 'schedule')
      count += await takeDay(kernel, on).catch((error: unknown) => (onError(error), 0))
  return count
}
async function takeDay(kernel: Kernel, on: OnAutomation): Promise<number> {
  const { when } = on.automation
  const day = today(kernel.clock)
  if (on.paused || (on.settled !== null && on.settled >= day)) return 0
  if ((when.kind !== 'date' && when.kind !== 'schedule') || kernel.clock.now() < momentOf(day, when.at)) return 0
  const runner = await readyFor(kernel, on, on.name)
  if (typeof runner === 'string') {
    await pauseAutomation(kernel, kernel.db, on, runner)
    return 0
  }
  return kernel.db.transaction(async (tx) => {
    await tx.query(`INSERT INTO kernel.automation (name) VALUES ($1) ON CONFLICT DO NOTHING`, [on.name])
    // Another process at it has it to itself; it has looked at the day when this one comes.
    const [mine] = await tx.query(
      `SELECT 1 FROM kernel.automation WHERE name = $1 AND (settled IS NULL OR settled < $2::date) FOR UPDATE SKIP LOCKED`,
      [on.name, day],
    )
    if (!mine) return 0
    const count = when.kind === 'date' ? await takeDates(kernel, tx, on, day, runner) : await takeRhythm(kernel, tx, on, day, runner)
    await tx.query(`UPDATE kernel.automation SET settled = $2::date WHERE name = $1`, [on.name, day])
    return count
  })
}
/** The last day whose hour has passed: what goes on from now begins after it. */
export function lastPassed({ clock }: Kernel, at: number): Day {
  const day = today(clock)
  return clock.now() < momentOf(day, at) ? addDays(day, -1) : day
}
const momentOf = (day: Day, at: number): Date => new Date(Date.parse(`${day}T00:00:00+08:00`) + at * 60_000)
/** The first day that counts: missed days are made up for a week back, never before it was put in force. */
function firstDay({ since, settled }: OnAutomation, at: number, day: Day): Day {
  const published = new Date(since)
  const begun = dayOf(published)
  const own = momentOf(begun, at) < published ? addDays(begun, 1) : begun
  const open = settled === null ? own : addDays(settled, 1)
  return [own, open, addDays(day, -catchUpDays)].reduce((a, b) => (a > b ? a : b))
}

async function takeDates(kernel: Kernel, tx: Queryable, on: OnAutomation, day: Day, runner: Context): Promise<number> {
  const { when, resource, where } = on.automation
  if (when.kind !== 'date') return 0
  const isMoment = kernel.defs.path(resource, when.date)?.kind === 'dateTime'
  const [from, to] = [addDays(firstDay(on, when.at, day), when.days), addDays(day, when.days)]
  const filter = both(where, { field: when.date, op: 'between', value: [from, addDays(to, isMoment ? 1 : 0)] }, approved)
  let count = 0
  for await (const record of recordsOf(kernel, runner, on, filter)) {
    const stored = record[when.date] as string
    const about = stored.length > 10 ? dayOf(new Date(stored)) : stored
    if (about >= from && about <= to) count += await noteRun(kernel, tx, on, { key: `date:${record.id}:${about}`, cause: `日期 ${about}`, record: record.id })
  }
  return count
} // prettier-ignore
async function takeRhythm(kernel: Kernel, tx: Queryable, on: OnAutomation, day: Day, runner: Context): Promise<number> {
  const { when, where } = on.automation
  if (when.kind !== 'schedule') return 0
  const last = lastOfRhythm(when.rhythm, day, (await planningOf(kernel)).calendarOf(null))
  if (last === null || last < firstDay(on, when.at, day)) return 0
  if (!when.each) return noteRun(kernel, tx, on, { key: `day:${last}`, cause: `定时 ${last}`, record: null })
  let count = 0
  for await (const record of recordsOf(kernel, runner, on, both(where, approved)))
    count += await noteRun(kernel, tx, on, { key: `day:${last}:${record.id}`, cause: `定时 ${last}`, record: record.id })
  return count
}
const approved: Filter = { field: 'state', op: 'eq', value: 'approved' }

/** The records that its runner sees and that pass, page by page, until it pauses. */
async function* recordsOf(kernel: Kernel, runner: Context, on: OnAutomation, filter: Filter) {
  for await (const { rows } of listPages(kernel, runner, on.automation.resource, { filter, sort: ['createdAt'] }))
    for (const record of rows) {
      if (on.paused) return
      yield record
    }
}
