import { v7 as uuidv7 } from 'uuid'
import { addDays, both, daysBetween, kindOf, today, where, type ApiRecord, type Filter, type Reminder, type Titles } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { listRecords } from '../records/read.ts'

/** Reminds of every date that comes near: once per record and threshold, also when a day was missed; closes what is cured. */
export async function runReminders(kernel: Kernel): Promise<void> {
  for (const reminder of kernel.defs.modules.flatMap((m) => m.remind ?? [])) await remindOf(kernel, reminder)
}

interface Near {
  record: ApiRecord
  date: string
  left: number
  /** The threshold that was passed last. */
  threshold: number
}

async function remindOf(kernel: Kernel, reminder: Reminder): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '到期提醒' }, 'system')
  const day = today(ctx.clock)
  const furthest = Math.max(...reminder.days)
  const filter = both(reminder.where, where(reminder.date, 'between', [{ today: 0 }, { today: furthest }]), {
    field: 'state',
    op: 'eq',
    value: 'approved',
  })
  const near: Near[] = []
  const titles: Titles = {}
  for await (const page of pages(kernel, ctx, reminder.resource, filter)) {
    for (const [target, names] of Object.entries(page.titles)) Object.assign((titles[target] ??= {}), names)
    for (const record of page.rows) {
      const date = record[reminder.date] as string
      const left = daysBetween(day, date)
      near.push({ record, date, left, threshold: Math.min(...reminder.days.filter((d) => d >= left)) })
    }
  }
  await kernel.transaction(ctx, async (tx) => {
    for (const whom of reminder.whom) {
      if (whom === 'owner') for (const one of near) await tellOwner(kernel, tx, reminder, one, titles)
      else await tellRole(kernel, tx, reminder, whom, near)
    }
    await closeCured(kernel, tx, reminder, near)
  })
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
  const text = fill(kernel, reminder, one, titles)
  const link = `/r/${reminder.resource}/${one.record.id}`
  await tell(ctx, [owner], { title: `${c.r.label}即将到期`, body: text, link, onceKey: keyOf(reminder, one) })
  await addTodo(ctx, owner, {
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
  for (const threshold of reminder.days) {
    const due = near.filter((one) => one.threshold === threshold)
    const news = await notYetTold(ctx, people, due.map((one) => keyOf(reminder, one))) // prettier-ignore
    if (due.length === 0 || people.length === 0) continue
    const owners = new Set(due.map((one) => (c.r.owner.person ? one.record[c.r.owner.person] : one.record.id)))
    const filter: Filter = both(reminder.where, where(reminder.date, 'between', [day, addDays(day, threshold)]))
    const link = `/r/${reminder.resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`
    const title = `${threshold} 天内到期：${c.r.label} ${due.length} 项（${owners.size} 人）`
    const onceKey = `${reminder.resource}/${reminder.date}/${role}/${threshold}/${day}`
    if (news > 0) await tell(ctx, people, { title, body: `其中新增 ${news} 项`, link, onceKey })
    for (const person of people)
      await addTodo(ctx, person, {
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

interface Todo {
  resource: string
  record: string | null
  title: string
  link: string
  due: string
  onceKey: string
}
async function addTodo(ctx: Context, person: string, todo: Todo): Promise<void> {
  await ctx.db.query(
    `INSERT INTO kernel.todo (id, person, resource, record, title, link, due, opened_at, once_key) VALUES ($1, $2, $3, $4::uuid, $5, $6, $7::date, $8, $9)
     ON CONFLICT (person, once_key) DO UPDATE SET title = excluded.title, link = excluded.link, due = excluded.due, closed_at = CASE WHEN kernel.todo.record IS NULL THEN NULL ELSE kernel.todo.closed_at END`,
    [uuidv7(), person, todo.resource, todo.record, todo.title, todo.link, todo.due, ctx.clock.now().toISOString(), todo.onceKey],
  )
}
/** What no longer ends (renewed, withdrawn, gone) needs nobody's care any more. */
async function closeCured(kernel: Kernel, ctx: Context, reminder: Reminder, near: readonly Near[]): Promise<void> {
  const c = kernel.resource(reminder.resource)
  const now = ctx.clock.now().toISOString()
  const alive = near.map((one) => `${reminder.resource}/${one.record.id}/${reminder.date}/${one.date}`)
  await ctx.db.query(`UPDATE kernel.todo SET closed_at = $3 WHERE resource = $1 AND record IS NOT NULL AND closed_at IS NULL AND NOT once_key = ANY($2::text[]) AND once_key LIKE $4`, [
    c.r.name, alive, now, `${reminder.resource}/%/${reminder.date}/%`,
  ]) // prettier-ignore
  const thresholds = new Set(near.map((one) => one.threshold))
  for (const whom of reminder.whom.filter((w) => w !== 'owner'))
    for (const threshold of reminder.days.filter((d) => !thresholds.has(d)))
      await ctx.db.query(`UPDATE kernel.todo SET closed_at = $2 WHERE once_key = $1 AND closed_at IS NULL`, [
        `${reminder.resource}/${reminder.date}/${whom}/${threshold}`,
        now,
      ])
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
