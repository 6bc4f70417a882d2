import type { Period, QuietHours } from '#kernel/model/clock/index.ts'
import type { Queryable } from './database/database.ts'

/** The hospital's settings with their defaults. One row a setting; what is not set stands at its default. */
export const defaultSettings = {
  hospitalName: '杏林医院',
  /** 医务处, 医务部 or 医务科: how this hospital calls it. Labels say `{medicalOffice}`. */
  medicalOffice: '医务处',
  /** Working time until the hospital writes a calendar of its own. */
  workingTime: [
    { weekdays: [1, 2, 3, 4, 5], from: 8 * 60, to: 12 * 60 },
    { weekdays: [1, 2, 3, 4, 5], from: 14 * 60, to: 17 * 60 + 30 },
  ] as Period[],
  /** When nothing is sent but what is urgent. */
  quietHours: { from: 21 * 60, to: 7 * 60 + 30 } as QuietHours,
}
export type Settings = typeof defaultSettings

export async function readSettings(db: Queryable): Promise<Settings> {
  const rows = await db.query<{ name: keyof Settings; value: Settings[keyof Settings] }>(`SELECT name, value FROM kernel.setting`)
  return { ...defaultSettings, ...(Object.fromEntries(rows.map((row) => [row.name, row.value])) as Partial<Settings>) }
}
export async function writeSetting<N extends keyof Settings>(db: Queryable, name: N, value: Settings[N]): Promise<void> {
  await db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    name,
    JSON.stringify(value),
  ])
}

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
