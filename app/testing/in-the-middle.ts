import { withClient } from '#kernel/server/database/roles.ts'
import type { TestHospital } from './hospital.ts'

/** As long as `part` runs nobody reads the table (`schema.name`): what asks it waits in the middle of its work. */
export const held = ({ database }: TestHospital, table: string, part: (release: () => Promise<void>) => Promise<void>): Promise<void> =>
  withClient(database.adminUrl, async (client) => {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    await part(async () => void (await client.query('ROLLBACK')))
  })
/** As long as `part` runs this person has that role no more. */
export async function withoutRole(
  { database, kernel }: TestHospital,
  person: string,
  role: string,
  part: () => Promise<void>,
): Promise<void> {
  const set = (deleted: string) =>
    withClient(database.adminUrl, (client) => client.query(`UPDATE directory.role_assignment SET deleted_at = ${deleted} WHERE person = $1::uuid AND role = $2`, [person, role])) // prettier-ignore
  await set('now()')
  kernel.directoryChanged()
  try {
    await part()
  } finally {
    await set('NULL')
    kernel.directoryChanged()
  }
}
