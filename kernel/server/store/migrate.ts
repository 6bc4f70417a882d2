import { readdir, readFile } from 'node:fs/promises'
import { addMonths, type Definitions } from '#model'
import { type Database, openDatabase } from '../database/database.ts'
import { noteDefinitions } from '../derived/due.ts'
import { standingDefinitions } from '../designs/standing.ts'
import { guardAppendOnly, runModuleMigrations } from './module-migrations.ts'
import { inOrder } from './numbered.ts'
import { applySteps } from './apply.ts'
import { keepTimelines } from './timeline.ts'
import { planSchema, type PlanStep } from './plan.ts'
import { grantRights } from './rights.ts'

const folder = new URL('./migrations/', import.meta.url)
// What needs the derived tables of the kernel's own records.
const afterPlan = new URL('./migrations/after/', import.meta.url)

/** The lock of whoever changes the schema: migrators and publishers queue. */
export const schemaLock = 7_013_001

/** Brings a database to the definitions, what the hospital made among them: numbered migrations, the derived plan, migrations that need it, then rights. Two migrators queue. Needs the owner's address. */
export async function migrate(ownerUrl: string, product: Definitions, today: string): Promise<PlanStep[]> {
  const db = openDatabase(ownerUrl, { max: 2, name: 'xinglin-migrator' })
  try {
    // The lock lives as long as this connection's session.
    const client = await db.pool.connect()
    try {
      await client.query('SET statement_timeout = 0')
      await client.query(`SELECT pg_advisory_lock(${schemaLock})`)
      await runNumbered(db, folder, '')
      await makePartitions(db, today)
      const { defs } = await standingDefinitions(db, product)
      const steps = await planSchema(db, defs)
      await applySteps(db, steps)
      if (defs.tables.has('security.account')) await runNumbered(db, afterPlan, 'after/')
      await keepTimelines(db, defs, steps)
      await runModuleMigrations(db, defs)
      await grantRights(db, defs)
      await guardAppendOnly(db, defs)
      await noteDefinitions(db, defs)
      return steps
    } finally {
      client.release(true)
    }
  } finally {
    await db.close()
  }
}

async function runNumbered(db: Database, from: URL, prefix: string): Promise<void> {
  await db.once(
    'CREATE SCHEMA IF NOT EXISTS kernel; CREATE TABLE IF NOT EXISTS kernel.migration (name text PRIMARY KEY, at timestamptz NOT NULL)',
  )
  const done = new Set((await db.once<{ name: string }>('SELECT name FROM kernel.migration')).map((m) => m.name))
  for (const file of inOrder(await readdir(from), `kernel/${prefix}`)) {
    if (done.has(prefix + file)) continue
    const sql = await readFile(new URL(file, from), 'utf8')
    await db.transaction(async (tx) => {
      await tx.once(sql)
      await tx.once('INSERT INTO kernel.migration VALUES ($1, statement_timestamp())', [prefix + file])
    })
  }
}

const partitioned = ['history', 'audit_entry']
/** Partitions of the append-only tables: from last month to two years ahead by month, and one for everything else. */
async function makePartitions(db: Database, today: string): Promise<void> {
  const first = `${today.slice(0, 7)}-01`
  for (const table of partitioned) {
    await db.once(`CREATE TABLE IF NOT EXISTS kernel.${table}_rest PARTITION OF kernel.${table} DEFAULT`)
    for (let month = -1; month <= 24; month++) {
      const from = addMonths(first, month)
      const name = `kernel.${table}_${from.slice(0, 7).replace('-', '_')}`
      const [there] = await db.once<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [name])
      if (there?.found) continue
      await db.once(
        `CREATE TABLE ${name} PARTITION OF kernel.${table} FOR VALUES FROM ('${from} 00:00+00') TO ('${addMonths(from, 1)} 00:00+00')`,
      )
    }
  }
}
