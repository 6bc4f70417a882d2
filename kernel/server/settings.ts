import { isDeepStrictEqual } from 'node:util'
import {
  defaultMessaging,
  defaultSettings,
  invalid,
  readMessagingDraft,
  readSettingsDraft,
  Refusal,
  type FieldProblem,
  type MessagingSettings,
  type Settings,
} from '#model'
import { audit } from './audit/audit.ts'
import type { Context } from './context.ts'
import type { Queryable } from './database/database.ts'
import type { Kernel } from './kernel.ts'

/** The name under which a change of the settings is told to whoever holds them in memory. */
export const settingsTable = 'kernel.setting'

/** Settings that one page changes together; no two sets have a name in common. */
export interface SettingSet<T extends object> {
  defaults: T
  /** As they come from outside; what is wrong is named by its path. */
  read(draft: unknown): { settings: T | null; problems: FieldProblem[] }
}
export const general: SettingSet<Settings> = { defaults: defaultSettings, read: readSettingsDraft }
export const messaging: SettingSet<MessagingSettings> = { defaults: defaultMessaging, read: readMessagingDraft }

/** The hospital's settings with their defaults. One row a setting; what is not set stands at its default. */
export const readSettings = (db: Queryable): Promise<Settings> => readSet(db, general)
/** Those of one set. */
export async function readSet<T extends object>(db: Queryable, { defaults }: SettingSet<T>): Promise<T> {
  const rows = await db.query<{ name: string; value: unknown }>(`SELECT name, value FROM kernel.setting WHERE name = ANY($1)`, [Object.keys(defaults)]) // prettier-ignore
  return { ...defaults, ...(Object.fromEntries(rows.map((row) => [row.name, row.value])) as Partial<T>) }
}
type All = Settings & MessagingSettings
export async function writeSetting<N extends keyof All>(db: Queryable, name: N, value: All[N]): Promise<void> {
  await db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    name,
    JSON.stringify(value),
  ])
}

/** Changes what differs from `seen`; refuses when somebody has changed it since. Audited with before and after, told to all processes. */
export async function changeSettings<T extends object>(kernel: Kernel, ctx: Context, set: SettingSet<T>, draft: unknown, seen: unknown): Promise<T> {
  const { settings, problems } = set.read(draft)
  const names = Object.keys(set.defaults) as (keyof T & keyof All)[]
  const valuesOf = (given: unknown): unknown[] => names.map((name) => (given as T | null)?.[name] ?? null)
  if (!settings) throw invalid(problems)
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('settings', 7013))`)
    const stored = await readSet(tx.db, set)
    // The database keeps the keys of an object in an order of its own.
    if (!isDeepStrictEqual(valuesOf(seen), valuesOf(stored))) throw new Refusal('versionConflict', '设置已被他人修改，请核对后重新保存', { current: stored })
    const keys = names.filter((key) => !isDeepStrictEqual(settings[key], stored[key]))
    for (const key of keys) await writeSetting(tx.db, key, settings[key] as All[typeof key])
    if (keys.length === 0) return stored
    const at = ctx.clock.now().toISOString()
    await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [at, settingsTable])
    await audit(tx, { act: 'settings.change', outcome: 'done', detail: { changes: Object.fromEntries(keys.map((key) => [key, [stored[key], settings[key]]])) } })
    tx.afterCommit.push(() => {
      held.delete(kernel)
      kernel.changed(settingsTable)
    })
    return settings
  })
} // prettier-ignore

/** Labels name the medical-affairs office by a placeholder, because every hospital calls it otherwise. */
export const fillLabel = (text: string, settings: Settings): string => text.replaceAll('{medicalOffice}', () => settings.medicalOffice)
/** All labels in an answer, as JSON. */
export const fillAll = (answer: unknown, { medicalOffice }: Settings): string =>
  JSON.stringify(answer).replaceAll('{medicalOffice}', () => JSON.stringify(medicalOffice).slice(1, -1))

const held = new WeakMap<object, { settings: Promise<Settings>; until: number }>()
const holdMs = 3000
/** The settings as they were at most three seconds ago: for labels in what is written often. `holder` is the process's kernel. */
export function currentSettings(holder: object, db: Queryable): Promise<Settings> {
  const known = held.get(holder)
  if (known && performance.now() < known.until) return known.settings
  const settings = readSettings(db)
  held.set(holder, { settings, until: performance.now() + holdMs })
  settings.catch(() => held.delete(holder))
  return settings
}
