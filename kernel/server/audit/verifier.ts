import { timingSafeEqual } from 'node:crypto'
import type pg from 'pg'
import type { Database } from '../database/database.ts'
import { readCopied } from './copied-rows.ts'
import {
  merkleRoot,
  packedCount,
  packedHash,
  packedSeq,
  sealHash,
  shaOf,
  streamNames,
  streams,
  type SealContent,
  type Stream,
} from './entries.ts'
import { Findings, type Finding } from './findings.ts'
import { macOf, noSnapshot } from './sealer.ts'
import { judgeSuspects, type Suspect } from './suspects.ts'

export interface VerifyOptions {
  /** Only seals made at or after this instant. */
  from?: string | null
  /** Only seals made before this instant. */
  to?: string | null
  /** Told after each batch of seals. */
  onProgress?: (progress: { entries: number; total: number }) => void
  /** Stops between two batches. */
  signal?: AbortSignal
}
export interface VerifyReport {
  /** The first ten thousand. */
  findings: Finding[]
  found: number
  entries: number
  seals: number
  /** What no seal covers yet: how many entries, and since when. Not asked of a range that ends before now. */
  unsealed: { stream: Stream; count: number; from: string | null; to: string | null }[]
}
interface SealRow {
  epoch: number
  number: number
  sealed_at: string
  first_seq: number | null
  last_seq: number | null
  count: number
  snapshot: string
  root: Buffer
  previous: Buffer
  hash: Buffer
  mac: Buffer
  entries: Buffer
}

/**
 * Checks every seal and every sealed entry of both streams, and names each that was altered, dropped, inserted or moved. Reads as any role that may SELECT,
 * in one snapshot, batch by batch: memory does not grow with the number of entries, and other work of the process goes on between.
 */
export async function verifyAudit(db: Database, key: Buffer, options: VerifyOptions = {}): Promise<VerifyReport> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query('SET LOCAL statement_timeout = 0')
    const findings = new Findings()
    const report: VerifyReport = { findings: findings.list, found: 0, entries: 0, seals: 0, unsealed: [] }
    const total = await countSealed(client, options)
    const note = () => options.onProgress?.({ entries: report.entries, total })
    for (const stream of streamNames) await new StreamVerifier(client, key, stream, options, findings, report, note).run()
    report.found = findings.count
    return report
  } finally {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (fault: Error) => client.release(fault),
    )
  }
}

const inRange = `($1::timestamptz IS NULL OR sealed_at >= $1) AND ($2::timestamptz IS NULL OR sealed_at < $2)`
async function countSealed(client: pg.ClientBase, { from, to }: VerifyOptions): Promise<number> {
  const { rows } = await client.query<{ total: number }>(`SELECT coalesce(sum(count), 0)::int AS total FROM kernel.seal WHERE ${inRange}`, [
    from ?? null,
    to ?? null,
  ])
  return rows[0]!.total
}

// As many seals at a time as hold about this many entries.
const batchEntries = 20_000
const batchSeals = 500
const keptSuspects = 10_000

class StreamVerifier {
  private readonly client: pg.ClientBase
  private readonly key: Buffer
  private readonly stream: Stream
  private readonly options: VerifyOptions
  private readonly findings: Findings
  private readonly report: VerifyReport
  private readonly note: () => void
  /** Hashes of rows that no seal so far names: late seals may still name them. */
  private readonly rows = new Map<number, string>()
  private readonly suspects: Suspect[] = []
  private previous: Buffer = Buffer.alloc(32)
  private expected = 1
  /** Rows up to this number have been read. */
  private window = -1
  private snapshot = noSnapshot
  private place = { epoch: 0, number: 0 }

  constructor(
    client: pg.ClientBase,
    key: Buffer,
    stream: Stream,
    options: VerifyOptions,
    findings: Findings,
    report: VerifyReport,
    note: () => void,
  ) {
    this.client = client
    this.key = key
    this.stream = stream
    this.options = options
    this.findings = findings
    this.report = report
    this.note = note
  }

  async run(): Promise<void> {
    await this.begin()
    for (;;) {
      this.options.signal?.throwIfAborted()
      const seals = await this.nextSeals()
      if (seals.length === 0) break
      await this.readRows(seals)
      for (const seal of seals) {
        this.checkSeal(seal)
        this.checkEntries(seal)
      }
      this.note()
    }
    await judgeSuspects(this.client, this.stream, this.suspects, this.findings)
    await this.findInserted()
    if (!this.options.to) await this.findUnsealed()
  }

  /** A range begins after the last seal before it. */
  private async begin(): Promise<void> {
    if (!this.options.from) return
    const before = 'FROM kernel.seal WHERE stream = $1 AND sealed_at < $2'
    const given = [this.stream, this.options.from]
    const { rows } = await this.client.query<SealRow>(
      `SELECT epoch, number, hash, snapshot::text AS snapshot ${before} ORDER BY epoch DESC, number DESC LIMIT 1`,
      given,
    )
    const last = rows[0]
    if (!last) return
    const read = await this.client.query<{ window: number | null }>(`SELECT max(last_seq) AS window ${before}`, given)
    this.window = read.rows[0]!.window ?? -1
    this.previous = last.hash
    this.expected = last.number + 1
    this.snapshot = last.snapshot
    this.place = last
  }

