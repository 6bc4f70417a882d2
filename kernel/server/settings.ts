import type { Queryable } from './database/database.ts'

/** The hospital's settings with their defaults. One row a setting; what is not set stands at its default. */
export const defaultSettings = {
  hospitalName: '杏林医院',
  /** 医务处, 医务部 or 医务科: how this hospital calls it. Labels say `{medicalOffice}`. */
  medicalOffice: '医务处',
}
export type Settings = typeof defaultSettings

export async function readSettings(db: Queryable): Promise<Settings> {
  const rows = await db.query<{ name: keyof Settings; value: string }>(`SELECT name, value FROM kernel.setting`)
  return { ...defaultSettings, ...Object.fromEntries(rows.map((row) => [row.name, row.value])) }
}
export async function writeSetting(db: Queryable, name: keyof Settings, value: string): Promise<void> {
  await db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    name,
    JSON.stringify(value),
  ])
}

/** Labels name the medical-affairs office by a placeholder, because every hospital calls it otherwise. */
export const fillLabel = (text: string, settings: Settings): string => text.replaceAll('{medicalOffice}', settings.medicalOffice)
