import { v7 as uuidv7 } from 'uuid'
import {
  invalid,
  isProtected,
  readReminder,
  Refusal,
  today,
  type FieldProblem,
  type Reminder,
  type ReminderDetail,
  type ReminderVersion,
  type ResolvedResource,
} from '#model'
import { checkText } from '#kernel/model/fields/kind.ts'
import { formatTime, isQuiet } from '#kernel/model/clock/index.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { readSettings } from '../settings.ts'
import { closeAll } from './cure.ts'
import { problemsOf, programHash, reminderTable, settledOf, type Standing } from './in-force.ts'
import { findStanding, openReminder, sayHere } from './list.ts'

type Given = Readonly<Record<string, unknown>>
const isOwn = (name: string): boolean => name.startsWith('custom.')

/** What stands in the editor; refused with everything that is wrong, each at its place. */
export async function needReminder(kernel: Kernel, ctx: Context, { reminder: { name, resource } }: Pick<Standing, 'reminder'>, given: unknown): Promise<Reminder> {
  const { reminder, problems } = readReminder(given, name, resource)
  // Only what can be read at all is looked at further.
  const found = problems.length > 0 ? problems : [...(await problemsOf(kernel, reminder)), ...peopleProblems(ctx, reminder), ...(await quietProblem(ctx, reminder))]
  if (found.length > 0) throw invalid(found.map(({ field, message }) => ({ field: `definition.${field}`, message })))
  return reminder
} // prettier-ignore
function peopleProblems(ctx: Context, { whom, escalate }: Reminder): FieldProblem[] {
  const lists = [['whom', whom], ...escalate.map((one, n) => [`escalate.${n}.whom`, one.whom] as const)] as const
  return lists.flatMap(([at, list]) =>
    list.flatMap((one, n) => {
      const unknown = one.who === 'people' && one.people.find((id) => !ctx.directory.people.has(id))
      return unknown ? [{ field: `${at}.${n}`, message: '名单里有人员已经不存在' }] : []
    }),
  )
}
async function quietProblem(ctx: Context, { at, urgent }: Reminder): Promise<FieldProblem[]> {
  const { quietHours } = await readSettings(ctx.db)
  const moment = new Date(Date.parse(`${today(ctx.clock)}T00:00:00+08:00`) + at * 60_000)
  if (urgent || !isQuiet(moment, quietHours)) return []
  return [{ field: 'at', message: `在免打扰时段（${formatTime(quietHours.from)}–${formatTime(quietHours.to)}）内：请改时间，或设为紧急` }]
}

/** Begins a reminder of the hospital's own, switched off: empty, or as a copy. */
export async function createReminder(kernel: Kernel, ctx: Context, given: Given): Promise<ReminderDetail> {
  const label = needText(given['label'], 'label', 60, '请填写名称')
  const { copyOf } = given
  const copied = copyOf === undefined ? null : (await findStanding(kernel, ctx, typeof copyOf === 'string' ? copyOf : '')).reminder
  const resource = copied?.resource ?? given['resource']
  const found = typeof resource === 'string' ? kernel.defs.resources.get(resource) : undefined
  if (!found) throw invalid([{ field: 'resource', message: '请选择记录类型' }])
  const name = `custom.r${uuidv7().slice(-10)}`
  const reminder: Reminder = copied ? { ...copied, name, label } : begun(name, label, found)
  await kernel.transaction(ctx, async (tx) => {
    await putInForce(kernel, tx, { reminder, from: 'hospital', version: 0, isOn: false }, '')
    await audit(tx, { act: 'reminder.create', outcome: 'done', resource: found.name, detail: { reminder: name, label, ...(copied ? { from: copied.name } : {}) } })
  })
  return openReminder(kernel, ctx, name)
} // prettier-ignore
/** By its first date, thirty days before, to whom it belongs; without a date by a condition still to be said. */
function begun(name: string, label: string, r: ResolvedResource): Reminder {
  const date = Object.entries(r.fields).find(([, field]) => field.kind === 'date' && !isProtected(field))?.[0]
  const summary = date ? '{count} 项{type}将到期' : '{count} 项{type}待处理'
  return {
    name, label, resource: r.name, where: null, done: null, repeat: null, escalate: [], at: 480, restDays: 'after', urgent: false, todo: true, summary,
    when: date ? { kind: 'date', date, days: [30] } : { kind: 'rhythm', rhythm: { every: 'workday' } },
    whom: [r.owner.person ? { who: 'owner', gathered: false } : { who: 'role', role: 'medicalOffice', of: 'hospital', gathered: true }],
    title: date ? '{type}即将到期' : '{type}待处理',
    text: date ? `{${r.title}}将于{date}到期，{when}` : `{${r.title}}`,
  }
} // prettier-ignore

