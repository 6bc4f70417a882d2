import {
  addDays,
  filterWords,
  formatInstant,
  referredBy,
  Refusal,
  runsOn,
  sayReminder,
  today,
  type Field,
  type FlowName,
  type Reminder,
  type ReminderDetail,
  type ReminderItem,
  type ReminderRun,
  type Titles,
} from '#model'
import { asDays } from '#kernel/model/rules/index.ts'
import { planningOf } from '../clock/planning.ts'
import type { Context } from '../context.ts'
import { typesToDraw } from '../flow/designs/types.ts'
import type { Kernel } from '../kernel.ts'
import { namesOf } from '../records/titles.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { loadReminders, problemsOf, type Standing } from './in-force.ts'

/** Every reminder: the product's, those that the hospital changed, and its own. */
export async function listReminders(kernel: Kernel, ctx: Context): Promise<ReminderItem[]> {
  const standing = await loadReminders(kernel, ctx.db)
  const runs = await lastRuns(ctx)
  const items: ReminderItem[] = []
  for (const [name, one] of standing) items.push(await itemOf(kernel, ctx, one, runs.get(name) ?? null))
  return items
}
/** One of them; refuses a name that nobody knows. */
export async function findStanding(kernel: Kernel, ctx: Context, name: string): Promise<Standing> {
  const found = (await loadReminders(kernel, ctx.db)).get(name)
  if (!found) throw new Refusal('notFound', '没有这个提醒，或已被删除')
  return found
}
/** The same as the editor opens it: with what can be named in it. */
export async function openReminder(kernel: Kernel, ctx: Context, name: string): Promise<ReminderDetail> {
  const standing = await findStanding(kernel, ctx, name)
  const { reminder, version, changedAt, changedBy } = standing
  const people = [reminder.whom, ...reminder.escalate.map(({ whom }) => whom)].flat().flatMap((one) => (one.who === 'people' ? one.people : []))
  const settings = await currentSettings(kernel, ctx.db)
  const roles = [...kernel.defs.roles.values()].filter(({ everyone }) => !everyone)
  return {
    ...(await itemOf(kernel, ctx, standing, (await lastRuns(ctx, name)).get(name) ?? null)),
    definition: reminder,
    version,
    changedAt,
    changedBy: changedBy && ctx.directory.nameOf(changedBy),
    roles: roles.map(({ name: role, label }) => ({ name: role, label: fillLabel(label, settings) })),
    rules: await rulesHere(kernel),
    people: [...new Set(people)].map((id) => ({ name: id, label: ctx.directory.nameOf(id) })),
    // Whoever makes a reminder need not be allowed to read a record of its type.
    types: await typesToDraw(kernel, ctx, reminder.resource),
  }
} // prettier-ignore
/** Values of rule cards that count days. */
async function rulesHere(kernel: Kernel): Promise<FlowName[]> {
  const { cards } = (await planningOf(kernel)).rules
  const found = cards.flatMap((card) =>
    Object.entries(card.values).flatMap(([value, amount]) =>
      asDays(amount) === null ? [] : [{ name: `${card.key}.${value}`, label: `${card.label} · ${amount.label}` }],
    ),
  )
  return [...new Map(found.map((one) => [one.name, one])).values()]
}

async function itemOf(kernel: Kernel, ctx: Context, standing: Standing, last: ReminderRun | null): Promise<ReminderItem> {
  const { reminder, from, programChanged, isOn } = standing
  const settings = await currentSettings(kernel, ctx.db)
  const problems = await problemsOf(kernel, reminder)
  const typeLabel = fillLabel(kernel.defs.resources.get(reminder.resource)?.label ?? reminder.resource, settings)
  const next = isOn && problems.length === 0 ? await nextRun(kernel, reminder, last) : null
  return { name: reminder.name, label: reminder.label, resource: reminder.resource, typeLabel, from, programChanged, isOn, sentence: await sayHere(kernel, ctx, reminder), next, last, problems }
} // prettier-ignore
/** The next day and time at which it runs. */
export async function nextRun(kernel: Kernel, { at, restDays }: Reminder, last: ReminderRun | null): Promise<string> {
  const calendar = (await planningOf(kernel)).calendarOf(null)
  const now = today(kernel.clock)
  let day = last?.day === now && last.state === 'done' ? addDays(now, 1) : now
  while (!runsOn(day, restDays, calendar)) day = addDays(day, 1)
  return formatInstant(new Date(Date.parse(`${day}T00:00:00+08:00`) + at * 60_000))
}
async function lastRuns(ctx: Context, name: string | null = null): Promise<Map<string, ReminderRun>> {
  const rows = await ctx.db.query<ReminderRun & { reminder: string }>(`SELECT DISTINCT ON (reminder) reminder, ${runColumns} FROM kernel.reminder_run WHERE $1::text IS NULL OR reminder = $1 ORDER BY reminder, day DESC`, [name]) // prettier-ignore
  return new Map(rows.map(({ reminder, ...run }) => [reminder, run]))
}
export const runColumns = `day::text, state, started_at AS "startedAt", ended_at AS "endedAt", records, told, people, withheld, problem`

/** What a reminder means here, in words. */
export async function sayHere(kernel: Kernel, ctx: Context, reminder: Reminder): Promise<string> {
  const r = kernel.defs.resources.get(reminder.resource)
  if (!r) return '这种记录已经不存在'
  const settings = await currentSettings(kernel, ctx.db)
  const find = (path: string) => {
    const found = kernel.defs.path(r.name, path)
    if (!found?.field) return null
    const through = found.hops.map(({ key }, n) => kernel.defs.resource(n === 0 ? r.name : found.hops[n - 1]!.target).fields[key]!.label)
    return { field: found.field, label: [...through, found.field.label].join(' · ') }
  }
  const rules = new Map((await rulesHere(kernel)).map((one) => [one.name, one.label]))
  const titles = await titlesIn(kernel, ctx, reminder, find)
  return sayReminder(reminder, {
    type: fillLabel(r.label, settings),
    date: (path) => find(path)?.label ?? `${path}（不可用）`,
    field: (key) => find(key)?.label ?? `${key}（不可用）`,
    role: (name) => fillLabel(kernel.defs.roles.get(name)?.label ?? `${name}（不可用）`, settings),
    rule: (name) => rules.get(name) ?? `${name}（不可用）`,
    person: (id) => ctx.directory.nameOf(id) || '已离开的人员',
    filter: (filter) => filterWords(filter, find, (target, id) => titles[target]?.[id] ?? '…'),
  })
} // prettier-ignore
/** Names of the records that conditions compare with. */
function titlesIn(kernel: Kernel, ctx: Context, { where, done }: Reminder, find: (path: string) => { field: Field } | null): Promise<Titles> {
  const wanted = new Map<string, Set<string>>()
  const look = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(look)
    if (typeof part !== 'object' || part === null) return
    const { field: path, value } = part as { field?: unknown; value?: unknown }
    const field = typeof path === 'string' ? find(path)?.field : undefined
    for (const { target, id } of field ? referredBy(field, value) : []) wanted.set(target, (wanted.get(target) ?? new Set()).add(id))
    Object.values(part).forEach(look)
  }
  look([where, done])
  return namesOf(kernel, ctx, wanted)
} // prettier-ignore
