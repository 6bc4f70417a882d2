import { Refusal } from '#model'
import type { Context } from './context.ts'
import type { Queryable } from './database/database.ts'
import { addToPreference, preferenceOf } from './preferences.ts'

const preference = 'likings'
const namePattern = /^[\w.-]{1,120}$/
/** Of one person: characters of all that he likes. */
const most = 200_000

/** How somebody likes his pages: order of columns, collapsed groups. Kept here and not in the browser, where the next one would find it. */
export const likingsOf = async (db: Queryable, account: string): Promise<Record<string, unknown>> =>
  (await preferenceOf(db, account, preference)) ?? {}
/** Keeps one of them. */
export async function keepLiking(ctx: Pick<Context, 'db' | 'clock'>, account: string, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value ?? null)
  if (!namePattern.test(name)) throw new Refusal('badRequest')
  if (text.length + JSON.stringify(await likingsOf(ctx.db, account)).length > most) throw new Refusal('tooLarge', '个人偏好过多，未能保存')
  await addToPreference(ctx, account, preference, { [name]: value ?? null })
}
