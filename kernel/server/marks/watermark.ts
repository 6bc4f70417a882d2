import { isDeepStrictEqual } from 'node:util'
import {
  invalid,
  readWatermark,
  Refusal,
  usualWatermark,
  watermarkByRule,
  watermarkPlaces,
  type OwnWatermark,
  type Watermark,
} from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'

const settingName = 'watermark'
/** What the hospital says of watermarks on pages. */
export async function readWatermarkSetting(db: Queryable): Promise<Watermark> {
  const [row] = await db.query<{ value: Watermark }>(`SELECT value FROM kernel.setting WHERE name = $1`, [settingName])
  return { ...usualWatermark, ...row?.value }
}
/** Changes it; `seen` is what the page was filled from. */
export async function changeWatermark(kernel: Kernel, ctx: Context, draft: unknown, seen: unknown): Promise<void> {
  const { setting, problems } = readWatermark(draft, watermarkPlaces(kernel.defs))
  if (problems.length) throw invalid(problems)
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('watermark', 7013))`)
    const before = await readWatermarkSetting(tx.db)
    if (!isDeepStrictEqual(seen, before)) throw new Refusal('versionConflict', '水印设置已被他人修改，请核对后重新保存')
    await tx.db.query(`INSERT INTO kernel.setting VALUES ($1, $2::jsonb) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [settingName, JSON.stringify(setting)]) // prettier-ignore
    await audit(tx, { act: 'watermark.change', outcome: 'done', detail: { before, after: setting } })
  })
}

/** What somebody's own pages show: who he is, and where. */
export async function ownWatermark(kernel: Kernel, session: { person: string | null; accountName: string }): Promise<OwnWatermark> {
  const [setting, directory] = await Promise.all([readWatermarkSetting(kernel.db), kernel.directory()])
  const person = session.person ? directory.people.get(session.person) : undefined
  const words = [person?.name, person?.staffNumber ?? session.accountName, setting.unit && directory.unitName(person?.unit ?? null)]
  const usual = setting.where === 'everywhere'
  const others = watermarkPlaces(kernel.defs)
    .filter((place) => (setting.places[place.key] ?? watermarkByRule(setting, place)) !== usual)
    .map(({ key }) => key)
  return { words: words.filter(Boolean).join(' '), usual, others }
}
