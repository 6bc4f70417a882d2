import { createHash, createHmac, hash } from 'node:crypto'
import type { Kind } from './row-text.ts'

type Column = [name: string, kind: Kind]
/** An entry's content in the order in which it is hashed. */
export const contents: Record<Stream, readonly Column[]> = {
  audit: [['seq', 'integer'], ['at', 'instant'], ['actor', 'uuid'], ['actor_name', 'text'], ['act', 'text'], ['outcome', 'text'], ['resource', 'text'], ['record', 'uuid'], ['address', 'text'], ['detail', 'text']],
  history: [['seq', 'integer'], ['at', 'instant'], ['resource', 'text'], ['record', 'uuid'], ['version', 'integer'], ['actor', 'uuid'], ['on_behalf_of', 'uuid'], ['origin', 'text'], ['act', 'text'], ['changes', 'text']],
} // prettier-ignore
export type Stream = 'audit' | 'history'

interface StreamSql {
  table: string
  /** Its name for people. */
  label: string
  /** What the columns are that `copied` reads. */
  kinds: readonly Kind[]
  /** The columns as they are hashed quickest, by `RowText`. */
  copied: string
  /** The parts of the hashed text, the whole of it, and its SHA-256, made by the database. */
  parts: string
  text: string
  hash: string
}
/** The append-only streams: their table, and the text of an entry whose SHA-256 is its hash. */
export const streams: Record<Stream, StreamSql> = {
  audit: { table: 'kernel.audit_entry', label: '审计', ...expressions(contents.audit) },
  history: { table: 'kernel.history', label: '历史', ...expressions(contents.history) },
}
export const streamNames = Object.keys(streams) as Stream[]

// Built-in functions only: who may replace one of ours must not make an altered entry look whole.
function expressions(columns: readonly Column[]): Omit<StreamSql, 'table' | 'label'> {
  const parts = columns.map(([name, kind]) =>
    kind === 'instant' ? `(extract(epoch FROM ${name} AT TIME ZONE 'UTC') * 1000000)::bigint::text` : `${name}::text`,
  )
  const copied = columns.map(([name, kind]) => (kind === 'integer' ? `${name}::bigint` : kind === 'text' ? `${name}::text` : name))
  // Each part with its length in characters, null apart from empty.
  const text = parts.map((p) => `coalesce(length(${p})::text || ':' || ${p}, '0n')`).join(' || ')
  return {
    kinds: columns.map(([, kind]) => kind),
    copied: copied.join(', '),
    parts: `ARRAY[${parts.join(', ')}]`,
    text,
    hash: `sha256(convert_to(${text}, 'UTF8'))`,
  }
}

/** The same text as the database hashes. */
export const entryText = (parts: readonly (string | null)[]): string =>
  parts.map((p) => (p === null ? '0n' : `${[...p].length}:${p}`)).join('')
export const entryHash = (parts: readonly (string | null)[]): Buffer => createHash('sha256').update(entryText(parts), 'utf8').digest()

// The same as latin1, whose name the types of `hash` do not know.
const binary = 'binary'
/** SHA-256 as 32 characters of one byte: many times quicker to make and compare than buffers. */
export const shaOf = (content: Buffer | string): string => hash('sha256', content, binary)

const entryBytes = 40
/** Entries of a seal: sequence number (8 bytes) and hash (32 bytes) each. */
export function packEntries(entries: readonly { seq: number; hash: Buffer }[]): Buffer {
  const packed = Buffer.alloc(entries.length * entryBytes)
  for (const [i, entry] of entries.entries()) {
    packed.writeBigInt64BE(BigInt(entry.seq), i * entryBytes)
    entry.hash.copy(packed, i * entryBytes + 8)
  }
  return packed
}
export const packedCount = (packed: Buffer): number => Math.floor(packed.length / entryBytes)
export const packedSeq = (packed: Buffer, i: number): number =>
  packed.readUInt32BE(i * entryBytes) * 2 ** 32 + packed.readUInt32BE(i * entryBytes + 4)
/** The hash of the i-th entry, as `shaOf` writes it. */
export const packedHash = (packed: Buffer, i: number): string => packed.toString('latin1', i * entryBytes + 8, (i + 1) * entryBytes)

const [leaf, node] = [Buffer.alloc(33, 0), Buffer.alloc(65, 1)]
function leafOf(content: string): string {
  leaf.write(content, 1, 'latin1')
  return shaOf(leaf)
}
function nodeOf(left: string, right: string): string {
  node.write(left, 1, 'latin1')
  node.write(right, 33, 'latin1')
  return shaOf(node)
}
/** Merkle root over the packed hashes as in RFC 6962: leaves and nodes hashed under different marks, an odd one carried up. */
export function merkleRoot(packed: Buffer): Buffer {
  let level: string[] = []
  for (let i = 0; i < packedCount(packed); i++) level.push(leafOf(packedHash(packed, i)))
  if (level.length === 0) return Buffer.from(shaOf(''), 'latin1')
  while (level.length > 1) {
    const next: string[] = []
    for (let i = 0; i < level.length; i += 2) next.push(i + 1 < level.length ? nodeOf(level[i]!, level[i + 1]!) : level[i]!)
    level = next
  }
  return Buffer.from(level[0]!, 'latin1')
}

export interface SealContent {
  stream: string
  epoch: number
  number: number
  sealedAt: string
  firstSeq: number | null
  lastSeq: number | null
  count: number
  snapshot: string
  root: Buffer
  previous: Buffer
}
export const sealHash = (s: SealContent): Buffer =>
  createHash('sha256')
    .update(
      [
        s.stream,
        s.epoch,
        s.number,
        s.sealedAt,
        s.firstSeq ?? '',
        s.lastSeq ?? '',
        s.count,
        s.snapshot,
        s.root.toString('hex'),
        s.previous.toString('hex'),
      ].join('\n'),
    )
    .digest()

/** What only the holder of the key can make of a seal's hash. */
export const macOf = (key: Buffer, content: Buffer): Buffer => createHmac('sha256', key).update(content).digest()
/** Of before the first seal. */
export const noSnapshot = '1:1:'
