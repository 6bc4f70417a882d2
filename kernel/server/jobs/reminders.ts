import {
  addDays,
  both,
  dayOf,
  daysBetween,
  kindOf,
  today,
  where,
  type ApiRecord,
  type Day,
  type Filter,
  type Reminder,
  type Titles,
} from '#model'
import { asDays, basisText, dayOfUse, isOn, layers, splitRule, type StatedRule } from '#kernel/model/rules/index.ts'
import { planningOf, type Planning } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { addTodo } from '../messages/todos.ts'
import { listRecords } from '../records/read.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** Reminds of every date that comes near: once per record and threshold, also when a day was missed; closes what is cured. */
export async function runReminders(kernel: Kernel): Promise<void> {
  for (const reminder of kernel.defs.modules.flatMap((m) => m.remind ?? [])) await remindOf(kernel, reminder)
}

interface Near {
  record: ApiRecord
  date: string
  left: number
  /** The threshold that was passed last, and the rule that gives it where one does. */
  threshold: number
  basis: string | null
}

async function remindOf(kernel: Kernel, reminder: Reminder): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '到期提醒' }, 'system')
  const thresholds = new Thresholds(await planningOf(kernel), kernel.resource(reminder.resource), reminder, today(ctx.clock))
  const near: Near[] = []
  const titles: Titles = {}
  const filter = both(reminder.where, where(reminder.date, 'between', [{ today: 0 }, { today: thresholds.furthest }]), {
    field: 'state',
    op: 'eq',
    value: 'approved',
  })
  for await (const page of thresholds.furthest < 0 ? [] : pages(kernel, ctx, reminder.resource, filter)) {
    for (const [target, names] of Object.entries(page.titles)) Object.assign((titles[target] ??= {}), names)
    near.push(...page.rows.flatMap((record) => thresholds.passed(record, record[reminder.date] as string) ?? []))
  }
  await kernel.transaction(ctx, async (tx) => {
    for (const whom of reminder.whom) {
      if (whom === 'owner') for (const one of near) await tellOwner(kernel, tx, reminder, one, titles)
      else await tellRole(kernel, tx, reminder, whom, near)
    }
    await closeCured(kernel, tx, reminder, near)
  })
}

/** How many days before: numbers of the declaration, and those that rule cards give to a record's unit. A rule that is not in force gives none. */
class Thresholds {
  readonly furthest: number
  private readonly planning: Planning
  private readonly c: CompiledResource
  private readonly reminder: Reminder
  private readonly day: Day
  constructor(planning: Planning, c: CompiledResource, reminder: Reminder, day: Day) {
    this.planning = planning
    this.c = c
    this.reminder = reminder
    this.day = day
    this.furthest = Math.max(-1, ...reminder.days.flatMap((one) => (typeof one === 'number' ? [one] : this.ever(one))))
  }
  /** What any layer has ever said: as far as any record may look. */
  private ever({ rule }: StatedRule): number[] {
    const { key, value } = splitRule(rule)
    return this.planning.rules.cards.flatMap((card) => {
      const said = card.key === key && isOn(card, this.planning.rules.signatures) ? card.values[value] : undefined
      return (said && asDays(said)) ?? []
    })
  }
  /** The threshold that this record passed last; null while none is. */
  passed(record: ApiRecord, date: Day): Near | null {
    const left = daysBetween(this.day, date)
    const reached = this.reminder.days.map((one) => this.of(one, record)).filter((one) => one !== null && one.days >= left)
    const last = reached.toSorted((a, b) => a!.days - b!.days)[0]
    return last ? { record, date, left, threshold: last.days, basis: last.basis } : null
  }
  /** The record's unit, else that of the person whose record it is. */
  private unitOf(record: ApiRecord): string | null {
    const { department, person } = this.c.r.owner
    const own = department ? record[department] : null
    const owner = person === 'id' ? record.id : person ? record[person] : null
    return typeof own === 'string' ? own : (this.planning.directory.people.get(owner as string)?.unit ?? null)
  }
  private of(one: number | StatedRule, record: ApiRecord): { days: number; basis: string | null } | null {
    if (typeof one === 'number') return { days: one, basis: null }
    const { key, value } = splitRule(one.rule)
    const unit = this.unitOf(record)
    const day = dayOfUse(one, { startedOn: dayOf(new Date(record.createdAt)), today: this.day })
    const bound = this.planning.bindingOf(key, day, unit)?.values[value]
    const days = bound && asDays(bound.value)
    return bound && typeof days === 'number' ? { days, basis: `${layers[bound.card.layer]}${basisText(bound.card.basis)}` } : null
  }
}

async function* pages(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  filter: Filter,
): AsyncGenerator<{ rows: ApiRecord[]; titles: Titles }> {
  for (let cursor: string | null | undefined = null; cursor !== undefined;) {
    const page: { rows: ApiRecord[]; titles: Titles; next: string | null } = await listRecords(kernel, ctx, resource, {
      filter,
      limit: 500,
      sort: ['createdAt'],
      cursor,
    })
    yield page
    cursor = page.next ?? undefined
  }
}

const keyOf = (reminder: Reminder, one: Near): string =>
  `${reminder.resource}/${one.record.id}/${reminder.date}/${one.date}/${one.threshold}`

