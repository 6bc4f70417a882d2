import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import { beginLong, type Database } from '../database/database.ts'
import { archivedMonths, awayIn, type ArchivedMonth } from './archive/registry.ts'
import { streamNames, streams, type Stream } from './entries.ts'
import { Findings, type Finding } from './findings.ts'
import { judgeSuspects } from './suspects.ts'
import type { Place } from './seal-pages.ts'
import { verifyPart, type Part, type PartResult } from './verify-part.ts'
import type { PartsMessage, PartsWork } from './verify-worker.ts'

export interface VerifyOptions {
  /** Only seals made at or after this instant. */
  from?: string | null
  /** Only seals made before this instant. */
  to?: string | null
  /** Told after each batch of seals. */
  onProgress?: (progress: { entries: number; total: number }) => void
  signal?: AbortSignal
  /** How many threads share the work; by the size of the work and of the machine when absent. */
  threads?: number
}
export interface VerifyReport {
  /** The first ten thousand. */
  findings: Finding[]
  found: number
  entries: number
  seals: number
  /** What no seal covers yet: how many entries, and since when. Not asked of a range that ends before now. */
  unsealed: { stream: Stream; count: number; from: string | null; to: string | null }[]
  /** Entries of these seals that lie in archives: here only their seals were checked. */
  archived: { entries: number; months: Pick<ArchivedMonth, 'month' | 'folder' | 'lastSeal' | 'rows'>[] }
}

const worthThreads = 50_000
const mostThreads = 4

/**
 * Checks every seal and every sealed entry of both streams, and names each that was altered, dropped, inserted or moved. Reads as any role that may SELECT.
 * Much of it is done in threads of its own, so that whoever else asks this process is answered meanwhile.
 */
export async function verifyAudit(db: Database, key: Buffer, options: VerifyOptions = {}): Promise<VerifyReport> {
  const client = await db.pool.connect()
  try {
    await client.query(`${beginLong}; SET TRANSACTION READ ONLY`)
    const total = await countSealed(client, options)
    const threads = options.threads ?? (total < worthThreads ? 0 : Math.min(mostThreads, Math.max(2, availableParallelism())))
    const parts: Part[] = []
    const findings = new Findings()
    const months = await archivedMonths(client)
    const moved = awayIn(months, key, findings)
    for (const stream of streamNames)
      for (const part of await partsOf(client, stream, options, Math.max(1, threads)))
        parts.push({ ...part, moved: stream === 'audit' ? moved : null })
    const counted = { entries: 0, total }
    const note = (count: number) => {
      counted.entries += count
      options.onProgress?.({ ...counted })
    }
    const results = threads
      ? await inThreads(db, key, parts, threads, note, options.signal)
      : await inTurn(client, key, parts, note, options.signal)
    return await sumUp(client, parts, results, options, { findings, months })
  } finally {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (fault: Error) => client.release(fault),
    )
  }
}

const inRange = `($1::timestamptz IS NULL OR sealed_at >= $1) AND ($2::timestamptz IS NULL OR sealed_at < $2)`
const rangeOf = ({ from, to }: VerifyOptions) => [from ?? null, to ?? null]

async function countSealed(client: pg.ClientBase, options: VerifyOptions): Promise<number> {
  const { rows } = await client.query<{ total: number }>(
    `SELECT coalesce(sum(count), 0)::bigint AS total FROM kernel.seal WHERE ${inRange}`,
    rangeOf(options),
  )
  return rows[0]!.total
}

/** Parts of about as many entries each; at least one, which may be empty, so that what lies behind the last seal is looked at. */
async function partsOf(client: pg.ClientBase, stream: Stream, options: VerifyOptions, count: number): Promise<Omit<Part, 'moved'>[]> {
  const { rows } = await client.query<{ last: [number, number] }>(
    `SELECT max(ARRAY[epoch, number]) AS last FROM (
       SELECT epoch, number, sum(greatest(count, 1)) OVER (ORDER BY epoch, number) AS upto, sum(greatest(count, 1)) OVER () AS total
       FROM kernel.seal WHERE ${inRange} AND stream = $3) s
     GROUP BY ceil(upto::float8 * $4::int / total) ORDER BY 1`,
    [...rangeOf(options), stream, count],
  )
  const before = await lastBefore(client, stream, options.from ?? null)
  const ends: Place[] = rows.map(({ last: [epoch, number] }) => ({ epoch, number }))
  if (ends.length === 0) ends.push(before ?? { epoch: 0, number: 0 })
  return ends.map((upTo, i) => ({ stream, after: ends[i - 1] ?? before, upTo, isLast: !options.to && i === ends.length - 1 }))
}
async function lastBefore(client: pg.ClientBase, stream: Stream, from: string | null): Promise<Place | null> {
  if (from === null) return null
  const { rows } = await client.query<Place>(
    `SELECT epoch, number FROM kernel.seal WHERE stream = $1 AND sealed_at < $2 ORDER BY epoch DESC, number DESC LIMIT 1`,
    [stream, from],
  )
  return rows[0] ?? null
}

