import { reminderProblems, type Day, type FieldProblem, type Reminder, type ReminderItem } from '#model'
import { splitRule } from '#kernel/model/rules/index.ts'
import { planningOf } from '../clock/planning.ts'
import type { Queryable } from '../database/database.ts'
import { hashOf } from '../flow/in-force.ts'
import { releaseTable } from '../designs/standing.ts'
import type { Kernel } from '../kernel.ts'

/** The name under which a change of what is in force is told to whoever holds reminders in memory. */
export const reminderTable = 'kernel.reminder'
/** A reminder as it counts. */
export interface Standing {
  reminder: Reminder
  from: ReminderItem['from']
  /** The hospital's version in force; 0: the product's own. */
  version: number
  isOn: boolean
  /** When and by whom what counts came to count; null: with the product. */
  changedAt: string | null
  changedBy: string | null
  /** What lies before it was looked at under what counted before; null: nothing was. */
  settled: Day | null
  /** The product's own has changed since the hospital saved what is in force. */
  programChanged: boolean
}
interface Row {
  name: string
  version: number | null
  definition: Reminder | null
  is_on: boolean
  program_hash: string | null
  changed_at: string
  changed_by: string | null
  settled: Day | null
}
/** What the product declares is recognised by this. */
export const programHash = (kernel: Kernel, name: string): string | null => {
  const declared = kernel.defs.reminders.get(name)
  return declared ? hashOf(JSON.stringify(declared)) : null
}

/** Every reminder, the product's and the hospital's, as the database says it now. */
export async function loadReminders(kernel: Kernel, db: Queryable): Promise<Map<string, Standing>> {
  const rows = await db.query<Row & object>(
    `SELECT r.name, r.in_force AS version, v.definition, r.is_on, r.program_hash, r.changed_at, r.changed_by, r.settled::text AS settled
     FROM kernel.reminder r LEFT JOIN kernel.reminder_version v ON v.name = r.name AND v.version = r.in_force ORDER BY r.name`,
  )
  const standing = new Map<string, Standing>()
  for (const reminder of kernel.defs.reminders.values())
    standing.set(reminder.name, { reminder, from: 'program', version: 0, isOn: true, changedAt: null, changedBy: null, settled: null, programChanged: false })
  for (const { name, version, definition, is_on: isOn, program_hash: hash, changed_at: changedAt, changed_by: changedBy, settled } of rows) {
    const declared = kernel.defs.reminders.get(name)
    const reminder = definition ?? declared
    // The product no longer declares what was only switched off.
    if (!reminder) continue
    const from = definition === null ? 'program' : declared ? 'changed' : 'hospital'
    standing.set(name, { reminder, from, version: version ?? 0, isOn, changedAt, changedBy, settled, programChanged: from === 'changed' && hash !== programHash(kernel, name) })
  }
  return standing
} // prettier-ignore

const held = new WeakMap<Kernel, { standing: Promise<Map<string, Standing>> | null }>()
/** The same, in memory: asked again after any has changed, here or in another process. */
export function standingReminders(kernel: Kernel): Promise<ReadonlyMap<string, Standing>> {
  let mine = held.get(kernel)
  if (!mine) {
    const fresh = { standing: null as Promise<Map<string, Standing>> | null }
    kernel.whenChanged([reminderTable, releaseTable], () => void (fresh.standing = null))
    held.set(kernel, (mine = fresh))
  }
  const place = mine
  place.standing ??= loadReminders(kernel, kernel.db.aside).catch((error: unknown) => {
    place.standing = null
    throw error
  })
  return place.standing
}

/** The definitions of those that are switched on. */
export const remindersInForce = async (kernel: Kernel): Promise<Reminder[]> =>
  [...(await standingReminders(kernel)).values()].flatMap(({ isOn, reminder }) => (isOn ? [reminder] : []))

/** The last day that was looked at to the end. */
export async function settledOf(db: Queryable, name: string): Promise<Day | null> {
  const [row] = await db.query<{ reach: Day | null }>(`SELECT max(reach)::text AS reach FROM kernel.reminder_run WHERE reminder = $1`, [
    name,
  ])
  return row!.reach
}

/** Why a reminder cannot run: what it names is no more. Empty: it can. */
export async function problemsOf(kernel: Kernel, reminder: Reminder): Promise<FieldProblem[]> {
  const { cards } = (await planningOf(kernel)).rules
  const { when } = reminder
  const unknown = (when.kind === 'date' ? when.days : []).flatMap((one, n): FieldProblem[] => {
    if (typeof one === 'number') return []
    const { key, value } = splitRule(one.rule)
    return cards.some((card) => card.key === key && Object.hasOwn(card.values, value)) ? [] : [{ field: `when.days.${n}`, message: '这个规则已经不存在' }]
  })
  return [...reminderProblems(kernel.defs, reminder), ...unknown]
} // prettier-ignore
