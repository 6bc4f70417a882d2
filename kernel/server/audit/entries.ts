import { createHash } from 'node:crypto'

/** The append-only streams: their table, and the parts of an entry's content in the order in which they are hashed, after the sequence number. */
export const streams = {
  audit: {
    table: 'kernel.audit_entry',
    parts: `ARRAY[kernel.instant_text(at), actor::text, actor_name, act, outcome, resource, record::text, address, detail::text]`,
  },
  history: {
    table: 'kernel.history',
    parts: `ARRAY[kernel.instant_text(at), resource, record::text, version::text, actor::text, on_behalf_of::text, origin, act, changes::text]`,
  },
} as const
export type Stream = keyof typeof streams

/** The same hash as the database's generated column: each part with its length in characters, null apart from empty. */
export function entryHash(parts: readonly (string | null)[]): Buffer {
  const text = parts.map((p) => (p === null ? '0n' : `${[...p].length}:${p}`)).join('')
  return createHash('sha256').update(text, 'utf8').digest()
}

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
export function unpackEntries(packed: Buffer): { seq: number; hash: Buffer }[] {
  const count = Math.floor(packed.length / entryBytes)
  return Array.from({ length: count }, (_, i) => ({
    seq: Number(packed.readBigInt64BE(i * entryBytes)),
    hash: packed.subarray(i * entryBytes + 8, (i + 1) * entryBytes),
  }))
}

const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const [leafMark, nodeMark] = [Buffer.from([0]), Buffer.from([1])]
/** Merkle root as in RFC 6962: leaves and nodes hashed under different marks, an odd one carried up. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves.map((leaf) => sha(leafMark, leaf))
  if (level.length === 0) return sha(Buffer.alloc(0))
  while (level.length > 1) {
    const next: Buffer[] = []
    for (let i = 0; i < level.length; i += 2) next.push(i + 1 < level.length ? sha(nodeMark, level[i]!, level[i + 1]!) : level[i]!)
    level = next
  }
  return level[0]!
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
