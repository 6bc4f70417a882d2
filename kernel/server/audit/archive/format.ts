import type { StoredSeal } from '../chain.ts'
import type { Stream } from '../entries.ts'

export const formatName = 'xinglin-audit-1'
export const manifestFile = 'manifest.json'
export const anchorsFile = 'anchors.jsonl'
export const verifierFile = 'verify-audit.mjs'

export interface ArchivePlace {
  epoch: number
  number: number
  /** Hex. */
  hash: string
  sealedAt: string
}
export interface ArchivedFile {
  name: string
  sha256: string
  seals: number
  entries: number
}
export interface ArchivedStream {
  /** The seal before the first one here; null: these begin with the very first. */
  before: (ArchivePlace & { snapshot: string }) | null
  last: ArchivePlace | null
  seals: number
  entries: number
  /** The parts of an entry's line, in their order. */
  columns: string[]
  files: ArchivedFile[]
}
/** What an archive says of itself. Nobody need believe it: what it says is compared with the seals. */
export interface Manifest {
  format: typeof formatName
  madeAt: string
  /** Seals made from, and before, these instants; null: no bound. */
  from: string | null
  to: string | null
  streams: Partial<Record<Stream, ArchivedStream>>
}

interface SealLine {
  seal: Omit<StoredSeal, 'root' | 'previous' | 'hash' | 'mac' | 'entries'> &
    Record<'root' | 'previous' | 'hash' | 'mac' | 'entries', string>
}
/** A seal as a line; the lines of its entries follow it. */
export function sealLine(s: StoredSeal): string {
  const hex = (b: Buffer) => b.toString('hex')
  const line: SealLine = { seal: { ...s, root: hex(s.root), previous: hex(s.previous), hash: hex(s.hash), mac: hex(s.mac), entries: s.entries.toString('base64') } } // prettier-ignore
  return JSON.stringify(line)
}
/** An entry's line: the parts that are hashed, as an array of texts. */
export type EntryParts = (string | null)[]

/** A line that was read; null when it is none of ours. */
export function readArchiveLine(line: string): StoredSeal | EntryParts | null {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch {
    return null
  }
  if (Array.isArray(read)) return read.every((part) => part === null || typeof part === 'string') ? (read as EntryParts) : null
  const seal = (read as Partial<SealLine> | null)?.seal
  if (!seal || typeof seal !== 'object' || !Number.isInteger(seal.number) || typeof seal.entries !== 'string') return null
  const bytes = (text: unknown, encoding: 'hex' | 'base64') => Buffer.from(typeof text === 'string' ? text : '', encoding)
  return { ...seal, root: bytes(seal.root, 'hex'), previous: bytes(seal.previous, 'hex'), hash: bytes(seal.hash, 'hex'), mac: bytes(seal.mac, 'hex'), entries: bytes(seal.entries, 'base64') } // prettier-ignore
}
