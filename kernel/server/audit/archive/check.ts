import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { ChainCheck, nameSuspects, type StoredSeal } from '../chain.ts'
import { entryHash, entryText, packedCount, packedSeq, streamNames, streams, type Stream } from '../entries.ts'
import type { Findings } from '../findings.ts'
import { cutWords, StreamWitness, witnessesIn } from '../witness-lines.ts'
import type { SealWitness } from '../syslog-elements.ts'
import { anchorsFile, formatName, manifestFile, readArchiveLine, type ArchivedFile, type EntryParts, type Manifest } from './format.ts'

/** What an archive of one stream was found to be. */
export interface StreamReport {
  stream: Stream
  findings: Findings
  seals: number
  entries: number
  first: StoredSeal | null
  last: StoredSeal | null
  /** These seals go on from one that is not here. */
  before: { number: number; hash: string } | null
  /** Seals that anchors outside prove, up to this number; 0: none. */
  anchored: number
  /** What no anchor outside proves. */
  uncovered: { from: StoredSeal; to: StoredSeal; seals: number; entries: number } | null
}
export interface Folder {
  path: string
  manifest: Manifest
}

/** Reads what a folder says of itself; throws what is wrong in words. */
export function openFolder(path: string): Folder {
  const file = join(path, manifestFile)
  if (!existsSync(file)) throw new Error(`${path} 不是审计归档：没有 ${manifestFile}`)
  let manifest: Partial<Manifest> | null
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest> | null
  } catch {
    throw new Error(`${file} 不是 JSON，已损坏`)
  }
  if (manifest?.format !== formatName || typeof manifest.streams !== 'object') throw new Error(`${file} 的格式不是 ${formatName}`)
  return { path, manifest: manifest as Manifest }
}

/** A month whose seals an earlier archive holds already has none of its own: it stands behind that one. */
const endOf = ({ manifest }: Folder, stream: Stream): number => {
  const { before, last } = manifest.streams[stream]!
  return last?.number ?? (before ? before.number + 0.5 : 0)
}

/** Checks the archives of one stream, one going on from the other. `outside`: files of anchors or of a log server. */
export async function checkStream(
  folders: readonly Folder[],
  stream: Stream,
  key: Buffer | null,
  outside: readonly string[],
): Promise<StreamReport> {
  const own = folders.filter((f) => f.manifest.streams[stream]).toSorted((a, b) => endOf(a, stream) - endOf(b, stream))
  const check = new ArchiveCheck(own, stream, key)
  for (const folder of own) if (existsSync(join(folder.path, anchorsFile))) await check.expect(join(folder.path, anchorsFile), false)
  for (const file of outside) await check.expect(file, true)
  return check.run()
}

class ArchiveCheck {
  private readonly folders: readonly Folder[]
  private readonly stream: Stream
  private readonly chain: ChainCheck
  private readonly witnesses = { own: new Map<number, SealWitness[]>(), outside: new Map<number, SealWitness[]>() }
  private readonly entryWitnesses = new Map<number, string>()
  private readonly judged: Record<'own' | 'outside', StreamWitness>
  private readonly texts = new Map<number, string>()
  private current: { seal: StoredSeal; rows: number[] } | null = null
  private first: StoredSeal | null = null
  private last: StoredSeal | null = null
  private uncovered: StreamReport['uncovered'] = null

  constructor(folders: readonly Folder[], stream: Stream, key: Buffer | null) {
    this.folders = folders
    this.stream = stream
    this.chain = new ChainCheck(stream, key)
    this.judged = { own: new StreamWitness(stream, '归档中'), outside: new StreamWitness(stream, '归档中') }
  }

  /** Keeps what a file says of this stream's seals and entries. */
  async expect(file: string, isOutside: boolean): Promise<void> {
    const known = this.witnesses[isOutside ? 'outside' : 'own']
    for await (const { seals, entries, isCut } of witnessesIn(file)) {
      if (isCut) this.chain.findings.add(this.stream, 'anchorUnreadable', 0, cutWords(file))
      for (const seal of seals) if (seal.stream === this.stream) known.set(seal.number, [...(known.get(seal.number) ?? []), seal])
      if (this.stream === 'audit') for (const { id, hash } of entries) this.entryWitnesses.set(id, hash)
    }
  }

  async run(): Promise<StreamReport> {
    const before = this.folders[0]?.manifest.streams[this.stream]?.before ?? null
    if (before) this.chain.beginAfter({ ...before, hash: Buffer.from(before.hash, 'hex') })
    for (const folder of this.folders) {
      const { files, last } = folder.manifest.streams[this.stream]!
      for (const file of files) await this.readFile(folder.path, file)
      this.finishSeal()
      if (last && this.last?.number !== last.number) this.broken(`${folder.path} 应止于第 ${last.number} 号封存，实止于第 ${this.last?.number ?? 0} 号：末尾被截去`)
    }
    this.judge()
    const { findings, seals, entries } = this.chain
    return { stream: this.stream, findings, seals, entries, first: this.first, last: this.last, before, anchored: this.judged.outside.lastRight, uncovered: this.uncovered }
  } // prettier-ignore

  private broken(text: string): void {
    this.chain.findings.add(this.stream, 'archiveBroken', 0, text)
  }

