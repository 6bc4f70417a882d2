import { streams, type Stream } from './entries.ts'

export type FindingKind =
  | 'altered'
  | 'dropped'
  | 'inserted'
  | 'moved'
  | 'sealBroken'
  | 'sealMissing'
  | 'rewritten'
  | 'anchorMissing'
  | 'anchorUnreadable'
  | 'archiveBroken'
export interface Finding {
  stream: Stream
  kind: FindingKind
  /** The entry's sequence number, or the seal's number. */
  seq: number
  text: string
}

const kept = 10_000
/** What was found wrong: all counted, the first ten thousand named, so that a table emptied whole does not fill the memory. */
export class Findings {
  readonly list: Finding[] = []
  count = 0
  add(stream: Stream, kind: FindingKind, seq: number, text: string): void {
    this.count++
    if (this.list.length < kept) this.list.push({ stream, kind, seq, text })
  }
}

/** A finding as one line. */
export const lineOf = (finding: Finding): string => `${streams[finding.stream].label}：${finding.text}`
