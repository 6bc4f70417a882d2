// A request that is right, changed in a way that somebody might try.
import fc from 'fast-check'
import { attacks, oddValues, triedHeaders } from './fuzz-attacks.ts'

/** A request as it is sent. */
export interface Sent {
  method: string
  url: string
  body?: unknown
  headers?: Readonly<Record<string, string>>
}
type Kind = 'leaf' | 'oddLeaf' | 'dropKey' | 'addKey' | 'path' | 'query' | 'addQuery' | 'twiceQuery' | 'header' | 'raw' | 'whole'
/** One change: what kind, where (a number that is taken by the count of places), and with what. */
export interface Mutation {
  kind: Kind
  place: number
  attack: string
  odd: unknown
  key: string
}
const kinds: readonly Kind[] = ['leaf', 'leaf', 'oddLeaf', 'oddLeaf', 'dropKey', 'addKey', 'path', 'query', 'query', 'addQuery', 'twiceQuery', 'header', 'header', 'raw', 'whole'] // prettier-ignore
/** Names of parameters that some route or other reads. */
const keys = ['filter', 'search', 'sort', 'columns', 'marks', 'limit', 'cursor', 'deleted', 'version', 'directly', 'group', 'totals', 'on', 'from', 'to', 'each', 'by', 'under', 'q', 'ids', 'keys', 'before', 'after',
  'resource', 'field', 'all', 'view', 'format', 'id', 'state', 'kind', 'flow', 'person', 'actor', 'act', 'record', 'reason', 'draft', 'changes', 'actId', 'password', 'captcha', 'values', 'report', 'offset', 'within',
  'name', 'days', 'fields', 'records', 'until', 'unit', 'year', 'at', 'practitioner', 'items', 'code', 'procedure', 'signature', 'chosen', 'seenVersion', '__proto__', 'constructor'] // prettier-ignore

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  place: fc.nat(1000),
  attack: fc.oneof(
    { arbitrary: fc.constantFrom(...attacks), weight: 8 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 20 }), weight: 1 },
  ),
  odd: fc.oneof({ arbitrary: fc.constantFrom(...oddValues), weight: 3 }, { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 }),
  key: fc.constantFrom(...keys),
})

/** The request with these changes, one after the other. */
export const mutate = (sent: Sent, mutations: readonly Mutation[]): Sent => mutations.reduce(change, sent)

function change(sent: Sent, mutation: Mutation): Sent {
  const { kind, place, attack, odd, key } = mutation
  if (kind === 'header') return { ...sent, headers: { ...sent.headers, [triedHeaders[place % triedHeaders.length]!]: headerText(attack) } }
  if (kind === 'path') return { ...sent, url: inPath(sent.url, place, attack) }
  if (kind === 'query' || kind === 'addQuery' || kind === 'twiceQuery') return { ...sent, url: inQuery(sent.url, mutation) }
  if (sent.method === 'GET' || sent.headers?.['content-type']?.startsWith('multipart')) return { ...sent, url: inQuery(sent.url, mutation) }
  if (kind === 'whole') return { ...sent, body: typeof odd === 'object' ? odd : [odd] }
  if (kind === 'raw') return { ...sent, body: rawTexts[place % rawTexts.length]!(JSON.stringify(sent.body ?? {}), attack), headers: { 'content-type': 'application/json', ...sent.headers } } // prettier-ignore
  if (typeof sent.body !== 'object' || sent.body === null || Buffer.isBuffer(sent.body)) return sent
  const body = structuredClone(sent.body) as Record<string, unknown>
  const places = leavesOf(body)
  const at = places[place % Math.max(1, places.length)]
  if (kind === 'addKey' || !at) Object.defineProperty(body, key, { value: place % 2 ? attack : odd, enumerable: true, configurable: true, writable: true })
  else if (kind === 'dropKey') delete at.holder[at.key]
  else at.holder[at.key] = kind === 'leaf' ? attack : odd
  return { ...sent, body }
} // prettier-ignore

interface Leaf {
  holder: Record<string, unknown>
  key: string
}
function leavesOf(value: object): Leaf[] {
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => {
    const inner = holder[key]
    return [{ holder, key }, ...(typeof inner === 'object' && inner !== null ? leavesOf(inner) : [])]
  })
}
/** Bodies that are no JSON, or JSON that means two things. */
const rawTexts: readonly ((text: string, attack: string) => string | Buffer)[] = [
  (text) => text.slice(0, -1),
  (text) => `${text}${text}`,
  (text) => text.replace('{', '{"a":1,"a":2,'),
  (text) => text.replace('{', '{"__proto__":{"isAdmin":true},'),
  (text) => text.replace('{', '{"constructor":{"prototype":{"isAdmin":true}},'),
  () => '['.repeat(20_000) + ']'.repeat(20_000),
  () => '{"a":'.repeat(5000) + '1' + '}'.repeat(5000),
  (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0xc0, 0xaf]), Buffer.from('}')]),
  (text) => text.replace('{', '{"a":"\\u0000\\ud800",'),
  (_, attack) => attack,
  () => '',
  () => 'null',
  () => '"text"',
  () => '1',
]
// Node itself refuses to send what is no header.
const headerText = (attack: string): string => [...attack].filter((letter) => /[\t\u0020-\u007e\u0080-\u00ff]/.test(letter)).join('').slice(0, 2000) // prettier-ignore
const asPart = (attack: string): string => (attack.isWellFormed() ? encodeURIComponent(attack) : '%ed%a0%80')

function inPath(url: string, place: number, attack: string): string {
  const [path, query] = url.split('?') as [string, string?]
  const parts = path.split('/')
  // `/api` and the route's first word stay, else no route would be reached.
  const at = 3 + (place % Math.max(1, parts.length - 3))
  if (at >= parts.length) return url
  parts[at] = asPart(attack).slice(0, 1500)
  return parts.join('/') + (query === undefined ? '' : `?${query}`)
}
function inQuery(url: string, { kind, place, attack, odd, key }: Mutation): string {
  const [path, query = ''] = url.split('?') as [string, string?]
  const pairs = query.split('&').filter(Boolean)
  const value = asPart(place % 3 ? attack : (JSON.stringify(odd) ?? '')).slice(0, 4000)
  if (kind === 'twiceQuery') pairs.push(...(pairs.length ? [pairs[place % pairs.length]!] : [`${key}=1`, `${key}=2`]))
  else if (pairs.length && kind === 'query') pairs[place % pairs.length] = `${pairs[place % pairs.length]!.split('=')[0]}=${value}`
  else pairs.push(`${key}=${value}`)
  return `${path}?${pairs.join('&')}`
}
