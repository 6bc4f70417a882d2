import { timingSafeEqual } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import { readCopied } from './copied-rows.ts'
import { merkleRoot, packedCount, packedHash, packedSeq, sealHash, streams, type SealContent, type Stream } from './entries.ts'
import { Findings, type Finding } from './findings.ts'
import { RowText } from './row-text.ts'
import { macOf, noSnapshot } from './sealer.ts'
import type { Suspect } from './suspects.ts'

export interface Place {
  epoch: number
  number: number
}
/** Some of a stream's seals: those behind `after`, up to `upTo`. */
export interface Part {
  stream: Stream
  after: Place | null
  upTo: Place
  /** Nothing is sealed behind it: rows that claim to be older and stand in no seal were slipped in. */
  isLast: boolean
}
export interface PartResult {
  entries: number
  seals: number
  suspects: Suspect[]
  /** Rows that claim to be older than the last seal here and stand in none of these. */
  inserted: { rows: { seq: number; at: string }[]; more: number }
  /** Of the last seal. */
  snapshot: string
  findings: Finding[]
  found: number
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

// As many seals at a time as hold about this many entries.
const batchEntries = 8000
const batchSeals = 500
const keptSuspects = 10_000
// A table into which millions of rows were slipped must not fill the memory.
const keptRows = 50_000
const keptShed = 10_000

/** Checks one part of a stream. Reads as any role that may SELECT, batch by batch: memory does not grow with the number of entries. */
export function verifyPart(
  client: pg.ClientBase,
  key: Buffer,
  part: Part,
  onEntries: (count: number) => void,
  signal?: AbortSignal,
): Promise<PartResult> {
  return new PartVerifier(client, key, part, onEntries, signal).run()
}

class PartVerifier {
  private readonly client: pg.ClientBase
  private readonly key: Buffer
  private readonly part: Part
  private readonly stream: Stream
  private readonly onEntries: (count: number) => void
  private readonly signal: AbortSignal | undefined
  private readonly texts: RowText
  private readonly findings = new Findings()
  private readonly suspects: Suspect[] = []
  /** Hashes of rows that no seal so far names: late seals may still name them. */
  private readonly rows = new Map<number, string>()
  /** Of such rows, those whose hashes were let go: read again when a late seal names them. */
  private readonly shedRows = new Set<number>()
  private shedMore = 0
  private previous: Buffer = Buffer.alloc(32)
  private expected = 1
  /** Rows up to this number have been read. */
  private window = -1
  private snapshot = noSnapshot
  private place: Place = { epoch: 0, number: 0 }
  private entries = 0
  private seals = 0

  constructor(client: pg.ClientBase, key: Buffer, part: Part, onEntries: (count: number) => void, signal?: AbortSignal) {
    this.client = client
    this.key = key
    this.part = part
    this.stream = part.stream
    this.texts = new RowText(streams[part.stream].kinds)
    this.onEntries = onEntries
    this.signal = signal
  }

  async run(): Promise<PartResult> {
    await this.begin()
    // The database reads the next batch while this one is checked.
    let next = this.nextBatch()
    for (let seals = await next; seals.length > 0; seals = await next) {
      this.signal?.throwIfAborted()
      next = this.nextBatch()
      // Awaited in the next round; until then a fault must not count as unhandled.
      next.catch(() => undefined)
      const before = this.entries
      for (const seal of seals) {
        this.checkSeal(seal)
        this.checkEntries(seal)
        await turn()
      }
      this.onEntries(this.entries - before)
      this.shed()
    }
    const inserted = await this.findInserted()
    const { entries, seals, suspects, snapshot, findings } = this
    return { entries, seals, suspects, inserted, snapshot, findings: findings.list, found: findings.count }
  }

