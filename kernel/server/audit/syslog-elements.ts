import type { Stream } from './entries.ts'

/** A seal as it is known outside: in an anchor's line, or a syslog message. */
export interface SealWitness {
  stream: Stream
  epoch: number
  number: number
  sealedAt: string
  hash: string
  mac: string
}

const element = /\[(audit|seal|anchor)@32473((?: [A-Za-z]+="(?:[^"\\\]]|\\.)*")*)\]/g
const pair = / ([A-Za-z]+)="((?:[^"\\\]]|\\.)*)"/g
/** The structured data of our messages in a line of a receiver's file, whatever it put around them. */
export function elementsIn(line: string): { kind: 'audit' | 'seal' | 'anchor'; data: Record<string, string> }[] {
  return [...line.matchAll(element)].map(([, kind, pairs]) => ({
    kind: kind as 'audit',
    data: Object.fromEntries([...pairs!.matchAll(pair)].map(([, name, value]) => [name, value!.replace(/\\(.)/g, '$1')])),
  }))
}
