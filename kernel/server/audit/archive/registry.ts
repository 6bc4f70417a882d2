import { createHash, timingSafeEqual } from 'node:crypto'
import type pg from 'pg'
import type { Archived } from '../chain.ts'
import { macOf } from '../entries.ts'
import type { Findings } from '../findings.ts'

/** A month that lies in an archive, as it is registered. */
export interface ArchivedMonth {
  number: number
  month: string
  folder: string
  epoch: number
  lastSeal: number
  /** Entries in its files, and how many of them are of this month. */
  entries: number
  rows: number
  kept: Buffer
  mac: Buffer
}
const columns = `number, month::text AS month, folder, epoch, last_seal AS "lastSeal", entries, rows, kept, mac`

/** What has left the database, the oldest first. */
export async function archivedMonths(client: pg.ClientBase): Promise<ArchivedMonth[]> {
  const { rows } = await client.query<ArchivedMonth>(`SELECT ${columns} FROM kernel.audit_archive WHERE dropped_at IS NOT NULL ORDER BY number`)
  return rows
} // prettier-ignore

/** What only the holder of the key can make of a registered month. */
export const macOfMonth = (key: Buffer, m: Omit<ArchivedMonth, 'mac' | 'folder'>): Buffer =>
  macOf(
    key,
    createHash('sha256')
      .update(JSON.stringify([m.number, m.month, m.epoch, m.lastSeal, m.entries, m.rows]))
      .update(m.kept)
      .digest(),
  )

export function packSeqs(seqs: Iterable<number>): Buffer {
  const list = [...seqs].toSorted((a, b) => a - b)
  const packed = Buffer.alloc(list.length * 8)
  for (const [i, seq] of list.entries()) packed.writeBigInt64BE(BigInt(seq), i * 8)
  return packed
}
export const unpackSeqs = (packed: Buffer): Set<number> =>
  new Set(Array.from({ length: packed.length / 8 }, (_, i) => Number(packed.readBigInt64BE(i * 8))))

/** Which rows may be away. A month whose registration is not signed counts for nothing: its rows are missing. */
export function awayIn(months: readonly ArchivedMonth[], key: Buffer, findings: Findings): Archived | null {
  let away: Archived | null = null
  for (const month of months) {
    if (timingSafeEqual(macOfMonth(key, month), Buffer.concat([month.mac, Buffer.alloc(32)]).subarray(0, 32)))
      away = { upTo: month.lastSeal, kept: unpackSeqs(month.kept) }
    else findings.add('audit', 'archiveBroken', month.lastSeal, `归档登记 ${month.month.slice(0, 7)} 的签章不符`)
  }
  return away
}