  /** A part begins where the one before it ended. */
  private async begin(): Promise<void> {
    const { after } = this.part
    if (!after) return
    const given = [this.stream, after.epoch, after.number]
    const { rows } = await this.client.query<Pick<SealRow, 'hash' | 'snapshot'> & { window: number | null }>(
      `SELECT hash, snapshot::text AS snapshot, (SELECT max(last_seq) FROM kernel.seal WHERE stream = $1 AND (epoch, number) <= ($2, $3)) AS window
       FROM kernel.seal WHERE stream = $1 AND epoch = $2 AND number = $3`,
      given,
    )
    const last = rows[0]!
    this.window = last.window ?? -1
    this.previous = last.hash
    this.expected = after.number + 1
    this.snapshot = last.snapshot
    this.place = after
  }

  /** Seals, and the rows that they should name. */
  private async nextBatch(): Promise<SealRow[]> {
    const seals = await this.nextSeals()
    if (seals.length > 0) await this.readRows(seals)
    return seals
  }
  private async nextSeals(): Promise<SealRow[]> {
    const { upTo } = this.part
    const { rows } = await this.client.query<SealRow>(
      `SELECT epoch, number, sealed_at, first_seq, last_seq, count, snapshot::text AS snapshot, root, previous, hash, mac, entries FROM (
         SELECT *, sum(length(entries) / 40) OVER (ORDER BY epoch, number) - length(entries) / 40 AS before FROM (
           SELECT * FROM kernel.seal WHERE stream = $1 AND (epoch, number) > ($2, $3) AND (epoch, number) <= ($4, $5) ORDER BY epoch, number LIMIT ${batchSeals}) s) t
       WHERE before < ${batchEntries} ORDER BY epoch, number`,
      [this.stream, this.place.epoch, this.place.number, upTo.epoch, upTo.number],
    )
    this.place = rows.at(-1) ?? this.place
    return rows
  }

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
    const { table, copied } = streams[this.stream]
    return readCopied(this.client, `SELECT ${copied} FROM ${table} WHERE ${condition} ORDER BY seq`, (row) => {
      const hash = this.texts.hashOf(row)
      const { seq } = this.texts
      // Two rows under one number: one of them is a stranger.
      if (this.rows.has(seq)) this.findings.add(this.stream, 'inserted', seq, `第 ${seq} 条有两份`)
      this.rows.set(seq, hash)
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
    this.seals++
  }

  private checkEntries({ entries, number, sealed_at: at }: SealRow): void {
    const count = packedCount(entries)
    for (let i = 0; i < count; i++) {
      const seq = packedSeq(entries, i)
      const row = this.rows.get(seq)
      if (row === undefined) this.findings.add(this.stream, 'dropped', seq, `第 ${seq} 条被删除（封存 ${number}，${at}）`)
      else {
        this.rows.delete(seq)
        this.shedRows.delete(seq)
        const sealed = packedHash(entries, i)
        if (row === sealed) continue
        if (this.suspects.length < keptSuspects) this.suspects.push({ seq, hash: sealed })
        else this.findings.count++
      }
    }
    this.entries += count
  }

  /** What claims to be older than the last seal and stands in none was slipped in; what is younger waits for the next seal. */
  private async findInserted(): Promise<PartResult['inserted']> {
    const beyond = this.part.isLast ? this.window : Number.MAX_SAFE_INTEGER
    const { rows } = await this.client.query<{ seq: number; at: string; count: number }>(
      `SELECT seq, at, count(*) OVER ()::int AS count FROM ${streams[this.stream].table}
       WHERE (seq = ANY($3::bigint[]) OR seq > $2) AND pg_visible_in_snapshot(tx, $1::pg_snapshot) ORDER BY seq LIMIT 10000`,
      [this.snapshot, beyond, [...this.rows.keys(), ...this.shedRows]],
    )
    return { rows, more: (rows[0]?.count ?? 0) - rows.length + this.shedMore }
  }

  private shed(): void {
    if (this.rows.size <= keptRows) return
    for (const seq of this.rows.keys()) {
      this.rows.delete(seq)
      if (this.shedRows.size < keptShed) this.shedRows.add(seq)
      else this.shedMore++
      if (this.rows.size <= keptRows / 2) return
    }
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
