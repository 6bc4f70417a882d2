import { dayOf, runsOn, startOfDay, today, type Reminder } from '#model'
import { isQuiet } from '#kernel/model/clock/index.ts'

import { planningOf, type Planning } from '../clock/planning.ts'
import { tell } from '../messages/messages.ts'
import { givingWay } from '../jobs/give-way.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'
import { closeCured } from './cure.ts'
import { problemsOf, standingReminders, type Standing } from './in-force.ts'
import { Plan } from './plan.ts'
import { closeLines, Lines, tellLines, tellPage, type Tally } from './tell.ts'

/** A process that is not heard of for so long has died: another goes on. */
const silentMs = 60_000
/** What failed is tried again so often, and no sooner. */
const [mostTries, pauseMs] = [5, 300_000]

/** Runs every reminder whose time has come and that has not run today. Answers their names. */
export async function runReminders(kernel: Kernel, onError: (error: unknown) => void = raise): Promise<string[]> {
  const planning = await planningOf(kernel)
  const ran: string[] = []
  const states = await statesOf(kernel)
  for (const [name, standing] of await standingReminders(kernel)) {
    const state = states.get(name)
    const isAsked = state === 'waiting'
    if (state === 'done' || !standing.isOn || (!isAsked && !isTime(kernel, planning, standing.reminder))) continue
    if (!(await fits(kernel, standing))) continue
    const toldBefore = await claim(kernel, name)
    if (toldBefore === null) continue
    try {
      await run(kernel, standing, toldBefore)
      ran.push(name)
    } catch (error) {
      await noteFailure(kernel, name, error)
      onError(error)
    }
  }
  return ran
}
const raise = (error: unknown): never => {
  throw error
}
/** Its time has come, on a day on which people are told anything, outside the quiet hours. */
function isTime(kernel: Kernel, planning: Planning, { at, restDays, urgent }: Reminder): boolean {
  const now = kernel.clock.now()
  const minute = Math.floor((now.getTime() + 8 * 3_600_000) / 60_000) % 1440
  return minute >= at && (urgent || !isQuiet(now, planning.quiet)) && runsOn(dayOf(now), restDays, planning.calendarOf(null))
}
/** What it names still is there; else whoever made it is told, once. */
async function fits(kernel: Kernel, { reminder, version, changedBy }: Standing): Promise<boolean> {
  const problems = await problemsOf(kernel, reminder)
  if (problems.length === 0) return true
  const words = { kind: 'other' as const, title: `提醒“${reminder.label}”已停止：${problems[0]!.message}`, body: '', link: `/reminders/${encodeURIComponent(reminder.name)}` }
  if (changedBy) await tell(kernel, [changedBy], { ...words, onceKey: `reminder/${reminder.name}/${version}/broken` })
  return false
} // prettier-ignore

async function statesOf(kernel: Kernel): Promise<Map<string, string>> {
  const rows = await kernel.db.query<{ reminder: string; state: string }>(`SELECT reminder, state FROM kernel.reminder_run WHERE day = $1::date`, [today(kernel.clock)]) // prettier-ignore
  return new Map(rows.map(({ reminder, state }) => [reminder, state]))
}
/** Takes today's run; answers how many messages earlier attempts of it have told, null while another process is at it. */
async function claim(kernel: Kernel, name: string): Promise<number | null> {
  const now = kernel.clock.now().getTime()
  const [taken] = await kernel.db.query<{ told: number }>(
    `INSERT INTO kernel.reminder_run AS r (reminder, day, state, started_at, beat_at) VALUES ($1, $2::date, 'running', $3, $3)
     ON CONFLICT (reminder, day) DO UPDATE SET state = 'running', started_at = excluded.started_at, beat_at = excluded.beat_at, ended_at = NULL, problem = NULL, tries = r.tries + 1
     WHERE r.state = 'waiting' OR (r.state = 'running' AND r.beat_at < $4) OR (r.state = 'failed' AND r.beat_at < $5 AND r.tries < ${mostTries}) RETURNING told`,
    [name, today(kernel.clock), new Date(now).toISOString(), new Date(now - silentMs).toISOString(), new Date(now - pauseMs).toISOString()],
  )
  return taken?.told ?? null
}