async function tellOwner(kernel: Kernel, ctx: Context, reminder: Reminder, one: Near, titles: Titles): Promise<void> {
  const c = kernel.resource(reminder.resource)
  const owner = c.r.owner.person === 'id' ? one.record.id : c.r.owner.person ? (one.record[c.r.owner.person] as string | null) : null
  if (!owner || !ctx.directory.isActive(owner)) return
  const text = `${fill(kernel, reminder, one, titles)}${one.basis ? `（依据：${one.basis}）` : ''}`
  const link = `/r/${reminder.resource}/${one.record.id}`
  await tell(ctx, [owner], { kind: 'reminder', title: `${c.r.label}即将到期`, body: text, link, onceKey: keyOf(reminder, one) })
  await addTodo(ctx, [owner], {
    resource: reminder.resource,
    record: one.record.id,
    title: text,
    link,
    due: one.date,
    onceKey: `${reminder.resource}/${one.record.id}/${reminder.date}/${one.date}`,
  })
}

/** An office gets one line a threshold and day, not one a record; the line opens the list. */
async function tellRole(kernel: Kernel, ctx: Context, reminder: Reminder, role: string, near: readonly Near[]): Promise<void> {
  const day = today(ctx.clock)
  const c = kernel.resource(reminder.resource)
  const people = role === 'headOfUnit' ? [] : ctx.directory.peopleWithRole(role, day)
  for (const threshold of new Set(near.map((one) => one.threshold))) {
    const due = near.filter((one) => one.threshold === threshold)
    const news = await notYetTold(ctx, people, due.map((one) => keyOf(reminder, one))) // prettier-ignore
    if (due.length === 0 || people.length === 0) continue
    const owners = new Set(due.map((one) => (c.r.owner.person ? one.record[c.r.owner.person] : one.record.id)))
    const filter: Filter = both(reminder.where, where(reminder.date, 'between', [day, addDays(day, threshold)]))
    const link = `/r/${reminder.resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`
    const title = `${threshold} 天内到期：${c.r.label} ${due.length} 项（${owners.size} 人）`
    const onceKey = `${reminder.resource}/${reminder.date}/${role}/${threshold}/${day}`
    if (news > 0) await tell(ctx, people, { kind: 'reminder', title, body: `其中新增 ${news} 项`, link, onceKey })
    await addTodo(ctx, people, {
      resource: reminder.resource,
      record: null,
      title,
      link,
      due: due.map((one) => one.date).sort()[0]!,
      onceKey: `${reminder.resource}/${reminder.date}/${role}/${threshold}`,
    })
    for (const one of due) await noteTold(ctx, people, keyOf(reminder, one))
  }
}
/** How many of these the office has not been told of. */
async function notYetTold(ctx: Context, people: readonly string[], keys: readonly string[]): Promise<number> {
  if (people.length === 0 || keys.length === 0) return 0
  const known = await ctx.db.query<{ key: string }>(
    `SELECT once_key AS key FROM kernel.told WHERE person = $1::uuid AND once_key = ANY($2::text[])`,
    [people[0], keys],
  )
  return keys.length - known.length
}
async function noteTold(ctx: Context, people: readonly string[], key: string): Promise<void> {
  await ctx.db.query(`INSERT INTO kernel.told (person, once_key, at) SELECT p, $2, $3 FROM unnest($1::uuid[]) p ON CONFLICT DO NOTHING`, [
    people,
    key,
    ctx.clock.now().toISOString(),
  ])
}

/** What no longer ends (renewed, withdrawn, gone) needs nobody's care any more. */
async function closeCured(kernel: Kernel, ctx: Context, reminder: Reminder, near: readonly Near[]): Promise<void> {
  const c = kernel.resource(reminder.resource)
  const now = ctx.clock.now().toISOString()
  const alive = near.map((one) => `${reminder.resource}/${one.record.id}/${reminder.date}/${one.date}`)
  await ctx.db.query(`UPDATE kernel.todo SET closed_at = $3 WHERE resource = $1 AND record IS NOT NULL AND closed_at IS NULL AND NOT once_key = ANY($2::text[]) AND once_key LIKE $4`, [
    c.r.name, alive, now, `${reminder.resource}/%/${reminder.date}/%`,
  ]) // prettier-ignore
  const groups = reminder.whom.filter((whom) => whom !== 'owner').map((whom) => `${reminder.resource}/${reminder.date}/${whom}/`)
  const kept = groups.flatMap((group) => [...new Set(near.map((one) => `${group}${one.threshold}`))])
  await ctx.db.query(`UPDATE kernel.todo SET closed_at = $3 WHERE record IS NULL AND closed_at IS NULL AND resource = $1 AND once_key LIKE ANY($4::text[]) AND NOT once_key = ANY($2::text[])`, [
    c.r.name, kept, now, groups.map((group) => `${group}%`),
  ]) // prettier-ignore
}

/** `{practitioner}`, `{to}`, `{days}` become what the record says. */
function fill(kernel: Kernel, reminder: Reminder, one: Near, titles: Titles): string {
  const c = kernel.resource(reminder.resource)
  return reminder.text.replace(/\{(\w+)\}/g, (whole, key: string) => {
    if (key === 'days') return String(one.left)
    if (key === 'date') return one.date
    const f = c.byKey.get(key)
    return f ? kindOf(f.field).format(one.record[key], f.field, (target, id) => titles[target]?.[id] ?? '') : whole
  })
}
