import { hostname } from 'node:os'
import type { SealWitness } from './syslog-elements.ts'

/** What leaves of an entry: who did what to which record, and the hash of its whole content; never the content. */
export interface LeavingEntry {
  seq: number
  at: string
  actor: string | null
  actorName: string | null
  act: string
  outcome: string
  resource: string | null
  record: string | null
  address: string | null
  hash: Buffer
}
// RFC 5424. Facility 13 is "log audit"; 32473 stands for an enterprise without a number of its own (RFC 5612).
const facility = 13
const severities = { failed: 3, refused: 4, notice: 5, done: 6 } as const
const enterprise = 32473
const host = hostname().replace(/[^\u0021-\u007e]/g, '').slice(0, 255) || '-' // prettier-ignore

/** One audit entry as an RFC 5424 message. */
export function entryMessage(e: LeavingEntry): string {
  const severity = e.outcome in severities ? severities[e.outcome as keyof typeof severities] : severities.done
  // Somebody who is not known may have typed anything where his name belongs, even his password.
  const name = e.actor ? e.actorName : null
  return message(severity, e.at, 'audit', {
    id: e.seq, hash: e.hash.toString('hex'), actor: e.actor, actorName: name, act: e.act, outcome: e.outcome, resource: e.resource, record: e.record, address: e.address,
  }, `${name ?? '-'} ${e.act} ${e.resource ?? ''} ${e.outcome}`) // prettier-ignore
}

/** A seal, or the day's anchor, as an RFC 5424 message. */
export function sealMessage(kind: 'seal' | 'anchor', at: string, seal: SealWitness): string {
  return message(severities.notice, at, kind, { ...seal }, `${kind} ${seal.stream} ${seal.epoch}/${seal.number}`)
}

function message(severity: number, at: string, kind: string, data: Record<string, string | number | null>, text: string): string {
  const pairs = Object.entries(data).flatMap(([name, value]) => (value === null ? [] : [`${name}="${escape(plain(String(value)))}"`]))
  return `<${facility * 8 + severity}>1 ${at} ${host} xinglin - ${kind} [${kind}@${enterprise} ${pairs.join(' ')}] \uFEFF${plain(text)}`
}
// A message is one line wherever it is kept.
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ').trim()
const escape = (text: string): string => text.replace(/["\\\]]/g, (c) => `\\${c}`)

/** A message framed by its length in octets (RFC 6587, RFC 5425). */
export function framed(text: string): Buffer {
  const body = Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from(`${body.length} `), body])
}