type Note = (count: number) => void
async function inTurn(client: pg.ClientBase, key: Buffer, parts: readonly Part[], note: Note, signal?: AbortSignal): Promise<PartResult[]> {
  const results: PartResult[] = []
  for (const part of parts) results.push(await verifyPart(client, key, part, note, signal))
  return results
}

/** Each thread takes every n-th part over a connection of its own. */
async function inThreads(
  db: Database,
  key: Buffer,
  parts: readonly Part[],
  threads: number,
  note: Note,
  signal?: AbortSignal,
): Promise<PartResult[]> {
  const results: PartResult[] = []
  const url = db.pool.options.connectionString!
  await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const mine = parts.flatMap((_part, index) => (index % threads === thread ? [index] : []))
      if (mine.length === 0) return
      const done = await runWorker({ url, key: key.toString('base64'), parts: mine.map((index) => parts[index]!) }, note, signal)
      for (const [i, result] of done.entries()) results[mine[i]!] = result
    }),
  )
  return results
}

function runWorker(work: PartsWork, note: Note, signal?: AbortSignal): Promise<PartResult[]> {
  return new Promise((resolve, reject) => {
    // Little room: what has come from the network and was checked is let go of at once.
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 40 },
    })
    const stop = () => void worker.terminate()
    signal?.addEventListener('abort', stop)
    worker.on('message', (message: PartsMessage) => ('entries' in message ? note(message.entries) : resolve(message.results)))
    worker.once('error', reject)
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      reject(signal?.aborted ? (signal.reason as Error) : new Error('a thread of the verification ended early'))
    })
  })
}

async function sumUp(
  client: pg.ClientBase,
  parts: readonly Part[],
  results: readonly PartResult[],
  options: VerifyOptions,
  { findings, months }: { findings: Findings; months: readonly ArchivedMonth[] },
): Promise<VerifyReport> {
  for (const result of results) {
    for (const f of result.findings) findings.add(f.stream, f.kind, f.seq, f.text)
    findings.count += result.found - result.findings.length
  }
  const unsealed: VerifyReport['unsealed'] = []
  for (const stream of streamNames) {
    const own = results.filter((_, i) => parts[i]!.stream === stream)
    addInserted(stream, own, findings)
    await judgeSuspects(client, stream, own.flatMap((r) => r.suspects), findings) // prettier-ignore
    if (!options.to) unsealed.push({ stream, ...(await countUnsealed(client, stream, own.at(-1)!.snapshot)) })
  }
  const sum = (pick: (r: PartResult) => number) => results.reduce((total, r) => total + pick(r), 0)
  const archived = {
    entries: sum((r) => r.archived),
    months: months.map(({ month, folder, lastSeal, rows }) => ({ month, folder, lastSeal, rows })),
  }
  return { findings: findings.list, found: findings.count, entries: sum((r) => r.entries), seals: sum((r) => r.seals), unsealed, archived }
}

/** A row that was moved is older than where it stands now, but a seal of another part names its number. */
function addInserted(stream: Stream, results: readonly PartResult[], findings: Findings): void {
  const moved = new Set(results.flatMap((r) => r.suspects.map(({ seq }) => seq)))
  for (const { inserted } of results) {
    for (const { seq, at } of inserted.rows)
      if (!moved.has(seq)) findings.add(stream, 'inserted', seq, `第 ${seq} 条是封存之后插入的（自称 ${at}）`)
    findings.count += inserted.more
  }
}

async function countUnsealed(client: pg.ClientBase, stream: Stream, snapshot: string) {
  const { rows } = await client.query<{ count: number; from: string | null; to: string | null }>(
    `SELECT count(*)::int AS count, min(at) AS "from", max(at) AS "to" FROM ${streams[stream].table}
     WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
    [snapshot],
  )
  return rows[0]!
}
