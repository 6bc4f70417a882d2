import { pinyin, polyphonic } from 'pinyin-pro'
import { halfWidth } from '#model'

const han = /\p{Script=Han}/u
const maxReadings = 16
const maxLength = 2000

/** The text that quick search looks into: each value as written, in full pinyin, and its initials; names of several readings (单, 解, 仇) under each. */
export function searchText(values: readonly unknown[]): string | null {
  const parts: string[] = []
  for (const value of values) {
    if (typeof value !== 'string' || value === '') continue
    const plain = halfWidth(value).toLowerCase()
    parts.push(plain)
    if (!han.test(plain)) continue
    const readings = plain.length <= 6 ? readingsOf(plain) : [pinyin(plain, { toneType: 'none', type: 'array', nonZh: 'consecutive' })]
    for (const syllables of readings) parts.push(syllables.map((s) => s[0] ?? '').join(''), plain.length <= 12 ? syllables.join('') : '')
  }
  const text = [...new Set(parts.filter(Boolean))].join(' ')
  return text === '' ? null : text.slice(0, maxLength)
}

/** Begins the mark of a field; nobody types it. */
export const markLead = '\uE000'
/** The mark that stands before a field's part of the search text: two characters of the private area, out of the field's permanent id. */
export function fieldMark(id: string): string {
  let hash = 0
  for (const char of id) hash = (hash * 31 + char.codePointAt(0)!) % 6000
  return markLead + String.fromCharCode(0xe001 + hash)
}
/** The text of several fields, each behind its mark: so that a reader may be answered by those that are open to him. Too long together, the longest are cut. */
export function markedSearchText(fields: readonly { id: string; value: unknown }[]): string | null {
  const parts = fields.flatMap(({ id, value }) => {
    const text = searchText([typeof value === 'string' ? value.replace(/[\uE000-\uF8FF]/g, '') : value])
    return text === null ? [] : [`${fieldMark(id)}${text}`]
  })
  return parts.length ? cut(parts, maxLength - parts.length + 1).join(' ') : null
}
/** The parts in at most `room` characters: the longest are cut to one length, the others stay whole. */
function cut(parts: readonly string[], room: number): string[] {
  let most = room
  for (const [i, length] of parts
    .map((part) => part.length)
    .sort((a, b) => a - b)
    .entries()) {
    const share = Math.floor(room / (parts.length - i))
    if (length > share) {
      most = share
      break
    }
    room -= length
  }
  return parts.map((part) => part.slice(0, most))
}

function readingsOf(name: string): string[][] {
  const each = polyphonic(name, { toneType: 'none', type: 'array' }).map((readings) => [...new Set(readings)].slice(0, 3))
  const common = pinyin(name, { toneType: 'none', type: 'array' })
  let all: string[][] = [[]]
  for (const readings of each) all = all.flatMap((head) => readings.map((r) => [...head, r])).slice(0, maxReadings)
  return [common, ...all]
}

/** A search as typed, ready to be compared with `searchText`. */
export const searchQuery = (typed: string): string =>
  halfWidth(typed)
    .toLowerCase()
    .replace(/[\uE000-\uF8FF]/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 60)

const mostPairs = 4
const tooCommon = 0.2
/**
 * The pairs by which an index finds a word; what they find is compared with the word itself. Where it is known how common each is (`shares`), the rarest are
 * enough: `ng` and `an` stand in half of all names, and reading where takes longer than it saves.
 */
export function pairsOf(word: string, shares?: ReadonlyMap<string, number>): string[] {
  const letters = [...word]
  const pairs = [...new Set(letters.slice(1).map((letter, i) => letters[i]! + letter))]
  if (!shares || pairs.length <= 2) return pairs
  const shareOf = (pair: string) => shares.get(pair) ?? 0
  const rarest = pairs.sort((a, b) => shareOf(a) - shareOf(b)).slice(0, mostPairs)
  return rarest.filter((pair, i) => i < 2 || shareOf(pair) < tooCommon)
}
