import { hashPassword } from '#kernel/server/access/passwords.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import type { BenchDatabase } from './harness.ts'

/** Accounts with one password, straight into the tables: the benches measure what people do with them. Those that exist stay. */
export async function giveAccounts(database: BenchDatabase, password: string, given: readonly { name: string; person: string }[]): Promise<void> {
  const hash = await hashPassword(password)
  await withClient(database.adminUrl, async (admin) => {
    await admin.query(
      `INSERT INTO security.account (id, version, state, created_at, updated_at, name, person, status, valid_until, second_factor, must_change, password_at, sign_ins, search_text)
         SELECT gen_random_uuid(), 1, 'approved', now(), now(), name, person, 'active', current_date + 1000, 'none', false, now(), 0, lower(name)
         FROM unnest($1::text[], $2::uuid[]) g(name, person) WHERE NOT EXISTS (SELECT 1 FROM security.account a WHERE a.person = g.person)`,
      [given.map((one) => one.name), given.map((one) => one.person)],
    )
    await admin.query(
      `INSERT INTO kernel.credential (account, password) SELECT a.id, $2 FROM security.account a WHERE a.person = ANY($1::uuid[]) ON CONFLICT (account) DO UPDATE SET password = excluded.password`,
      [given.map((one) => one.person), hash],
    )
  })
} // prettier-ignore
