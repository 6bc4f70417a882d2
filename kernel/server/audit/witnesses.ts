import type { Database } from '../database/database.ts'
import { shaOf, streamNames, streams, type Stream } from './entries.ts'
import type { Findings } from './findings.ts'
import type { SealWitness } from './syslog-elements.ts'
import { cutWords, StreamWitness, witnessesIn, type EntryWitness } from './witness-lines.ts'

export interface WitnessReport {
  seals: number
  entries: number
}

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
    for (const stream of streamNames) await compareSeals(db, judged[stream], stream, seals.filter((s) => s.stream === stream)) // prettier-ignore
    await compareEntries(db, entries, findings)
    report.seals += seals.splice(0).length
    report.entries += entries.splice(0).length
  }
  for await (const found of witnessesIn(file)) {
    if (found.isCut) for (const stream of streamNames) findings.add(stream, 'anchorUnreadable', 0, cutWords(file))
    seals.push(...found.seals)
    entries.push(...found.entries)
    if (seals.length + entries.length >= page) await flush()
  }
  await flush()
  if (report.seals + report.entries === 0) throw new Error(`${file} 中没有锚点，也没有本系统的 syslog 记录`)
  for (const stream of streamNames) judged[stream].judge(findings)
  return report
}

async function compareSeals(db: Database, judged: StreamWitness, stream: Stream, witnesses: readonly SealWitness[]): Promise<void> {
  if (witnesses.length === 0) return
  const rows = await db.query<{ number: number; epoch: number; hash: string; mac: string }>(
    `SELECT number, epoch, encode(hash, 'hex') AS hash, encode(mac, 'hex') AS mac FROM kernel.seal WHERE stream = $1 AND number = ANY($2::int[])`,
    [stream, witnesses.map((w) => w.number)],
  )
  const known = new Map(rows.map((row) => [row.number, row]))
  for (const w of witnesses) judged.compare(w, known.get(w.number) ?? null)
}

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
    if (!row && (await isArchived(db, id))) continue
    if (!row) findings.add('audit', 'dropped', id, `第 ${id} 条已送往 syslog，在库中不存在`)
    else if (Buffer.from(shaOf(row.text), 'latin1').toString('hex') !== hash)
      findings.add('audit', 'rewritten', id, `第 ${id} 条与送往 syslog 的不符（${row.at}）`)
  }
}

/** Does a seal whose entries lie in archives name it? */
async function isArchived(db: Database, id: number): Promise<boolean> {
  const [seal] = await db.query(
    `SELECT 1 FROM kernel.seal s WHERE stream = 'audit' AND number <= (SELECT max(last_seal) FROM kernel.audit_archive WHERE dropped_at IS NOT NULL) AND first_seq <= $1::bigint AND last_seq >= $1::bigint LIMIT 1`,
    [id],
  )
  return seal !== undefined
}
