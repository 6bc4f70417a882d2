import type { Definitions } from '#model'
import { openDatabase, type Database } from '../database/database.ts'
import { largeFrom } from './estimates.ts'
import { declaredWishes, wishOf, wishPrefix, type IndexWish } from './index-plan.ts'
import { quote } from './naming.ts'

const lockKey = 7_013_003
// While it waits for a writer it holds up nobody but another change of the table.
const usualPatience = '10s'
const mostAttempts = 8

interface Wanted {
  name: string
  resource: string
  keys: string[]
  origin: 'declared' | 'asked'
  wanted: boolean
  attempts: number
  due: boolean
}

/**
 * Brings the indexes of large tables to what is wanted: notes what the declarations ask of tables that have become large, builds what is missing one after the
 * other without holding up writes, and drops what is no longer wanted. Taken up again after a kill: what was left half built is invalid, dropped and built
 * again. One builder at a time in a cluster. Answers what it did. Needs the owner's address.
 */
export async function buildIndexes(ownerUrl: string, defs: Definitions, now: Date, patience = usualPatience): Promise<string[]> {
  const db = openDatabase(ownerUrl, { max: 3, name: 'xinglin-indexes' })
  try {
    // The lock lives as long as this connection's session.
    const client = await db.pool.connect()
    try {
      const { rows } = await client.query<{ ok: boolean }>(`SELECT pg_try_advisory_lock(${lockKey}) AS ok`)
      return rows[0]?.ok ? await workThrough(db, defs, now.toISOString(), patience) : []
    } finally {
      client.release(true)
    }
  } finally {
    await db.close()
  }
}

async function workThrough(db: Database, defs: Definitions, now: string, patience: string): Promise<string[]> {
  const declared = declaredWishes(defs)
  await noteDeclared(db, declared, now)
  const wanted = await db.once<Wanted>(
    `SELECT name, resource, keys, origin, wanted, attempts, next_at IS NULL OR next_at <= $1 AS due FROM kernel.query_index ORDER BY at, name`,
    [now],
  )
  const there = new Map(
    (await db.once<{ name: string; schema: string; valid: boolean }>(
      `SELECT i.relname AS name, n.nspname AS schema, x.indisvalid AS valid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE i.relname LIKE '${wishPrefix}\\_%'`,
    )).map((index) => [index.name, index]),
  ) // prettier-ignore
  const done: string[] = []
  for (const one of wanted) {
    const present = there.get(one.name)
    if (!one.due || one.attempts >= mostAttempts || (one.wanted ? present?.valid : !present)) continue
    const wish = one.wanted ? wishNamed(defs, declared, one) : null
    // No longer what the declarations make of it: nothing is built by a name alone.
    if (one.wanted && !wish) await note(db, one.name, now, '定义已改变，不再建立')
    else
      await attempt(db, one, now, async () => {
        const drop = present ? [`DROP INDEX CONCURRENTLY IF EXISTS ${quote(present.schema)}.${quote(one.name)}`] : []
        const make = wish ? [`CREATE INDEX CONCURRENTLY ${quote(wish.name)} ON ${wish.table} ${wish.body}`] : []
        await change(db, [...drop, ...make], patience)
        done.push(`${wish ? 'built' : 'dropped'} ${one.name}`)
      })
  }
  return done
}
function wishNamed(defs: Definitions, declared: readonly IndexWish[], { name, resource, keys, origin }: Wanted): IndexWish | null {
  if (origin === 'declared') return declared.find((wish) => wish.name === name) ?? null
  try {
    const wish = wishOf(defs, resource, keys)
    return wish.name === name ? wish : null
  } catch {
    return null
  }
}

/** What an administrator has taken away stays away: only what has never been noted is new. */
async function noteDeclared(db: Database, declared: readonly IndexWish[], now: string): Promise<void> {
  const large = new Set(
    (await db.once<{ name: string }>(
      `SELECT format('"%s"."%s"', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.reltuples >= ${largeFrom}`,
    )).map((table) => table.name),
  ) // prettier-ignore
  for (const wish of declared.filter(({ table }) => large.has(table)))
    await db.once(
      `INSERT INTO kernel.query_index (name, resource, keys, origin, wanted, at) VALUES ($1, $2, $3, 'declared', true, $4) ON CONFLICT (name) DO NOTHING`,
      [wish.name, wish.resource, wish.keys, now],
    )
}

/** Building waits for whoever writes just now, and lets nobody wait for it: it gives up after a while and is tried again, later each time. */
async function attempt(db: Database, { name, attempts }: Wanted, now: string, work: () => Promise<void>): Promise<void> {
  const watch = setInterval(() => void watchProgress(db, name).catch(() => undefined), 2000)
  try {
    await watchProgress(db, name)
    await work()
    await db.once(`UPDATE kernel.query_index SET attempts = 0, next_at = NULL, problem = NULL, progress = NULL, seen_at = NULL WHERE name = $1`, [name]) // prettier-ignore
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const problem = code === '55P03' ? '有写入一直未结束，稍后再试' : code === '53100' ? '磁盘空间不足' : message.slice(0, 300)
    const later = new Date(Date.parse(now) + 60_000 * 2 ** attempts).toISOString()
    await note(db, name, later, problem)
  } finally {
    clearInterval(watch)
  }
}
const note = (db: Database, name: string, nextAt: string, problem: string): Promise<unknown> =>
  db.once(
    `UPDATE kernel.query_index SET attempts = attempts + 1, next_at = $2, problem = $3, progress = NULL, seen_at = NULL WHERE name = $1`,
    [name, nextAt, problem],
  )
const watchProgress = (db: Database, name: string): Promise<unknown> =>
  db.once(
    `UPDATE kernel.query_index SET seen_at = statement_timestamp(),
       progress = (SELECT CASE WHEN blocks_total > 0 THEN blocks_done::real / blocks_total ELSE 0 END FROM pg_stat_progress_create_index WHERE index_relid = (SELECT max(oid) FROM pg_class WHERE relname = $1))
     WHERE name = $1`,
    [name],
  )

async function change(db: Database, statements: readonly string[], patience: string): Promise<void> {
  const client = await db.pool.connect()
  try {
    await client.query(`SET statement_timeout = 0; SET lock_timeout = '${patience}'; SET maintenance_work_mem = '256MB'`)
    for (const statement of statements) await client.query(statement)
  } finally {
    client.release(true)
  }
}
