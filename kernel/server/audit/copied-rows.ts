import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

const signatureBytes = 11

/** A row of COPY in binary: each field's length (4 bytes; -1 is null) before its content. Valid only while it is handed over. */
export interface CopiedRow {
  bytes: Buffer
  /** Where the first field's length stands. */
  at: number
  fields: number
}

/**
 * Reads a query by COPY in binary: many times quicker than rows as objects, and in constant memory.
 * Between two pieces from the network other work of the process goes on.
 */
export async function readCopied(client: pg.ClientBase, query: string, onRow: (row: CopiedRow) => void): Promise<void> {
  const stream = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`))
  let left: Buffer = Buffer.alloc(0)
  let hasHeader = false
  for await (const piece of stream as AsyncIterable<Buffer>) {
    const bytes = left.length ? Buffer.concat([left, piece]) : piece
    let at = 0
    if (!hasHeader) {
      if (bytes.length < signatureBytes + 8) {
        left = bytes
        continue
      }
      at = signatureBytes + 8 + bytes.readUInt32BE(signatureBytes + 4)
      hasHeader = true
    }
    left = bytes.subarray(readRows(bytes, at, onRow))
  }
}

// A number of fields of -1 ends it all. Answers where the first incomplete row begins.
function readRows(bytes: Buffer, from: number, onRow: (row: CopiedRow) => void): number {
  const row: CopiedRow = { bytes, at: 0, fields: 0 }
  let at = from
  while (at + 2 <= bytes.length) {
    row.fields = bytes.readInt16BE(at)
    if (row.fields === -1) break
    const end = endOf(bytes, at + 2, row.fields)
    if (end === -1) break
    row.at = at + 2
    onRow(row)
    at = end
  }
  return at
}
function endOf(bytes: Buffer, from: number, fields: number): number {
  let at = from
  for (let i = 0; i < fields; i++) {
    if (at + 4 > bytes.length) return -1
    at += 4 + Math.max(0, bytes.readInt32BE(at))
  }
  return at <= bytes.length ? at : -1
}