  private async readFile(folder: string, file: ArchivedFile): Promise<void> {
    const path = join(folder, basename(file.name))
    if (!existsSync(path)) return this.broken(`缺少文件 ${file.name}`)
    const [sha, counted] = [createHash('sha256'), { seals: 0, entries: 0 }]
    try {
      for await (const line of linesOf(path, sha)) {
        const read = readArchiveLine(line)
        if (read === null) this.broken(`${file.name} 有一行无法识别`)
        else if (Array.isArray(read)) {
          counted.entries++
          this.takeEntry(read)
        } else {
          counted.seals++
          this.finishSeal()
          this.current = { seal: read, rows: [] }
        }
      }
    } catch (error) {
      return this.broken(`${file.name} 不能读到末尾，被截断或已损坏（${(error as Error).message}）`)
    }
    if (sha.digest('hex') !== file.sha256) this.broken(`${file.name} 的 SHA-256 与清单不符`)
    if (counted.seals !== file.seals || counted.entries !== file.entries)
      this.broken(`${file.name} 应有 ${file.seals} 个封存、${file.entries} 条记录，实有 ${counted.seals} 个、${counted.entries} 条`)
  }

  private takeEntry(parts: EntryParts): void {
    const [seq, hash] = [Number(parts[0]), entryHash(parts)]
    const { rows, findings } = this.chain
    if (rows.has(seq)) findings.add(this.stream, 'inserted', seq, `第 ${seq} 条有两份`)
    rows.set(seq, hash.toString('latin1'))
    this.current?.rows.push(seq)
    this.texts.set(seq, entryText(parts))
    const outside = this.entryWitnesses.get(seq)
    if (outside !== undefined && outside !== hash.toString('hex'))
      findings.add(this.stream, 'rewritten', seq, `第 ${seq} 条与送往 syslog 的不符`)
  }

  private finishSeal(): void {
    if (!this.current) return
    const { seal, rows: read } = this.current
    const { rows, findings, suspects } = this.chain
    this.current = null
    const named = Array.from({ length: packedCount(seal.entries) }, (_, i) => packedSeq(seal.entries, i))
    const known = new Set(named)
    const order = read.filter((seq) => known.has(seq))
    const swapped = order.find((seq, i) => i > 0 && seq < order[i - 1]!)
    if (swapped !== undefined) findings.add(this.stream, 'moved', swapped, `第 ${swapped} 条的位置被调换（封存 ${seal.number}）`)
    const before = suspects.length
    this.chain.check(seal)
    const mine = suspects.slice(before)
    nameSuspects(this.stream, mine, mine.map(({ seq }) => ({ seq, at: `封存于 ${seal.sealedAt}`, text: this.texts.get(seq)! })), findings) // prettier-ignore
    for (const seq of rows.keys()) findings.add(this.stream, 'inserted', seq, `第 ${seq} 条不在封存 ${seal.number} 之中，是插入的`)
    rows.clear()
    this.texts.clear()
    this.cover(seal)
    this.first ??= seal
    this.last = seal
  }

  /** Compares a seal with what is known of it outside; what stands behind the last one that is right is not covered. */
  private cover(seal: StoredSeal): void {
    const made = { epoch: seal.epoch, hash: seal.hash.toString('hex'), mac: seal.mac.toString('hex') }
    for (const side of ['own', 'outside'] as const) {
      for (const w of this.witnesses[side].get(seal.number) ?? []) this.judged[side].compare(w, made)
      this.witnesses[side].delete(seal.number)
    }
    const count = packedCount(seal.entries)
    if (this.judged.outside.lastRight === seal.number) this.uncovered = null
    else this.uncovered = this.uncovered ? { ...this.uncovered, to: seal, seals: this.uncovered.seals + 1, entries: this.uncovered.entries + count } : { from: seal, to: seal, seals: 1, entries: count } // prettier-ignore
  }

  /** Witnesses of seals that should be here and are not. */
  private judge(): void {
    const newest = this.folders.at(-1)?.manifest
    const end = newest?.streams[this.stream]?.last?.number ?? 0
    const first = this.first?.number ?? 1
    const isBeforeEnd = (at: string) => (newest?.to ? at < newest.to : at <= (newest?.madeAt ?? ''))
    const isWithin = (w: SealWitness) => w.number >= first && (w.number <= end || isBeforeEnd(w.sealedAt))
    for (const side of ['own', 'outside'] as const) {
      for (const w of [...this.witnesses[side].values()].flat()) if (isWithin(w)) this.judged[side].compare(w, null)
      this.judged[side].judge(this.chain.findings)
    }
  }
}

async function* linesOf(path: string, sha: ReturnType<typeof createHash>): AsyncGenerator<string> {
  const file = createReadStream(path)
  const plain = createGunzip()
  file.on('data', (piece) => sha.update(piece)).on('error', (error) => plain.destroy(error))
  file.pipe(plain)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of plain as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest) yield rest
}

/** The streams that any of these folders holds. */
export const streamsIn = (folders: readonly Folder[]): Stream[] =>
  streamNames.filter((s) => folders.some((f) => f.manifest.streams[s] && streams[s]))
