import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

const signatureBytes = 11
/**
 * Reads a query's two columns (bigint, text) by COPY in binary: many times quicker than rows as objects, and in constant memory.
 * The buffer handed to `onRow` is valid only during the call. Between two pieces from the network other work of the process goes on.
 */
export async function readCopied(client: pg.ClientBase, query: string, onRow: (seq: number, text: Buffer) => void): Promise<void> {
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

// A row: number of fields (2 bytes), and each field's length (4) before it; a number of fields of -1 ends it all. Answers where the first incomplete row begins.
function readRows(bytes: Buffer, from: number, onRow: (seq: number, text: Buffer) => void): number {
  let at = from
  while (at + 2 <= bytes.length && bytes.readInt16BE(at) !== -1) {
    // 2 fields, bigint of 8 bytes: the text's length stands at 14.
    if (at + 18 > bytes.length) break
    const end = at + 18 + bytes.readUInt32BE(at + 14)
    if (end > bytes.length) break
    onRow(bytes.readUInt32BE(at + 6) * 2 ** 32 + bytes.readUInt32BE(at + 10), bytes.subarray(at + 18, end))
    at = end
  }
  return at
}
