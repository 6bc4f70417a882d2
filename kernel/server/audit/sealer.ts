import type { Database, Queryable } from '../database/database.ts'
import type { Clock } from '#model'
import { macOf, merkleRoot, noSnapshot, packEntries, sealHash, streamNames, streams, type SealContent, type Stream } from './entries.ts'

const lockKey = 7_013_002
// Few enough that no seal holds up the process that makes or checks it.
const perSeal = 5000
const nothing = Buffer.alloc(32)

interface LastSeal {
  epoch: number
  number: number
  hash: Buffer
  snapshot: string
}

/**
 * Seals what has been committed since the last seal. New entries are those visible now and not visible in the previous seal's snapshot:
 * no lock among writers, and a transaction that commits late is not lost. Answers the number of entries sealed. Needs the sealer's address.
 */
export async function sealStream(db: Database, clock: Clock, key: Buffer, stream: Stream): Promise<number> {
  return db.transaction(async (tx) => {
    // One snapshot for finding the entries and for what is written into the seal; after a long halt finding them takes its time.
    await tx.once('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0')
    const [free] = await tx.query<{ ok: boolean }>(`SELECT pg_try_advisory_xact_lock(${lockKey}, $1::int) AS ok`, [
      stream === 'audit' ? 1 : 2,
    ])
    if (!free?.ok) return 0
    const [last] = await tx.query<LastSeal>(
      `SELECT epoch, number, hash, snapshot::text AS snapshot FROM kernel.seal WHERE stream = $1 ORDER BY epoch DESC, number DESC LIMIT 1`,
      [stream],
    )
    const [now] = await tx.query<{ snapshot: string; epoch: number }>(
      'SELECT pg_current_snapshot()::text AS snapshot, (SELECT max(number) FROM kernel.seal_epoch) AS epoch',
    )
    const from = last ?? { number: 0, hash: nothing, snapshot: noSnapshot }
    return sealAll(tx, clock, key, stream, { ...from, epoch: now!.epoch }, now!.snapshot)
  })
}

async function sealAll(tx: Queryable, clock: Clock, key: Buffer, stream: Stream, last: LastSeal, snapshot: string): Promise<number> {
  let { number, hash: previous } = last
  let total = 0
  // Found and sorted once, however many seals it takes.
  await tx.once(
    `DECLARE found NO SCROLL CURSOR FOR SELECT seq, ${streams[stream].hash} AS hash FROM ${streams[stream].table}
     WHERE tx >= pg_snapshot_xmin('${last.snapshot}') AND NOT pg_visible_in_snapshot(tx, '${last.snapshot}') AND pg_visible_in_snapshot(tx, '${snapshot}') ORDER BY seq`,
  )
  for (;;) {
    const entries = await tx.once<{ seq: number; hash: Buffer }>(`FETCH ${perSeal} FROM found`)
    if (entries.length === 0) break
    const packed = packEntries(entries)
    const seal: SealContent = {
      stream, epoch: last.epoch, number: ++number, sealedAt: clock.now().toISOString(), firstSeq: entries[0]!.seq, lastSeq: entries.at(-1)!.seq, count: entries.length,
      snapshot, root: merkleRoot(packed), previous,
    } // prettier-ignore
    previous = sealHash(seal)
    await insertSeal(tx, seal, previous, macOf(key, previous), packed)
    total += entries.length
  }
  await tx.once('CLOSE found')
  return total
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
  for (const stream of streamNames) sealed += await sealStream(db, clock, key, stream)
  return sealed
}
