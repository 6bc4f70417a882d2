import { createHash, randomBytes } from 'node:crypto'
import { withClient } from '#kernel/server/database/roles.ts'
import { giveAccounts } from './accounts.ts'
import type { BenchDatabase } from './harness.ts'
import { password } from './register-data.ts'

export interface SignedIn {
  person: string
  cookie: string
  csrf: string
}
/** These people with accounts of this beginning, each signed in: the benches measure what they do, not how they came. */
export async function sessionsOf(database: BenchDatabase, name: string, people: readonly string[]): Promise<SignedIn[]> {
  const csrf = randomBytes(16).toString('base64url')
  const tokens = people.map(() => randomBytes(32).toString('base64url'))
  await giveAccounts(database, password, people.map((person, n) => ({ name: `${name}${n}`, person }))) // prettier-ignore
  await withClient(database.adminUrl, async (admin) => {
    await admin.query(`DELETE FROM kernel.session WHERE agent = 'bench'`)
    await admin.query(
      `INSERT INTO kernel.session (id, token, account, csrf, created_at, seen_at, expires_at, agent)
         SELECT gen_random_uuid(), s.token, a.id, $3, now(), now(), now() + interval '8 hours', 'bench' FROM unnest($1::bytea[], $2::uuid[]) s(token, person) JOIN security.account a ON a.person = s.person`,
      [tokens.map((token) => createHash('sha256').update(token).digest()), people, csrf],
    )
  })
  return people.map((person, n) => ({ person, cookie: `xinglin_session=${tokens[n]}`, csrf }))
}
