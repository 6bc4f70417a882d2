import type { Context } from './context.ts'
import type { Queryable } from './database/database.ts'

/** What an account has chosen under this name; null where it never did. */
export async function preferenceOf<T>(db: Queryable, account: string, name: string): Promise<T | null> {
  const [row] = await db.query<{ value: T }>(`SELECT value FROM kernel.preference WHERE account = $1::uuid AND name = $2`, [account, name])
  return row?.value ?? null
}
/** What these people have chosen under this name; who never did is left out. */
export async function preferencesOf<T>(db: Queryable, people: readonly string[], name: string): Promise<Map<string, T>> {
  const rows = await db.query<{ person: string; value: T }>(
    `SELECT a.person, p.value FROM security.account a JOIN kernel.preference p ON p.account = a.id AND p.name = $2 WHERE a.person = ANY ($1::uuid[]) AND a.deleted_at IS NULL`,
    [people, name],
  )
  return new Map(rows.map(({ person, value }) => [person, value]))
}
/** Keeps a choice in place of the one before. */
export async function keepPreference(ctx: Pick<Context, 'db' | 'clock'>, account: string, name: string, value: unknown): Promise<void> {
  await ctx.db.query(
    `INSERT INTO kernel.preference VALUES ($1::uuid, $2, $3::jsonb, $4) ON CONFLICT (account, name) DO UPDATE SET value = excluded.value, at = excluded.at`,
    [account, name, JSON.stringify(value), ctx.clock.now().toISOString()],
  )
}
/** Adds parts to a choice that is an object: what two pages keep at once is both kept. */
export async function addToPreference(ctx: Pick<Context, 'db' | 'clock'>, account: string, name: string, part: object): Promise<void> {
  await ctx.db.query(
    `INSERT INTO kernel.preference AS p VALUES ($1::uuid, $2, $3::jsonb, $4) ON CONFLICT (account, name) DO UPDATE SET value = p.value || excluded.value, at = excluded.at`,
    [account, name, JSON.stringify(part), ctx.clock.now().toISOString()],
  )
}