/** Tells page by page, each in a transaction of its own: whatever ends a run, what was told stays told, and the rest is told by the next. */
async function run(kernel: Kernel, standing: Standing, toldBefore: number): Promise<void> {
  const plan = await Plan.of(kernel, standing.reminder, today(kernel.clock), standing.settled)
  const tally: Tally = { records: 0, told: toldBefore, withheld: 0 }
  const lines = new Lines()
  for await (const page of givingWay(plan.pages())) {
    // Another definition counts now, or none: it runs anew when one does.
    const now = (await standingReminders(kernel)).get(standing.reminder.name)
    if (!now?.isOn || now.version !== standing.version) return noteProgress(kernel, plan, tally, 'waiting')
    const news = await kernel.transaction(plan.ctx, (tx) => tellPage(tx, plan, page))
    lines.add(page.candidates)
    tally.records += page.dues.length
    tally.told += news.length
    tally.withheld += page.candidates.filter(({ verdict }) => verdict !== 'tell' && verdict !== 'told').length
    await noteProgress(kernel, plan, tally, 'running')
  }
  for await (const part of givingWay(lines.parts())) {
    tally.told += await kernel.transaction(plan.ctx, (tx) => tellLines(tx, plan, part))
    await noteProgress(kernel, plan, tally, 'running')
  }
  await kernel.transaction(plan.ctx, (tx) => closeLines(tx, plan, lines))
  await closeCured(kernel, plan, { beat: () => noteProgress(kernel, plan, tally, 'running') })
  await noteProgress(kernel, plan, tally, 'done')
}
/** Notes how far it is, and that it is alive. */
async function noteProgress(kernel: Kernel, { reminder, day, reach }: Plan, { records, told, withheld }: Tally, state: 'running' | 'waiting' | 'done') {
  await kernel.db.query(
    `UPDATE kernel.reminder_run SET state = $3, beat_at = $4, ended_at = CASE WHEN $3 = 'done' THEN $4::timestamptz END, reach = CASE WHEN $3 = 'done' THEN $5::date ELSE reach END, records = $6,
       told = $7, withheld = $8, people = CASE WHEN $3 = 'done' THEN (SELECT count(DISTINCT person) FROM kernel.reminder_told WHERE reminder = $1 AND at >= $9::timestamptz) ELSE people END WHERE reminder = $1 AND day = $2::date`,
    [reminder.name, day, state, kernel.clock.now().toISOString(), reach, records, told, withheld, startOfDay(day).toISOString()],
  )
} // prettier-ignore
async function noteFailure(kernel: Kernel, name: string, error: unknown): Promise<void> {
  await kernel.db.query(
    `UPDATE kernel.reminder_run SET state = 'failed', beat_at = $3, problem = $4 WHERE reminder = $1 AND day = $2::date`,
    [name, today(kernel.clock), kernel.clock.now().toISOString(), error instanceof Error ? error.message.slice(0, 300) : '未知错误'],
  )
}

/** The records that changed since it was last asked, as this process hears of them. */
export class Reminding {
  private readonly kernel: Kernel
  private changed = new Map<string, Set<string>>()
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }
  note(events: readonly OutboxEvent[]): void {
    for (const { resource, record } of events) {
      if (!resource || !record) continue
      const ids = this.changed.get(resource)
      if (ids) ids.add(record)
      else this.changed.set(resource, new Set([record]))
    }
  }
  /** Closes what changed records no longer need. */
  async cure(): Promise<void> {
    const { changed } = this
    this.changed = new Map()
    if (changed.size === 0) return
    for (const standing of (await standingReminders(this.kernel)).values()) {
      const ids = changed.get(this.kernel.defs.resources.get(standing.reminder.resource)?.table ?? '')
      if (!ids || !standing.isOn || (await problemsOf(this.kernel, standing.reminder)).length > 0) continue
      await closeCured(this.kernel, await Plan.of(this.kernel, standing.reminder, today(this.kernel.clock), standing.settled), {
        only: [...ids],
      })
    }
  }
  /** Looks every few seconds whether a time has come. */
  start(onError: (error: unknown) => void): () => Promise<void> {
    return repeatEvery(
      5000,
      async () => {
        await runReminders(this.kernel, onError)
        await this.cure()
      },
      onError,
    )
  }
}