/** Saves what stands in the editor as the version in force. A version that is no longer the one that was seen is refused with what stands. */
export async function saveReminder(kernel: Kernel, ctx: Context, name: string, given: Given): Promise<ReminderDetail> {
  const standing = await findStanding(kernel, ctx, name)
  const reminder = await needReminder(kernel, ctx, standing, given['definition'])
  const note = given['note'] === undefined ? '' : needText(given['note'], 'note', 500, null)
  await kernel.transaction(ctx, async (tx) => {
    await locked(kernel, tx, name, given['version'])
    await putInForce(kernel, tx, { ...standing, reminder }, note)
    await audit(tx, { act: 'reminder.change', outcome: 'done', resource: reminder.resource, detail: { reminder: name, label: reminder.label, sentence: await sayHere(kernel, tx, reminder) } })
  })
  return openReminder(kernel, ctx, name)
} // prettier-ignore
/** Makes an older version, or the product's own, count again. */
export async function goBack(kernel: Kernel, ctx: Context, name: string, to: unknown, seen: unknown): Promise<ReminderDetail> {
  await kernel.transaction(ctx, async (tx) => {
    const standing = await locked(kernel, tx, name, seen)
    if (to === 'program') {
      if (standing.from !== 'changed') throw new Refusal('badRequest', standing.from === 'program' ? '现在就是系统原版' : '这是本院自己的提醒，没有系统原版')
      await tx.db.query(`UPDATE kernel.reminder SET in_force = NULL, program_hash = NULL, changed_at = $2, changed_by = $3, settled = $4::date WHERE name = $1`, [name, tx.clock.now().toISOString(), personOf(tx.actor), await settledOf(tx.db, name)])
    } else {
      const [older] = await tx.db.query<{ definition: Reminder }>(`SELECT definition FROM kernel.reminder_version WHERE name = $1 AND version = $2`, [name, Number.isSafeInteger(to) && (to as number) < 2 ** 31 ? to : 0])
      if (!older) throw new Refusal('notFound', '没有这个版本')
      const problems = await problemsOf(kernel, older.definition)
      if (problems.length > 0) throw new Refusal('badRequest', `这个版本已不适合：${problems[0]!.message}`)
      await putInForce(kernel, tx, { ...standing, reminder: older.definition }, `恢复第 ${String(to)} 版`)
    }
    await noteChange(kernel, tx)
    await audit(tx, { act: 'reminder.back', outcome: 'done', resource: standing.reminder.resource, detail: { reminder: name, to } })
  })
  return openReminder(kernel, ctx, name)
} // prettier-ignore
/** Switches it on or off. Off, its to-dos close. */
export async function switchReminder(kernel: Kernel, ctx: Context, name: string, isOn: unknown): Promise<ReminderDetail> {
  if (typeof isOn !== 'boolean') throw new Refusal('badRequest', '请说明打开还是关闭')
  await kernel.transaction(ctx, async (tx) => {
    const { reminder } = await locked(kernel, tx, name)
    const problems = isOn ? await problemsOf(kernel, reminder) : []
    if (problems.length > 0) throw invalid(problems.map(({ field, message }) => ({ field: `definition.${field}`, message })))
    await tx.db.query(
      `INSERT INTO kernel.reminder (name, is_on, changed_at, changed_by, settled) VALUES ($1, $2, $3, $4, $5::date)
       ON CONFLICT (name) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at, changed_by = excluded.changed_by, settled = excluded.settled`,
      [name, isOn, tx.clock.now().toISOString(), personOf(tx.actor), await settledOf(tx.db, name)],
    )
    if (!isOn) await closeAll(tx.db, name, tx.clock.now())
    await noteChange(kernel, tx)
    await audit(tx, { act: isOn ? 'reminder.on' : 'reminder.off', outcome: 'done', resource: reminder.resource, detail: { reminder: name, label: reminder.label } })
  })
  return openReminder(kernel, ctx, name)
} // prettier-ignore
/** Takes a reminder of the hospital's own away; what it has told stays told. */
export async function deleteReminder(kernel: Kernel, ctx: Context, name: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const { reminder } = await locked(kernel, tx, name)
    if (!isOwn(name)) throw new Refusal('badRequest', '系统自带的提醒不能删除，可以关闭')
    await tx.db.query(`DELETE FROM kernel.reminder WHERE name = $1`, [name])
    await closeAll(tx.db, name, tx.clock.now())
    await noteChange(kernel, tx)
    await audit(tx, { act: 'reminder.delete', outcome: 'done', resource: reminder.resource, detail: { reminder: name, label: reminder.label } })
  })
} // prettier-ignore
/** Lets it run within seconds, whatever the time: who was told is not told again. */
export async function runNow(kernel: Kernel, ctx: Context, name: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const { reminder, isOn } = await locked(kernel, tx, name)
    if (!isOn) throw new Refusal('badRequest', '提醒没有打开，请先打开')
    const now = tx.clock.now().toISOString()
    await tx.db.query(
      `INSERT INTO kernel.reminder_run (reminder, day, state, started_at, beat_at, tries) VALUES ($1, $2::date, 'waiting', $3, $3, 0)
       ON CONFLICT (reminder, day) DO UPDATE SET state = 'waiting' WHERE kernel.reminder_run.state IN ('done', 'failed')`,
      [name, today(tx.clock), now],
    )
    await audit(tx, {
      act: 'reminder.run',
      outcome: 'done',
      resource: reminder.resource,
      detail: { reminder: name, label: reminder.label },
    })
  })
}

