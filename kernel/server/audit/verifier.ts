import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Queryable } from '../database/database.ts'
import { entryHash, merkleRoot, sealHash, streams, unpackEntries, type SealContent, type Stream } from './entries.ts'

export type FindingKind = 'altered' | 'dropped' | 'inserted' | 'moved' | 'sealBroken' | 'sealMissing'
export interface Finding {
  stream: Stream
  kind: FindingKind
  /** The entry's sequence number, or the seal's number. */
  seq: number
  text: string
}
export interface VerifyReport {
  findings: Finding[]
  entries: number
  seals: number
  /** What no seal covers yet: how many entries, and since when. */
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
interface EntryRow {
  seq: number
  parts: (string | null)[]
  at: string
}
const found = (stream: Stream, kind: FindingKind, seq: number, text: string): Finding => ({ stream, kind, seq, text })

/** Checks every seal and every sealed entry of both streams, and names each that was altered, dropped, inserted or moved. Reads as any role that may SELECT. */
export async function verifyAudit(db: Queryable, key: Buffer): Promise<VerifyReport> {
  const report: VerifyReport = { findings: [], entries: 0, seals: 0, unsealed: [] }
  for (const stream of Object.keys(streams) as Stream[]) await verifyStream(db, key, stream, report)
  return report
}

async function verifyStream(db: Queryable, key: Buffer, stream: Stream, report: VerifyReport): Promise<void> {
  const numbers = await db.query<{ epoch: number; number: number }>(
    `SELECT epoch, number FROM kernel.seal WHERE stream = $1 ORDER BY epoch, number`,
    [stream],
  )
  const suspects: { seq: number; hash: Buffer; row: EntryRow }[] = []
  // Rows that no seal so far names: late seals may still name them.
  const unnamed = new Map<number, EntryRow>()
  let previous: Buffer = Buffer.alloc(32)
  let expected = 1
  let window = -1
  let snapshot = '1:1:'
  for (const at of numbers) {
    const seal = (
      await db.query<SealRow>(`SELECT *, snapshot::text AS snapshot FROM kernel.seal WHERE stream = $1 AND epoch = $2 AND number = $3`, [
        stream,
        at.epoch,
        at.number,
      ])
    )[0]!
    if (seal.number !== expected) report.findings.push(found(stream, 'sealMissing', expected, `缺少第 ${expected} 号封存`))
    expected = seal.number + 1
    report.findings.push(...checkSeal(key, stream, seal, previous))
    previous = seal.hash
    snapshot = seal.snapshot
    window = await checkEntries(db, stream, seal, window, unnamed, suspects, report)
    report.seals++
  }
  report.findings.push(...judgeSuspects(stream, suspects))
  await findInserted(db, stream, unnamed, snapshot, window, report)
}

function checkSeal(key: Buffer, stream: Stream, seal: SealRow, previous: Buffer): Finding[] {
  const entries = unpackEntries(seal.entries)
  const content: SealContent = {
    stream, epoch: seal.epoch, number: seal.number, sealedAt: seal.sealed_at, firstSeq: seal.first_seq, lastSeq: seal.last_seq, count: seal.count,
    snapshot: seal.snapshot, root: merkleRoot(entries.map((e) => e.hash)), previous: seal.previous,
  } // prettier-ignore
  const mac = createHmac('sha256', key).update(seal.hash).digest()
  const why = !seal.previous.equals(previous)
    ? '与前一封存不相连'
    : !content.root.equals(seal.root) || !sealHash(content).equals(seal.hash) || entries.length !== seal.count
      ? '内容被改动'
      : mac.length !== seal.mac.length || !timingSafeEqual(mac, seal.mac)
        ? '签章不符'
        : null
  return why ? [found(stream, 'sealBroken', seal.number, `第 ${seal.number} 号封存${why}`)] : []
}

async function checkEntries(
  db: Queryable,
  stream: Stream,
  seal: SealRow,
  window: number,
  unnamed: Map<number, EntryRow>,
  suspects: { seq: number; hash: Buffer; row: EntryRow }[],
  report: VerifyReport,
): Promise<number> {
  const { table, parts } = streams[stream]
  const sealed = unpackEntries(seal.entries)
  const last = Math.max(window, seal.last_seq ?? window)
  const rows = new Map<number, EntryRow>()
  const select = `SELECT seq, ${parts} AS parts, at FROM ${table}`
  for (const row of await db.query<EntryRow>(`${select} WHERE seq > $1 AND seq <= $2`, [window, last])) {
    // Two rows under one number: one of them is a stranger.
    if (rows.has(row.seq)) report.findings.push(found(stream, 'inserted', row.seq, `第 ${row.seq} 条有两份`))
    rows.set(row.seq, row)
  }
  const late = sealed.filter((e) => e.seq <= window).map((e) => e.seq)
  if (late.length) for (const row of await db.query<EntryRow>(`${select} WHERE seq = ANY($1::bigint[])`, [late])) rows.set(row.seq, row)
  for (const entry of sealed) {
    const row = rows.get(entry.seq)
    rows.delete(entry.seq)
    unnamed.delete(entry.seq)
    report.entries++
    if (!row)
      report.findings.push(found(stream, 'dropped', entry.seq, `第 ${entry.seq} 条被删除（封存 ${seal.number}，${seal.sealed_at}）`))
    else if (!hashOf(row, row.seq).equals(entry.hash)) suspects.push({ seq: entry.seq, hash: Buffer.from(entry.hash), row })
  }
  for (const [seq, row] of rows) unnamed.set(seq, row)
  return last
}
const hashOf = (row: EntryRow, seq: number): Buffer => entryHash([String(seq), ...row.parts])

/** An entry whose content is right under another sealed number has been moved there; otherwise its content was altered. */
function judgeSuspects(stream: Stream, suspects: readonly { seq: number; hash: Buffer; row: EntryRow }[]): Finding[] {
  return suspects.map(({ seq, row }) => {
    const home =
      suspects.length <= 2000 ? suspects.find((other) => other.seq !== seq && hashOf(row, other.seq).equals(other.hash)) : undefined
    return home
      ? found(stream, 'moved', seq, `第 ${seq} 条的内容原是第 ${home.seq} 条，顺序被调换`)
      : found(stream, 'altered', seq, `第 ${seq} 条的内容被修改（${row.at}）`)
  })
}

/** What claims to be older than the last seal and stands in none was slipped in; what is younger waits for the next seal. */
async function findInserted(
  db: Queryable,
  stream: Stream,
  unnamed: Map<number, EntryRow>,
  snapshot: string,
  window: number,
  report: VerifyReport,
): Promise<void> {
  const { table } = streams[stream]
  const waiting = { stream, count: 0, from: null as string | null, to: null as string | null }
  const note = (at: string) => {
    waiting.count++
    if (!waiting.from || at < waiting.from) waiting.from = at
    if (!waiting.to || at > waiting.to) waiting.to = at
  }
  const rows = await db.query<{ seq: number; at: string; old: boolean }>(
    `SELECT seq, at, pg_visible_in_snapshot(tx, $1::pg_snapshot) AS old FROM ${table} WHERE seq > $2 OR seq = ANY($3::bigint[])`,
    [snapshot, window, [...unnamed.keys()]],
  )
  for (const row of rows) {
    if (row.old) report.findings.push(found(stream, 'inserted', row.seq, `第 ${row.seq} 条是封存之后插入的（自称 ${row.at}）`))
    else note(row.at)
  }
  report.unsealed.push(waiting)
}