  private async nextSeals(): Promise<SealRow[]> {
    const { rows } = await this.client.query<SealRow>(
      `SELECT epoch, number, sealed_at, first_seq, last_seq, count, snapshot::text AS snapshot, root, previous, hash, mac, entries FROM (
         SELECT *, sum(length(entries) / 40) OVER (ORDER BY epoch, number) - length(entries) / 40 AS before FROM (
           SELECT * FROM kernel.seal WHERE ${inRange} AND stream = $3 AND (epoch, number) > ($4, $5) ORDER BY epoch, number LIMIT ${batchSeals}) s) t
       WHERE before < ${batchEntries} ORDER BY epoch, number`,
      [this.options.from ?? null, this.options.to ?? null, this.stream, this.place.epoch, this.place.number],
    )
    this.place = rows.at(-1) ?? this.place
    return rows
  }

  /** Hashes the rows that these seals should name. */
  private async readRows(seals: readonly SealRow[]): Promise<void> {
    const last = seals.reduce((max, seal) => Math.max(max, seal.last_seq ?? -1), this.window)
    const late = seals.flatMap(({ entries }) =>
      Array.from({ length: packedCount(entries) }, (_, i) => packedSeq(entries, i)).filter(
        (seq) => seq <= this.window && !this.rows.has(seq),
      ),
    )
    if (late.length) await this.readWhere(`seq = ANY('{${late.join(',')}}')`)
    if (last > this.window) await this.readWhere(`seq > ${this.window} AND seq <= ${last}`)
    this.window = last
  }
  private readWhere(condition: string): Promise<void> {
    const { table, text } = streams[this.stream]
    return readCopied(this.client, `SELECT seq, ${text} FROM ${table} WHERE ${condition} ORDER BY seq`, (seq, content) => {
      // Two rows under one number: one of them is a stranger.
      if (this.rows.has(seq)) this.findings.add(this.stream, 'inserted', seq, `第 ${seq} 条有两份`)
      this.rows.set(seq, shaOf(content))
    })
  }

  private checkSeal(seal: SealRow): void {
    const { number } = seal
    if (number !== this.expected) this.findings.add(this.stream, 'sealMissing', this.expected, `缺少第 ${this.expected} 号封存`)
    const why = faultOf(seal, this.stream, this.previous, this.key)
    if (why) this.findings.add(this.stream, 'sealBroken', number, `第 ${number} 号封存${why}`)
    this.expected = number + 1
    this.previous = seal.hash
    this.snapshot = seal.snapshot
    this.report.seals++
  }

  private checkEntries({ entries, number, sealed_at: at }: SealRow): void {
    const count = packedCount(entries)
    for (let i = 0; i < count; i++) {
      const seq = packedSeq(entries, i)
      const row = this.rows.get(seq)
      if (row === undefined) this.findings.add(this.stream, 'dropped', seq, `第 ${seq} 条被删除（封存 ${number}，${at}）`)
      else {
        this.rows.delete(seq)
        const sealed = packedHash(entries, i)
        if (row === sealed) continue
        if (this.suspects.length < keptSuspects) this.suspects.push({ seq, hash: sealed })
        else this.findings.count++
      }
    }
    this.report.entries += count
  }

  /** What claims to be older than the last seal and stands in none was slipped in; what is younger waits for the next seal. */
  private async findInserted(): Promise<void> {
    const beyond = this.options.to ? Number.MAX_SAFE_INTEGER : this.window
    const { rows } = await this.client.query<{ seq: number; at: string; count: number }>(
      `SELECT seq, at, count(*) OVER ()::int AS count FROM ${streams[this.stream].table}
       WHERE (seq = ANY($3::bigint[]) OR seq > $2) AND pg_visible_in_snapshot(tx, $1::pg_snapshot) ORDER BY seq LIMIT 10000`,
      [this.snapshot, beyond, [...this.rows.keys()]],
    )
    for (const row of rows) this.findings.add(this.stream, 'inserted', row.seq, `第 ${row.seq} 条是封存之后插入的（自称 ${row.at}）`)
    this.findings.count += (rows[0]?.count ?? 0) - rows.length
  }

  private async findUnsealed(): Promise<void> {
    const { rows } = await this.client.query<{ count: number; from: string | null; to: string | null }>(
      `SELECT count(*)::int AS count, min(at) AS "from", max(at) AS "to" FROM ${streams[this.stream].table}
       WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot)`,
      [this.snapshot],
    )
    this.report.unsealed.push({ stream: this.stream, ...rows[0]! })
  }
}

/** Why a seal does not hold, or null. */
function faultOf(seal: SealRow, stream: Stream, previous: Buffer, key: Buffer): string | null {
  const content: SealContent = {
    stream, epoch: seal.epoch, number: seal.number, sealedAt: seal.sealed_at, firstSeq: seal.first_seq, lastSeq: seal.last_seq, count: seal.count,
    snapshot: seal.snapshot, root: merkleRoot(seal.entries), previous: seal.previous,
  } // prettier-ignore
  if (!seal.previous.equals(previous)) return '与前一封存不相连'
  if (!content.root.equals(seal.root) || !sealHash(content).equals(seal.hash) || packedCount(seal.entries) !== seal.count)
    return '内容被改动'
  const mac = macOf(key, seal.hash)
  return mac.length !== seal.mac.length || !timingSafeEqual(mac, seal.mac) ? '签章不符' : null
}
