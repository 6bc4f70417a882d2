import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { streams, type Stream } from './entries.ts'
import type { Findings } from './findings.ts'
import { elementsIn, type SealWitness } from './syslog-elements.ts'

export interface EntryWitness {
  id: number
  hash: string
}
export interface Witnesses {
  seals: SealWitness[]
  entries: EntryWitness[]
  /** The file ends in the middle of an anchor: what it bore witness to is lost. */
  isCut?: boolean
}

/** What left the house, line by line: from the file of daily anchors, or a syslog receiver's file. An anchor that a crash cut off is followed by a whole one; one at the end is told. */
export async function* witnessesIn(file: string): AsyncGenerator<Witnesses> {
  let isCut = false
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    const read = readLine(line)
    if (line.trim()) isCut = read.isCut ?? false
    yield { seals: read.seals, entries: read.entries }
  }
  if (isCut) yield { seals: [], entries: [], isCut }
}
/** Said where a file of anchors ends so. */
export const cutWords = (file: string): string => `${basename(file)} 的最后一行不完整：锚点被截断，该行所留存的封存无从核对`

/** A line holds an anchor as JSON, or syslog messages with whatever a receiver put around them; anything else is no witness. */
function readLine(line: string): Witnesses {
  if (line.startsWith('{')) {
    try {
      const { seals } = JSON.parse(line) as { seals?: SealWitness[] }
      return { seals: (seals ?? []).filter(isSeal), entries: [] }
    } catch {
      return { seals: [], entries: [], isCut: true }
    }
  }
  const found = elementsIn(line)
  return {
    seals: found.filter((e) => e.kind !== 'audit').map(({ data }) => ({ ...data, epoch: Number(data['epoch']), number: Number(data['number']) }) as SealWitness).filter(isSeal),
    entries: found.filter((e) => e.kind === 'audit').map(({ data }) => ({ id: Number(data['id']), hash: data['hash'] ?? '' })),
  } // prettier-ignore
}
const isSeal = (s: SealWitness): boolean => s.stream in streams && Number.isInteger(s.number) && typeof s.hash === 'string'

/** What the witnesses say of one stream's seals. */
export class StreamWitness {
  private readonly stream: Stream
  private readonly wrong = { count: 0, first: Infinity, last: 0 }
  private readonly missing = { count: 0, first: Infinity, last: 0 }
  private readonly right: number[] = []
  private readonly place: string

  /** `place`: where the seals were looked for, in words. */
  constructor(stream: Stream, place = '库中') {
    this.stream = stream
    this.place = place
  }

  /** Compares a witness with the seal of its number; null: there is none. */
  compare(w: SealWitness, seal: Pick<SealWitness, 'epoch' | 'hash' | 'mac'> | null): void {
    if (!seal) widen(this.missing, w.number)
    else if (seal.hash !== w.hash || seal.mac !== w.mac || seal.epoch !== w.epoch) widen(this.wrong, w.number)
    else this.right.push(w.number)
  }

  /** The last seal that somebody outside knows as it is: it and all before it are proved. 0 when there is none. */
  get lastRight(): number {
    return this.right.reduce((max, n) => Math.max(max, n), 0)
  }

  judge(findings: Findings): void {
    const { wrong, missing, stream } = this
    const since = (first: number) => {
      const good = this.right.filter((n) => n < first).reduce((max, n) => Math.max(max, n), 0)
      return good ? `；第 ${good} 号尚相符，改动在其后` : ''
    }
    if (wrong.count)
      findings.add(
        stream,
        'rewritten',
        wrong.first,
        `${span(wrong)}与外部留存不符${since(wrong.first)}：历史被整体改写，或从备份恢复后另行封存`,
      )
    if (missing.count)
      findings.add(
        stream,
        'anchorMissing',
        missing.first,
        `外部留存的${span(missing)}在${this.place}不存在${since(missing.first)}：记录被截去，或从更早的备份恢复`,
      )
  }
}
type Span = { count: number; first: number; last: number }
function widen(span: Span, number: number): void {
  span.count++
  span.first = Math.min(span.first, number)
  span.last = Math.max(span.last, number)
}
const span = ({ first, last }: Span): string => (first === last ? `第 ${first} 号封存` : `第 ${first} 至 ${last} 号封存`)
