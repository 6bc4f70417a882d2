import { readdir, readFile } from 'node:fs/promises'
import type { Definitions } from '#model'
import type { Database } from '../database/database.ts'
import { appRole } from '../database/roles.ts'
import { quote, snake } from './naming.ts'
import { inOrder } from './numbered.ts'

const modulesFolder = new URL('../../../modules/', import.meta.url)

/**
 * Runs what a module cannot derive from its declarations: `modules/<m>/migrations/*.sql`, numbered, each once, after the derived
 * tables are there. Triggers, tables without a resource, special indexes.
 */
export async function runModuleMigrations(db: Database, defs: Definitions): Promise<void> {
  const done = new Set((await db.once<{ name: string }>('SELECT name FROM kernel.migration')).map((m) => m.name))
  for (const { name: module } of defs.modules) {
    const folder = new URL(`${module}/migrations/`, modulesFolder)
    const files = await readdir(folder).catch(() => [])
    for (const file of inOrder(files, `${module}/`)) {
      const name = `${module}/${file}`
      if (done.has(name)) continue
      const sql = await readFile(new URL(file, folder), 'utf8')
      await db.transaction(async (tx) => {
        await tx.once(sql)
        await tx.once('INSERT INTO kernel.migration VALUES ($1, statement_timestamp())', [name])
      })
    }
  }
}

/** A table whose comment begins with `append-only` is never changed by the serving role: only triggers of the owner write it. */
export async function guardAppendOnly(db: Database, defs: Definitions): Promise<void> {
  const schemas = [...new Set([...defs.tables.keys()].map((name) => snake(name.split('.')[0]!)))]
  const tables = await db.once<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = ANY($1) AND obj_description(c.oid, 'pg_class') LIKE 'append-only%'`,
    [schemas],
  )
  for (const t of tables) await db.once(`REVOKE INSERT, UPDATE, DELETE ON ${quote(t.schema)}.${quote(t.name)} FROM ${appRole}`)
}
