import { timingSafeEqual } from 'node:crypto'
import {
  macOf,
  merkleRoot,
  noSnapshot,
  packedCount,
  packedHash,
  packedSeq,
  sealHash,
  shaOf,
  type SealContent,
  type Stream,
} from './entries.ts'
import { Findings } from './findings.ts'

/** A seal as it is kept: what it says, its hash, its signature, and number and hash of each of its entries. */
export interface StoredSeal extends SealContent {
  hash: Buffer
  mac: Buffer
  entries: Buffer
}
/** A row whose content is not what its seal says. */
export interface Suspect {
  seq: number
  /** As sealed. */
  hash: string
}
/** What has been moved to archives: rows of the seals up to this one may be away, but for those that are said to be still here. */
export interface Archived {
  upTo: number
  kept: ReadonlySet<number>
}

const keptSuspects = 10_000

/** Checks seals in their order, and the rows that they name. Wherever seals and rows come from, this is the one place that says whether they hold. */
export class ChainCheck {
  readonly findings = new Findings()
  readonly suspects: Suspect[] = []
  /** Hashes of rows by number, put here by who reads them; those that a seal names are taken out. */
  readonly rows = new Map<number, string>()
  previous: Buffer = Buffer.alloc(32)
  expected = 1
  /** Of the last seal. */
  snapshot = noSnapshot
  entries = 0
  seals = 0
  /** Rows that are away because they lie in an archive. */
  archived = 0
  private readonly stream: Stream
  private readonly key: Buffer | null
  private readonly moved: Archived | null

  /** Without the key, signatures are not looked at: who could recompute every hash is then not found out. */
  constructor(stream: Stream, key: Buffer | null, moved: Archived | null = null) {
    this.stream = stream
    this.key = key
    this.moved = moved
  }

  /** The chain goes on behind this seal. */
  beginAfter(last: { number: number; hash: Buffer; snapshot: string }): void {
    this.previous = last.hash
    this.expected = last.number + 1
    this.snapshot = last.snapshot
  }

  check(seal: StoredSeal): void {
    this.checkSeal(seal)
    this.checkEntries(seal)
  }

  private checkSeal(seal: StoredSeal): void {
    const { number } = seal
    if (number !== this.expected) this.findings.add(this.stream, 'sealMissing', this.expected, `缺少第 ${this.expected} 号封存`)
    const why = faultOf(seal, this.stream, this.previous, this.key)
    if (why) this.findings.add(this.stream, 'sealBroken', number, `第 ${number} 号封存${why}`)
    this.expected = number + 1
    this.previous = seal.hash
    this.snapshot = seal.snapshot
    this.seals++
  }

  private checkEntries({ entries, number, sealedAt }: StoredSeal): void {
    const count = packedCount(entries)
    for (let i = 0; i < count; i++) {
      const seq = packedSeq(entries, i)
      const row = this.rows.get(seq)
      if (row !== undefined) {
        this.rows.delete(seq)
        if (row !== packedHash(entries, i)) this.suspect(seq, packedHash(entries, i))
      } else if (this.moved && number <= this.moved.upTo && !this.moved.kept.has(seq)) this.archived++
      else this.findings.add(this.stream, 'dropped', seq, `第 ${seq} 条被删除（封存 ${number}，${sealedAt}）`)
    }
    this.entries += count
  }
  private suspect(seq: number, hash: string): void {
    if (this.suspects.length < keptSuspects) this.suspects.push({ seq, hash })
    else this.findings.count++
  }
}

/** Why a seal does not hold, or null. */
function faultOf(seal: StoredSeal, stream: Stream, previous: Buffer, key: Buffer | null): string | null {
  const root = merkleRoot(seal.entries)
  if (!seal.previous.equals(previous)) return '与前一封存不相连'
  if (!root.equals(seal.root) || !sealHash({ ...seal, stream, root }).equals(seal.hash) || packedCount(seal.entries) !== seal.count)
    return '内容被改动'
  if (!key) return null
  const mac = macOf(key, seal.hash)
  return mac.length !== seal.mac.length || !timingSafeEqual(mac, seal.mac) ? '签章不符' : null
}

// Each is tried at the place of each other: beyond this, only "altered" is said.
const tried = 300
/** An entry whose content is right under another sealed number has been moved there; otherwise its content was altered. `rows`: the suspects' texts as they are now. */
export function nameSuspects(
  stream: Stream,
  suspects: readonly Suspect[],
  rows: readonly { seq: number; at: string; text: string }[],
  findings: Findings,
): void {
  for (const row of rows) {
    const rest = row.text.slice(prefix(row.seq).length)
    const home =
      suspects.length <= tried
        ? suspects.find((other) => other.seq !== row.seq && shaOf(prefix(other.seq) + rest) === other.hash)
        : undefined
    if (home) findings.add(stream, 'moved', row.seq, `第 ${row.seq} 条的内容原是第 ${home.seq} 条，顺序被调换`)
    else findings.add(stream, 'altered', row.seq, `第 ${row.seq} 条的内容被修改（${row.at}）`)
  }
}
// The text of an entry begins with its number.
const prefix = (seq: number): string => `${String(seq).length}:${seq}`
