import { addDays, both, catchUpDays, dayOf, lastOfRhythm, today, type Day, type Filter } from '#model'
import { planningOf } from '../clock/planning.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import { noteRun } from './feed.ts'
import { automationsOn, runnerOf, type OnAutomation } from './in-force.ts'
import { contextOfRunner } from './runner.ts'

const page = 500
/** Puts down the runs of dates and rhythms whose time has come, each day once an automation. Answers how many. */
export async function takeDue(kernel: Kernel): Promise<number> {
  let count = 0
  for (const on of (await automationsOn(kernel)).values())
    if (on.automation.when.kind === 'date' || on.automation.when.kind === 'schedule') count += await takeDay(kernel, on)
  return count
}
async function takeDay(kernel: Kernel, on: OnAutomation): Promise<number> {
  const { when } = on.automation
  const day = today(kernel.clock)
  if (on.paused || (on.settled !== null && on.settled >= day)) return 0
  if ((when.kind !== 'date' && when.kind !== 'schedule') || kernel.clock.now() < momentOf(day, when.at)) return 0
  return kernel.db.transaction(async (tx) => {
    await tx.query(`INSERT INTO kernel.automation (name) VALUES ($1) ON CONFLICT DO NOTHING`, [on.name])
    // Another process at it has it to itself; it has looked at the day when this one comes.
    const [mine] = await tx.query(
      `SELECT 1 FROM kernel.automation WHERE name = $1 AND (settled IS NULL OR settled < $2::date) FOR UPDATE SKIP LOCKED`,
      [on.name, day],
    )
    if (!mine) return 0
    const count = when.kind === 'date' ? await takeDates(kernel, tx, on, day) : await takeRhythm(kernel, tx, on, day)
    await tx.query(`UPDATE kernel.automation SET settled = $2::date WHERE name = $1`, [on.name, day])
    return count
  })
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

async function takeDates(kernel: Kernel, tx: Queryable, on: OnAutomation, day: Day): Promise<number> {
  const { when, resource, where } = on.automation
  if (when.kind !== 'date') return 0
  const isMoment = kernel.defs.path(resource, when.date)?.kind === 'dateTime'
  const [from, to] = [addDays(firstDay(on, when.at, day), when.days), addDays(day, when.days)]
  const filter = both(where, { field: when.date, op: 'between', value: [from, addDays(to, isMoment ? 1 : 0)] }, approved)
  let count = 0
  for await (const record of recordsOf(kernel, on, filter)) {
    const stored = record[when.date] as string
    const about = stored.length > 10 ? dayOf(new Date(stored)) : stored
    if (about >= from && about <= to) count += await noteRun(kernel, tx, on, { key: `date:${record.id}:${about}`, cause: `日期 ${about}`, record: record.id })
  }
  return count
} // prettier-ignore
async function takeRhythm(kernel: Kernel, tx: Queryable, on: OnAutomation, day: Day): Promise<number> {
  const { when, where } = on.automation
  if (when.kind !== 'schedule') return 0
  const last = lastOfRhythm(when.rhythm, day, (await planningOf(kernel)).calendarOf(null))
  if (last === null || last < firstDay(on, when.at, day)) return 0
  if (!when.each) return noteRun(kernel, tx, on, { key: `day:${last}`, cause: `定时 ${last}`, record: null })
  let count = 0
  for await (const record of recordsOf(kernel, on, both(where, approved)))
    count += await noteRun(kernel, tx, on, { key: `day:${last}:${record.id}`, cause: `定时 ${last}`, record: record.id })
  return count
}
const approved: Filter = { field: 'state', op: 'eq', value: 'approved' }

/** The records that its runner sees and that pass, page by page, until it pauses. */
async function* recordsOf(kernel: Kernel, on: OnAutomation, filter: Filter) {
  const runner = await contextOfRunner(kernel, runnerOf(on), on.automation.label, on.name)
  if (!runner || !kernel.access.can(runner.actor, 'read', on.automation.resource)) return
  for (let cursor: string | null | undefined = null; cursor !== undefined && !on.paused; ) {
    const { rows, next }: Awaited<ReturnType<typeof listRecords>> = await listRecords(kernel, runner, on.automation.resource, { filter, limit: page, sort: ['createdAt'], cursor })
    for (const record of rows) {
      if (on.paused) return
      yield record
    }
    cursor = next ?? undefined
  }
} // prettier-ignore
