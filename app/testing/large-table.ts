import { withClient } from '#kernel/server/database/roles.ts'
import type { TestHospital } from './hospital.ts'

/** From now on the planner believes that this table (`schema.name`) has so many rows. */
export const believe = ({ database, kernel }: TestHospital, table: string, rows: number): Promise<void> =>
  withClient(database.adminUrl, async (admin) => {
    await admin.query('SET allow_system_table_mods = on')
    await admin.query('UPDATE pg_class SET reltuples = $1 WHERE oid = $2::regclass', [rows, table])
    kernel.estimates.forget()
  })
