import { Refusal } from '#model'
import type { Queryable } from './database/database.ts'

const preference = 'likings'
const namePattern = /^[\w.-]{1,120}$/
/** Of one person: characters of all that he likes. */
const most = 200_000

/** How somebody likes his pages: order of columns, collapsed groups. Kept here and not in the browser, where the next one would find it. */
export async function likingsOf(db: Queryable, account: string): Promise<Record<string, unknown>> {
  const [row] = await db.query<{ value: Record<string, unknown> }>(`SELECT value FROM kernel.preference WHERE account = $1::uuid AND name = $2`, [account, preference]) // prettier-ignore
  return row?.value ?? {}
}
/** Keeps one of them. */
export async function keepLiking(db: Queryable, at: Date, account: string, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value ?? null)
  if (!namePattern.test(name)) throw new Refusal('badRequest')
  if (text.length + JSON.stringify(await likingsOf(db, account)).length > most) throw new Refusal('tooLarge', '个人偏好过多，未能保存')
  await db.query(
    `INSERT INTO kernel.preference AS p VALUES ($1::uuid, $2, jsonb_build_object($3::text, $4::jsonb), $5)
     ON CONFLICT (account, name) DO UPDATE SET value = p.value || excluded.value, at = excluded.at`,
    [account, preference, name, text, at.toISOString()],
  )
}
