import { createHmac } from 'node:crypto'
import type { Database, Queryable } from '../database/database.ts'
import type { Clock } from '#model'
import { merkleRoot, packEntries, sealHash, streams, type SealContent, type Stream } from './entries.ts'

const lockKey = 7_013_002
const perSeal = 20_000
const noSnapshot = '1:1:'
const nothing = Buffer.alloc(32)

interface LastSeal {
  epoch: number
  number: number
  hash: Buffer
  snapshot: string
}

/**
 * Seals what has been committed since the last seal. New entries are those visible now and not visible in the previous seal's snapshot:
 * no lock among writers, and a transaction that commits late is not lost. Answers the number of entries sealed.
 */
export async function sealStream(db: Database, clock: Clock, key: Buffer, stream: Stream): Promise<number> {
  return db.transaction(async (tx) => {
    // One snapshot for finding the entries and for what is written into the seal.
    await tx.once('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    const [free] = await tx.query<{ ok: boolean }>(`SELECT pg_try_advisory_xact_lock(${lockKey}, $1::int) AS ok`, [
      stream === 'audit' ? 1 : 2,
    ])
    if (!free?.ok) return 0
    const [last] = await tx.query<LastSeal>(
      `SELECT epoch, number, hash, snapshot::text AS snapshot FROM kernel.seal WHERE stream = $1 ORDER BY epoch DESC, number DESC LIMIT 1`,
      [stream],
    )
    const [now] = await tx.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot')
    return sealAll(tx, clock, key, stream, last ?? { epoch: 1, number: 0, hash: nothing, snapshot: noSnapshot }, now!.snapshot)
  })
}

async function sealAll(tx: Queryable, clock: Clock, key: Buffer, stream: Stream, last: LastSeal, snapshot: string): Promise<number> {
  let { number, hash: previous } = last
  let total = 0
  for (let after = -1; ;) {
    const entries = await tx.query<{ seq: number; hash: Buffer }>(
      `SELECT seq, hash FROM ${streams[stream].table} WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot) AND pg_visible_in_snapshot(tx, $2::pg_snapshot)
       AND seq > $3 ORDER BY seq LIMIT ${perSeal}`,
      [last.snapshot, snapshot, after],
    )
    if (entries.length === 0) return total
    const seal: SealContent = {
      stream, epoch: last.epoch, number: ++number, sealedAt: clock.now().toISOString(), firstSeq: entries[0]!.seq, lastSeq: entries.at(-1)!.seq, count: entries.length,
      snapshot, root: merkleRoot(entries.map((e) => e.hash)), previous,
    } // prettier-ignore
    previous = sealHash(seal)
    await insertSeal(tx, seal, previous, createHmac('sha256', key).update(previous).digest(), packEntries(entries))
    total += entries.length
    after = seal.lastSeq!
  }
}

async function insertSeal(tx: Queryable, s: SealContent, hash: Buffer, mac: Buffer, entries: Buffer): Promise<void> {
  await tx.query(
    `INSERT INTO kernel.seal (stream, epoch, number, sealed_at, first_seq, last_seq, count, snapshot, root, previous, hash, mac, entries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::pg_snapshot, $9, $10, $11, $12, $13)`,
    [s.stream, s.epoch, s.number, s.sealedAt, s.firstSeq, s.lastSeq, s.count, s.snapshot, s.root, s.previous, hash, mac, entries],
  )
}

/** Seals both streams once. */
export async function sealOnce(db: Database, clock: Clock, key: Buffer): Promise<number> {
  let sealed = 0
  for (const stream of Object.keys(streams) as Stream[]) sealed += await sealStream(db, clock, key, stream)
  return sealed
}