/** The versions of a reminder, newest first. */
export async function listVersions(kernel: Kernel, ctx: Context, name: string): Promise<ReminderVersion[]> {
  const { version: inForce } = await findStanding(kernel, ctx, name)
  const rows = await ctx.db.query<{ version: number; at: string; by: string | null; note: string; definition: Reminder }>(
    `SELECT version, at, by, note, definition FROM kernel.reminder_version WHERE name = $1 ORDER BY version DESC LIMIT 100`,
    [name],
  )
  const versions: ReminderVersion[] = []
  for (const { by, ...row } of rows)
    versions.push({ ...row, by: ctx.directory.nameOf(by) || '系统', inForce: row.version === inForce, sentence: await sayHere(kernel, ctx, row.definition) }) // prettier-ignore
  return versions
}

/** Holds a reminder until the transaction ends; with `seen`, only as it was seen. */
async function locked(kernel: Kernel, tx: Context, name: string, seen?: unknown): Promise<Standing> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7029))`, [name])
  const standing = await findStanding(kernel, tx, name)
  if (seen !== undefined && seen !== standing.version)
    throw new Refusal('versionConflict', `提醒已由 ${tx.directory.nameOf(standing.changedBy) || '他人'} 修改，请核对后重新保存`, { current: standing })
  return standing
} // prettier-ignore
async function putInForce(kernel: Kernel, tx: Context, { reminder, isOn }: Pick<Standing, 'reminder' | 'from' | 'version' | 'isOn'>, note: string): Promise<void> {
  const [at, by] = [tx.clock.now().toISOString(), personOf(tx.actor)]
  await tx.db.query(
    `WITH made AS (INSERT INTO kernel.reminder_version (name, version, definition, at, by, note)
       SELECT $1, coalesce(max(version), 0) + 1, $2::jsonb, $3, $4, $5 FROM kernel.reminder_version WHERE name = $1 RETURNING version)
     INSERT INTO kernel.reminder (name, in_force, is_on, program_hash, changed_at, changed_by, settled) SELECT $1, version, $6, $7, $3, $4, $8::date FROM made
     ON CONFLICT (name) DO UPDATE SET in_force = excluded.in_force, is_on = excluded.is_on, program_hash = excluded.program_hash, changed_at = excluded.changed_at, changed_by = excluded.changed_by, settled = excluded.settled`,
    [reminder.name, JSON.stringify(reminder), at, by, note, isOn, programHash(kernel, reminder.name), await settledOf(tx.db, reminder.name)],
  )
  await noteChange(kernel, tx)
} // prettier-ignore
/** Told to every process that holds reminders in memory. */
async function noteChange(kernel: Kernel, tx: Context): Promise<void> {
  await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [tx.clock.now().toISOString(), reminderTable]) // prettier-ignore
  tx.afterCommit.push(() => kernel.changed(reminderTable))
}
function needText(given: unknown, field: string, most: number, missing: string | null): string {
  const checked = checkText(given ?? '', most)
  if ('problem' in checked) throw invalid([{ field, message: checked.problem }])
  if (!checked.value && missing !== null) throw invalid([{ field, message: missing }])
  return (checked.value as string | null) ?? ''
}
