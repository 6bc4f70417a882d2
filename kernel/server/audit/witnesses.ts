import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Database } from '../database/database.ts'
import { shaOf, streamNames, streams, type Stream } from './entries.ts'
import type { Findings } from './findings.ts'
import { elementsIn, type SealWitness } from './syslog-message.ts'

export interface WitnessReport {
  seals: number
  entries: number
}
type EntryWitness = { id: number; hash: string }

const page = 2000

/**
 * Compares the database with what left the house: the file of daily anchors, or a syslog receiver's file. It alone finds a history that was rewritten as a whole,
 * with the key, so that all seals hold. Reads the file as a stream.
 */
export async function compareWitnesses(db: Database, file: string, findings: Findings): Promise<WitnessReport> {
  const report: WitnessReport = { seals: 0, entries: 0 }
  const judged = Object.fromEntries(streamNames.map((s) => [s, new StreamWitness(s)])) as Record<Stream, StreamWitness>
  const [seals, entries]: [SealWitness[], EntryWitness[]] = [[], []]
  const flush = async () => {
    for (const stream of streamNames) await judged[stream].compare(db, seals.filter((s) => s.stream === stream)) // prettier-ignore
    await compareEntries(db, entries, findings)
    report.seals += seals.splice(0).length
    report.entries += entries.splice(0).length
  }
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    const found = readLine(line)
    seals.push(...found.seals)
    entries.push(...found.entries)
    if (seals.length + entries.length >= page) await flush()
  }
  await flush()
  if (report.seals + report.entries === 0) throw new Error(`${file} 中没有锚点，也没有本系统的 syslog 记录`)
  for (const stream of streamNames) judged[stream].judge(findings)
  return report
}

/** A line holds an anchor as JSON, or syslog messages with whatever a receiver put around them; anything else is no witness. */
function readLine(line: string): { seals: SealWitness[]; entries: EntryWitness[] } {
  if (line.startsWith('{')) {
    try {
      const { seals } = JSON.parse(line) as { seals?: SealWitness[] }
      return { seals: (seals ?? []).filter(isSeal), entries: [] }
    } catch {
      return { seals: [], entries: [] }
    }
  }
  const found = elementsIn(line)
  return {
    seals: found.filter((e) => e.kind !== 'audit').map(({ data }) => ({ ...data, epoch: Number(data['epoch']), number: Number(data['number']) }) as SealWitness).filter(isSeal),
    entries: found.filter((e) => e.kind === 'audit').map(({ data }) => ({ id: Number(data['id']), hash: data['hash'] ?? '' })),
  } // prettier-ignore
}
const isSeal = (s: SealWitness): boolean => s.stream in streams && Number.isInteger(s.number) && typeof s.hash === 'string'

/** What the witnesses say of one stream's seals. */
class StreamWitness {
  private readonly stream: Stream
  private readonly wrong = { count: 0, first: Infinity, last: 0 }
  private readonly missing = { count: 0, first: Infinity, last: 0 }
  private readonly right: number[] = []
  constructor(stream: Stream) {
    this.stream = stream
  }

  async compare(db: Database, witnesses: readonly SealWitness[]): Promise<void> {
    if (witnesses.length === 0) return
    const rows = await db.query<{ number: number; epoch: number; hash: string; mac: string }>(
      `SELECT number, epoch, encode(hash, 'hex') AS hash, encode(mac, 'hex') AS mac FROM kernel.seal WHERE stream = $1 AND number = ANY($2::int[])`,
      [this.stream, witnesses.map((w) => w.number)],
    )
    const known = new Map(rows.map((row) => [row.number, row]))
    for (const w of witnesses) {
      const row = known.get(w.number)
      if (!row) widen(this.missing, w.number)
      else if (row.hash !== w.hash || row.mac !== w.mac || row.epoch !== w.epoch) widen(this.wrong, w.number)
      else this.right.push(w.number)
    }
  }

  judge(findings: Findings): void {
    const { wrong, missing, stream } = this
    const since = (first: number) => {
      const good = this.right.filter((n) => n < first).reduce((max, n) => Math.max(max, n), 0)
      return good ? `；第 ${good} 号尚相符，改动在其后` : ''
    }
    if (wrong.count)
      findings.add(
        stream,
        'rewritten',
        wrong.first,
        `${span(wrong)}与外部留存不符${since(wrong.first)}：历史被整体改写，或从备份恢复后另行封存`,
      )
    if (missing.count)
      findings.add(
        stream,
        'anchorMissing',
        missing.first,
        `外部留存的${span(missing)}在库中不存在${since(missing.first)}：记录被截去，或从更早的备份恢复`,
      )
  }
}
type Span = { count: number; first: number; last: number }
function widen(span: Span, number: number): void {
  span.count++
  span.first = Math.min(span.first, number)
  span.last = Math.max(span.last, number)
}
const span = ({ first, last }: Span): string => (first === last ? `第 ${first} 号封存` : `第 ${first} 至 ${last} 号封存`)

async function compareEntries(db: Database, witnesses: readonly EntryWitness[], findings: Findings): Promise<void> {
  if (witnesses.length === 0) return
  const { table, text } = streams.audit
  const rows = await db.query<{ seq: number; text: string; at: string }>(
    `SELECT seq, at, ${text} AS text FROM ${table} WHERE seq = ANY($1::bigint[])`,
    [witnesses.map((w) => w.id)],
  )
  const known = new Map(rows.map((row) => [row.seq, row]))
  // At least once: the same entry may have left twice.
  for (const { id, hash } of new Map(witnesses.map((w) => [`${w.id} ${w.hash}`, w])).values()) {
    const row = known.get(id)
    if (!row) findings.add('audit', 'dropped', id, `第 ${id} 条已送往 syslog，在库中不存在`)
    else if (Buffer.from(shaOf(row.text), 'latin1').toString('hex') !== hash)
      findings.add('audit', 'rewritten', id, `第 ${id} 条与送往 syslog 的不符（${row.at}）`)
  }
}
