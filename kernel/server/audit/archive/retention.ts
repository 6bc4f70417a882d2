import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { addMonths, type Clock } from '#model'
import { beginLong, type Database } from '../../database/database.ts'
import type { Place } from '../seal-pages.ts'
import { checkStream, openFolder } from './check.ts'
import { exportArchive } from './export.ts'
import { archivedMonths, macOfMonth, packSeqs, unpackSeqs, type ArchivedMonth } from './registry.ts'

const lockKey = 7_013_004

/**
 * Moves the audit's months whose time is over into archives, the oldest first: written, proved by the same check that an auditor runs, registered under the seals'
 * key, and only then dropped. What fails leaves everything as it was. `db`: the sealer's connections. Answers the months that have left.
 */
export async function archiveMonths(db: Database, clock: Clock, key: Buffer, folder: string): Promise<ArchivedMonth[]> {
  const client = await db.pool.connect()
  try {
    const { rows } = await client.query<{ ok: boolean }>(`SELECT pg_try_advisory_lock(${lockKey}) AS ok`)
    if (!rows[0]!.ok) return []
    const gone: ArchivedMonth[] = []
    const over = await client.query<{ month: string }>('SELECT m::text AS month FROM kernel.audit_months_over() m')
    for (const { month } of over.rows) {
      const left = await archiveMonth(client, clock, key, folder, month)
      // A younger one does not overtake it.
      if (!left) break
      gone.push(left)
    }
    return gone
  } finally {
    // The lock ends with the session.
    client.release(true)
  }
}

async function archiveMonth(
  client: pg.ClientBase,
  clock: Clock,
  key: Buffer,
  folder: string,
  month: string,
): Promise<ArchivedMonth | null> {
  await client.query(beginLong)
  try {
    const last = (await archivedMonths(client)).at(-1) ?? null
    const upTo = await lastSealOf(client, month)
    const made = upTo && (await writeMonth(client, clock, key, folder, { month, last, upTo }))
    await client.query('COMMIT')
    if (!made) return null
    await client.query(`BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = 0`)
    await client.query(
      `INSERT INTO kernel.audit_archive (number, month, at, folder, epoch, last_seal, entries, rows, kept, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [made.number, month, clock.now().toISOString(), made.folder, made.epoch, made.lastSeal, made.entries, made.rows, made.kept, made.mac],
    )
    await client.query('SELECT kernel.drop_audit_month($1)', [month])
    await client.query('COMMIT')
    return made
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

/**
 * The seal with which everything of the month is sealed: its snapshot has nothing of the month still open. Whatever ran anywhere in the cluster holds back where
 * a snapshot begins: where no seal's beginning is behind the month, the newest is asked entry by entry. Null: not yet.
 */
async function lastSealOf(client: pg.ClientBase, month: string): Promise<Place | null> {
  return (await sealBehind(client, month)) ?? newestSealOver(client, month)
}
async function newestSealOver(client: pg.ClientBase, month: string): Promise<Place | null> {
  const { rows } = await client.query<Place>(
    `SELECT s.epoch, s.number FROM (SELECT epoch, number, snapshot FROM kernel.seal WHERE stream = 'audit' ORDER BY epoch DESC, number DESC LIMIT 1) s
     WHERE NOT EXISTS (SELECT 1 FROM kernel.audit_entry WHERE at >= $1::timestamptz AND at < $2::timestamptz AND NOT pg_visible_in_snapshot(tx, s.snapshot))`,
    boundsOf(month),
  )
  return rows[0] ?? null
}
async function sealBehind(client: pg.ClientBase, month: string): Promise<Place | null> {
  const { rows } = await client.query<Place>(
    `WITH own AS (SELECT max(tx) AS tx FROM kernel.audit_entry WHERE at >= $1::timestamptz AND at < $2::timestamptz),
       first AS (SELECT s.snapshot, s.epoch FROM kernel.seal s, own WHERE s.stream = 'audit' AND (own.tx IS NULL OR pg_snapshot_xmin(s.snapshot) > own.tx) ORDER BY s.epoch, s.number LIMIT 1)
     SELECT s.epoch, s.number FROM kernel.seal s, first WHERE s.stream = 'audit' AND s.epoch = first.epoch AND s.snapshot::text = first.snapshot::text ORDER BY s.number DESC LIMIT 1`,
    boundsOf(month),
  )
  return rows[0] ?? null
}
const boundsOf = (month: string): [string, string] => [`${month} 00:00+00`, `${addMonths(month, 1)} 00:00+00`]

interface Asked {
  month: string
  last: ArchivedMonth | null
  upTo: Place
}
/** Writes and proves the archive; answers what is to be registered. */
async function writeMonth(client: pg.ClientBase, clock: Clock, key: Buffer, folder: string, { month, last, upTo }: Asked): Promise<ArchivedMonth> {
  const [from, to] = boundsOf(month).map((at) => Date.parse(`${at.slice(0, 10)}T00:00:00Z`) * 1000) as [number, number]
  const place = join(folder, month.slice(0, 7))
  const half = `${place}.half`
  await mkdir(folder, { recursive: true, mode: 0o750 })
  await rm(half, { recursive: true, force: true })
  const kept = last ? unpackSeqs(last.kept) : new Set<number>()
  const before = await ofMonth(client, month, [...kept])
  for (const seq of before) kept.delete(seq)
  let rows = before.length
  // The month before may have reached beyond this one.
  const isBeyond = last !== null && last.lastSeal >= upTo.number
  const after = last && { epoch: last.epoch, number: last.lastSeal }
  const end = isBeyond ? after! : upTo
  const onEntry = ([seq, at]: readonly (string | null)[]): void => {
    const micros = Number(at)
    if (micros >= from && micros < to) rows++
    else kept.add(Number(seq))
  }
  const { streams } = await exportArchive(client, half, { streams: ['audit'], from: null, to: null, between: { after, upTo: end }, now: clock.now(), onEntry })
  const { findings } = await checkStream([openFolder(half)], 'audit', key, [])
  if (findings.count) throw new Error(`${month.slice(0, 7)} 的审计日志没有归档：${findings.list[0]?.text ?? ''} 等 ${findings.count} 处问题`)
  const target = existsSync(place) ? `${place}-${clock.now().getTime()}` : place
  await rename(half, target)
  const made = { number: (last?.number ?? 0) + 1, month, epoch: end.epoch, lastSeal: end.number, entries: streams.audit!.entries, rows, kept: packSeqs(kept) }
  return { ...made, folder: target, mac: macOfMonth(key, made) }
} // prettier-ignore

/** Of these entries those that are of the month. */
async function ofMonth(client: pg.ClientBase, month: string, seqs: readonly number[]): Promise<number[]> {
  const { rows } = await client.query<{ seq: number }>(
    `SELECT seq FROM kernel.audit_entry WHERE at >= $1::timestamptz AND at < $2::timestamptz AND seq = ANY($3::bigint[])`,
    [...boundsOf(month), seqs],
  )
  return rows.map(({ seq }) => seq)
}
