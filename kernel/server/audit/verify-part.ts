import { setImmediate as turn } from 'node:timers/promises'
import type pg from 'pg'
import { ChainCheck, type Archived, type StoredSeal, type Suspect } from './chain.ts'
import { readCopied } from './copied-rows.ts'
import { packedCount, packedSeq, streams, type Stream } from './entries.ts'
import type { Finding } from './findings.ts'
import { RowText } from './row-text.ts'
import { nextSeals, type Place } from './seal-pages.ts'

/** Some of a stream's seals: those behind `after`, up to `upTo`. */
export interface Part {
  stream: Stream
  after: Place | null
  upTo: Place
  /** Nothing is sealed behind it: rows that claim to be older and stand in no seal were slipped in. */
  isLast: boolean
  /** What lies in archives. */
  moved: Archived | null
}
export interface PartResult {
  entries: number
  /** Of these, the rows that lie in archives. */
  archived: number
  seals: number
  suspects: Suspect[]
  /** Rows that claim to be older than the last seal here and stand in none of these. */
  inserted: { rows: { seq: number; at: string }[]; more: number }
  /** Of the last seal. */
  snapshot: string
  findings: Finding[]
  found: number
}
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
  private readonly part: Part
  private readonly stream: Stream
  private readonly onEntries: (count: number) => void
  private readonly signal: AbortSignal | undefined
  private readonly texts: RowText
  private readonly chain: ChainCheck
  /** Of rows that no seal so far names, those whose hashes were let go: read again when a late seal names them. */
  private readonly shedRows = new Set<number>()
  private shedMore = 0
  /** Rows up to this number have been read. */
  private window = -1
  private place: Place = { epoch: 0, number: 0 }

  constructor(client: pg.ClientBase, key: Buffer, part: Part, onEntries: (count: number) => void, signal?: AbortSignal) {
    this.client = client
    this.part = part
    this.stream = part.stream
    this.texts = new RowText(streams[part.stream].kinds)
    this.chain = new ChainCheck(part.stream, key, part.moved)
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
      const before = this.chain.entries
      for (const seal of seals) {
        this.chain.check(seal)
        await turn()
      }
      this.onEntries(this.chain.entries - before)
      this.shed()
    }
    const inserted = await this.findInserted()
    const { entries, archived, seals: checked, suspects, snapshot, findings } = this.chain
    return { entries, archived, seals: checked, suspects, inserted, snapshot, findings: findings.list, found: findings.count }
  }

  /** A part begins where the one before it ended. */
  private async begin(): Promise<void> {
    const { after } = this.part
    if (!after) return
    const given = [this.stream, after.epoch, after.number]
    const { rows } = await this.client.query<Pick<StoredSeal, 'hash' | 'snapshot'> & { window: number | null }>(
      `SELECT hash, snapshot::text AS snapshot, (SELECT max(last_seq) FROM kernel.seal WHERE stream = $1 AND (epoch, number) <= ($2, $3)) AS window
       FROM kernel.seal WHERE stream = $1 AND epoch = $2 AND number = $3`,
      given,
    )
    const last = rows[0]!
    this.window = last.window ?? -1
    this.chain.beginAfter({ number: after.number, hash: last.hash, snapshot: last.snapshot })
    this.place = after
  }

  /** Seals, and the rows that they should name. */
  private async nextBatch(): Promise<StoredSeal[]> {
    const seals = await nextSeals(this.client, this.stream, this.place, this.part.upTo)
    this.place = seals.at(-1) ?? this.place
    if (seals.length > 0) await this.readRows(seals)
    return seals
  }
  private async readRows(seals: readonly StoredSeal[]): Promise<void> {
    const last = seals.reduce((max, seal) => Math.max(max, seal.lastSeq ?? -1), this.window)
    const late = seals.flatMap(({ entries }) =>
      Array.from({ length: packedCount(entries) }, (_, i) => packedSeq(entries, i)).filter(
        (seq) => seq <= this.window && !this.chain.rows.has(seq),
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
      if (this.chain.rows.has(seq)) this.chain.findings.add(this.stream, 'inserted', seq, `第 ${seq} 条有两份`)
      this.chain.rows.set(seq, hash)
      this.shedRows.delete(seq)
    })
  }

  /** What claims to be older than the last seal and stands in none was slipped in; what is younger waits for the next seal. */
  private async findInserted(): Promise<PartResult['inserted']> {
    const beyond = this.part.isLast ? this.window : Number.MAX_SAFE_INTEGER
    const { rows } = await this.client.query<{ seq: number; at: string; count: number }>(
      `SELECT seq, at, count(*) OVER ()::int AS count FROM ${streams[this.stream].table}
       WHERE (seq = ANY($3::bigint[]) OR seq > $2) AND pg_visible_in_snapshot(tx, $1::pg_snapshot) ORDER BY seq LIMIT 10000`,
      [this.chain.snapshot, beyond, [...this.chain.rows.keys(), ...this.shedRows]],
    )
    return { rows, more: (rows[0]?.count ?? 0) - rows.length + this.shedMore }
  }

  private shed(): void {
    const { rows } = this.chain
    if (rows.size <= keptRows) return
    for (const seq of rows.keys()) {
      rows.delete(seq)
      if (this.shedRows.size < keptShed) this.shedRows.add(seq)
      else this.shedMore++
      if (rows.size <= keptRows / 2) return
    }
  }
}
