import { defaultSettings, invalid, readSettingsDraft, Refusal, type Settings } from '#model'
import { audit } from './audit/audit.ts'
import type { Context } from './context.ts'
import type { Queryable } from './database/database.ts'
import type { Kernel } from './kernel.ts'

/** The name under which a change of the settings is told to whoever holds them in memory. */
export const settingsTable = 'kernel.setting'

/** The hospital's settings with their defaults. One row a setting; what is not set stands at its default. */
export async function readSettings(db: Queryable): Promise<Settings> {
  const rows = await db.query<{ name: keyof Settings; value: Settings[keyof Settings] }>(
    `SELECT name, value FROM kernel.setting WHERE name = ANY($1)`,
    [Object.keys(defaultSettings)],
  )
  return { ...defaultSettings, ...(Object.fromEntries(rows.map((row) => [row.name, row.value])) as Partial<Settings>) }
}
export async function writeSetting<N extends keyof Settings>(db: Queryable, name: N, value: Settings[N]): Promise<void> {
  await db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    name,
    JSON.stringify(value),
  ])
}

/** Changes what differs from `seen`; refuses when somebody has changed it since. Audited with before and after, told to all processes. */
export async function changeSettings(kernel: Kernel, ctx: Context, draft: unknown, seen: unknown): Promise<Settings> {
  const { settings, problems } = readSettingsDraft(draft)
  if (!settings) throw invalid(problems)
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('settings', 7013))`)
    const stored = await readSettings(tx.db)
    if (JSON.stringify(inOrder(seen as Settings)) !== JSON.stringify(inOrder(stored))) throw new Refusal('versionConflict', '设置已被他人修改，请核对后重新保存', { current: stored })
    const keys = (Object.keys(defaultSettings) as (keyof Settings)[]).filter((key) => JSON.stringify(settings[key]) !== JSON.stringify(stored[key]))
    for (const key of keys) await writeSetting(tx.db, key, settings[key])
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
const inOrder = (settings: Settings | null): unknown[] =>
  Object.keys(defaultSettings).map((key) => settings?.[key as keyof Settings] ?? null)

/** Labels name the medical-affairs office by a placeholder, because every hospital calls it otherwise. */
export const fillLabel = (text: string, settings: Settings): string => text.replaceAll('{medicalOffice}', settings.medicalOffice)

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
