import { isDeepStrictEqual } from 'node:util'
import {
  addDays,
  messageChannelNames,
  noWishes,
  runsOn,
  today,
  waysFor,
  type MessageChannel,
  type Reminder,
  type ReminderPreview,
  type ReminderPreviewRow,
  type Withheld,
} from '#model'
import { formatTime, isQuiet } from '#kernel/model/clock/index.ts'
import { planningOf } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { wishesOf } from '../messages/wishes.ts'
import { reaches } from '../records/rights-over.ts'
import { messaging, readSet } from '../settings.ts'
import { settledOf, type Standing } from './in-force.ts'
import { Plan, type Candidate, type PlanPage } from './plan.ts'
import { judge, sayRecord } from './readers.ts'
import { Lines, summaryOf } from './tell.ts'

/** No more records than these are looked at while somebody waits. */
const bound = 20_000
const mostRows = 50

/** Who would be told at the next run, by the code that tells: nothing is written. Words are shown of records only that whoever asks may read. */
export async function previewReminder(kernel: Kernel, ctx: Context, standing: Standing, reminder: Reminder): Promise<ReminderPreview> {
  const { day, isToday, isNow } = await nextDay(kernel, reminder)
  // What is not saved or not switched on would count from now.
  const isStanding = standing.isOn && isDeepStrictEqual(reminder, standing.reminder)
  const plan = await Plan.of(kernel, reminder, day, isStanding ? standing.settled : await settledOf(kernel.db, reminder.name))
  const { permission, isHidden } = judge(kernel, ctx, plan.c, reminder)
  const found = new Found(plan, ctx, permission)
  const obstacle = !permission ? `您没有查看“${plan.c.r.label}”的权限，不能试看` : isHidden ? '条件用到您无权查看的字段，不能试看' : null
  let isBound = false
  if (!obstacle)
    for await (const page of plan.pages()) {
      await found.add(page)
      if (found.records < bound) continue
      isBound = true
      break
    }
  return { day, isToday, isNow, at: formatTime(reminder.at), ...(await found.counted()), bound: isBound ? bound : null, isPartial: permission?.filter != null, obstacle }
} // prettier-ignore
/** The next day on which it runs, were it switched on. */
async function nextDay(kernel: Kernel, { name, at, restDays }: Reminder): Promise<{ day: string; isToday: boolean; isNow: boolean }> {
  const now = today(kernel.clock)
  const calendar = (await planningOf(kernel)).calendarOf(null)
  const [ran] = await kernel.db.query(`SELECT 1 FROM kernel.reminder_run WHERE reminder = $1 AND day = $2::date AND state = 'done'`, [
    name,
    now,
  ])
  let day = ran ? addDays(now, 1) : now
  while (!runsOn(day, restDays, calendar)) day = addDays(day, 1)
  const passed = kernel.clock.now().getTime() >= Date.parse(`${day}T00:00:00+08:00`) + at * 60_000
  return { day, isToday: day === now, isNow: day === now && passed }
}

/** What a preview has seen so far. */
class Found {
  private readonly plan: Plan
  private readonly asker: Context
  private readonly permission: ReturnType<typeof judge>['permission']
  private readonly people = new Set<string>()
  private readonly lines = new Lines()
  private readonly withheld: Partial<Record<Withheld, number>> = {}
  private readonly rows: ReminderPreviewRow[] = []
  private messages = 0
  private told = 0
  records = 0
  constructor(plan: Plan, asker: Context, permission: ReturnType<typeof judge>['permission']) {
    this.plan = plan
    this.asker = asker
    this.permission = permission
  }
  async add(page: PlanPage): Promise<void> {
    const { filter } = this.permission!
    // What whoever asks may not read is neither shown nor counted.
    const seen = new Set<unknown>()
    for (const due of page.dues) if (await reaches(this.plan.kernel, this.asker, this.plan.c, filter, due.record)) seen.add(due)
    const candidates = page.candidates.filter(({ due }) => seen.has(due))
    this.records += seen.size
    const reached = new Set(candidates.map(({ due }) => due))
    for (const due of page.dues) if (seen.has(due) && !reached.has(due)) this.count('nobody')
    this.lines.add(candidates)
    for (const one of candidates) {
      if (one.verdict === 'tell') this.people.add(one.person)
      if (one.verdict === 'tell' && !one.isGathered) this.messages++
      if (one.verdict === 'told') this.told++
      else if (one.verdict !== 'tell') this.count(one.verdict)
      if (this.rows.length < mostRows && !(one.isGathered && one.verdict !== 'gone' && one.verdict !== 'hidden')) this.rows.push(this.rowOf(one, page))
    }
  } // prettier-ignore
  private count(why: Withheld): void {
    this.withheld[why] = (this.withheld[why] ?? 0) + 1
  }
  private rowOf(one: Candidate, { titles }: PlanPage): ReminderPreviewRow {
    const { record, about, left, basis } = one.due
    const said = sayRecord(this.plan.c, this.plan.reminder, { ctx: this.asker, permission: this.permission! }, record, titles, { date: left === null ? null : about, left, basis })
    return { verdict: one.verdict, person: this.nameOf(one.person), ...said, link: `/r/${this.plan.c.r.name}/${record.id}`, stage: one.stage.level }
  } // prettier-ignore
  private nameOf = (person: string): string => this.plan.ctx.directory.nameOf(person) || '已离开的人员'

  async counted(): Promise<Pick<ReminderPreview, 'records' | 'people' | 'messages' | 'told' | 'withheld' | 'ways' | 'quiet' | 'rows'>> {
    const fresh = this.lines.fresh
    const gathered = fresh.slice(0, mostRows).map((line): ReminderPreviewRow => ({
      verdict: 'tell', person: this.nameOf(line.person), title: summaryOf(this.plan, line), text: line.news.length === line.count ? null : `其中新增 ${line.news.length} 项`, link: this.plan.listLink(), stage: line.stage,
    }))
    const { records, told, withheld } = this
    const rows = [...gathered, ...this.rows].toSorted((a, b) => Number(a.verdict !== 'tell') - Number(b.verdict !== 'tell')).slice(0, mostRows)
    return { records, people: this.people.size, messages: this.messages + fresh.length, told, withheld, rows, ...(await this.ways()) }
  } // prettier-ignore
  /** By which ways these people would be told, by the hospital's table and their own wishes. */
  private async ways(): Promise<{ ways: Record<MessageChannel, number>; quiet: number }> {
    const { kernel, reminder, day } = this.plan
    const { messageUses } = await readSet(kernel.db, messaging)
    const wishes = await wishesOf(kernel.db, [...this.people])
    const ways = Object.fromEntries(messageChannelNames.map((name) => [name, 0])) as Record<MessageChannel, number>
    const moment = new Date(Date.parse(`${day}T00:00:00+08:00`) + reminder.at * 60_000)
    let quiet = 0
    for (const person of this.people) {
      const own = wishes.get(person) ?? noWishes
      for (const way of waysFor('reminder', messageUses, own)) ways[way]++
      if (!reminder.urgent && own.quiet && isQuiet(moment, own.quiet)) quiet++
    }
    return { ways, quiet }
  }
}
