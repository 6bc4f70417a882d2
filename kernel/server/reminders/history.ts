import { parseInstant, type RecordReminded, type ReminderRun, type ReminderTold } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords, needReadable } from '../records/read.ts'
import { loadReminders } from './in-force.ts'
import { findStanding, runColumns } from './list.ts'

const mostTold = 50
/** When a reminder ran, newest first, and who was told of what; the titles of records only that the reader may see. `before`: those told before this moment. */
export async function reminderHistory(kernel: Kernel, ctx: Context, name: string, before?: string): Promise<{ runs: ReminderRun[]; told: ReminderTold[] }> {
  const { reminder } = await findStanding(kernel, ctx, name)
  const runs = await ctx.db.query<ReminderRun & object>(`SELECT ${runColumns} FROM kernel.reminder_run WHERE reminder = $1 ORDER BY day DESC LIMIT 60`, [name])
  const rows = await ctx.db.query<{ at: string; person: string; record: string; occurrence: string; stage: number }>(
    `SELECT at, person, record, occurrence::text, stage FROM kernel.reminder_told WHERE reminder = $1 AND ($2::timestamptz IS NULL OR at < $2) ORDER BY at DESC, record, person LIMIT ${mostTold}`,
    [name, parseInstant(before)?.toISOString() ?? null],
  )
  const titles = await titlesFor(kernel, ctx, reminder.resource, rows.map(({ record }) => record))
  return { runs, told: rows.map((row) => ({ ...row, person: ctx.directory.nameOf(row.person) || '已离开的人员', title: titles.get(row.record) ?? null })) }
} // prettier-ignore
/** What these records are called, as far as this reader may see them. */
async function titlesFor(kernel: Kernel, ctx: Context, resource: string, ids: readonly string[]): Promise<Map<string, string>> {
  const r = kernel.defs.resources.get(resource)
  if (!r || ids.length === 0 || !kernel.access.can(ctx.actor, 'read', resource)) return new Map()
  const { rows, titles } = await listRecords(kernel, ctx, resource, { filter: { field: 'id', op: 'in', value: [...new Set(ids)] }, limit: mostTold, columns: [r.title] }) // prettier-ignore
  const target = (r.fields[r.title]?.options as { target?: string } | undefined)?.target
  return new Map(rows.map((row) => [row.id, (target && titles[target]?.[row[r.title] as string]) ?? String(row[r.title] ?? '')]))
}

/** What a record has reminded of: when, by which reminder, whom. For whoever may see the record. */
export async function remindedBy(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<RecordReminded[]> {
  await needReadable(kernel, ctx, resource, id)
  const rows = await ctx.db.query<{ reminder: string; stage: number; at: string; people: string[] }>(
    `SELECT reminder, stage, at, array_agg(person ORDER BY person) AS people FROM kernel.reminder_told WHERE record = $1::uuid GROUP BY reminder, stage, at ORDER BY at DESC LIMIT 50`,
    [id],
  )
  const standing = rows.length ? await loadReminders(kernel, ctx.db) : new Map<string, never>()
  return rows.map(({ reminder, people, ...row }) => ({ ...row, reminder: standing.get(reminder)?.reminder.label ?? '已删除的提醒', people: people.map((one) => ctx.directory.nameOf(one) || '已离开的人员') })) // prettier-ignore
}
