import { today } from '#model'
import type { PublishItem } from '../designs/judge.ts'
import { standingDefinitions } from '../designs/standing.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { trialAddress } from '../database/roles.ts'
import type { Kernel } from '../kernel.ts'
import { migrate } from '../store/migrate.ts'
import { quote } from '../store/naming.ts'
import { copySettings, copyTypes } from './copy.ts'
import type { Trial } from './trials.ts'

/** Makes the space anew: the product's tables, what the hospital has made, the drafts as if they were in force, people and units. Answers what was left out, in words. */
export async function buildSpace(kernel: Kernel, ownerUrl: string, trial: Trial): Promise<string[]> {
  const url = trialAddress(ownerUrl)
  const day = today(kernel.clock)
  const [live, space] = [openDatabase(ownerUrl, { max: 1, name: 'xinglin-trial' }), openDatabase(url, { max: 2, name: 'xinglin-trial' })]
  try {
    await emptySpace(space)
    await migrate(url, kernel.product, day)
    await copySettings(live, space)
    await bringIn(space, trial)
    await migrate(url, kernel.product, day)
    const { defs } = await standingDefinitions(space, kernel.product)
    const leftOut = await copyTypes(live, space, defs, trial.items.map(({ name }) => name)) // prettier-ignore
    await migrate(url, kernel.product, day)
    return leftOut
  } finally {
    await Promise.all([live.close(), space.close()])
  }
}
/** Nothing of what was tried is left. */
export async function clearSpace(ownerUrl: string): Promise<void> {
  const space = openDatabase(trialAddress(ownerUrl), { max: 1, name: 'xinglin-trial' })
  try {
    await emptySpace(space)
  } finally {
    await space.close()
  }
}

/** Schema by schema: a single statement over all would want a lock for every table at once. */
async function emptySpace(space: Database): Promise<void> {
  const tables = await space.once<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`,
  )
  for (let at = 0; at < tables.length; at += 20)
    await space.once(tables.slice(at, at + 20).map(({ schema, name }) => `DROP TABLE IF EXISTS ${quote(schema)}.${quote(name)} CASCADE`).join(';')) // prettier-ignore
  const schemas = await space.once<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')`,
  )
  for (const { name } of schemas) await space.once(`DROP SCHEMA ${quote(name)} CASCADE`)
}
/** The drafts as a release of their own, which only this space knows. */
async function bringIn(space: Database, { items, by, at }: { items: readonly PublishItem[]; by: string; at: string }): Promise<void> {
  await space.transaction(async (tx) => {
    const [release] = await tx.once<{ no: number }>(
      `INSERT INTO kernel.release (no, act, at, by, note, words, standing) SELECT coalesce(max(no), 0) + 1, 'publish', $1, $2, '试用', '[]', '{}' FROM kernel.release RETURNING no`,
      [at, by],
    )
    for (const { kind, name, content } of items) {
      const [row] = await tx.once<{ version: number }>(
        `INSERT INTO kernel.design_version (kind, name, version, release, content) SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4::json FROM kernel.design_version WHERE kind = $1 AND name = $2 RETURNING version`,
        [kind, name, release!.no, JSON.stringify(content)],
      )
      await tx.once(
        `INSERT INTO kernel.design (kind, name, in_force, revision, at, by) VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (kind, name) DO UPDATE SET in_force = excluded.in_force`,
        [kind, name, row!.version, at, by],
      )
    }
    await tx.once(`SELECT kernel.note_standing($1)`, [release!.no])
  })
}
