import { isObject, kindOfDesign } from '#kernel/model/designs/index.ts'
import type { Definitions } from '#model'
import type { Piece } from '../designs/files.ts'

/** Names of records, alone or with their kind (`person:…`): people, units, whatever else is only of this hospital. */
const isRecord = (text: string): boolean => /^(?:[a-z]+:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
/** Addresses of other systems, which may hold keys. */
const isAddress = (text: string): boolean => /^https?:\/\//i.test(text)
type Path = readonly (string | number)[]

/**
 * A piece without what is only of this hospital: its people and other records, addresses of its systems. What stands alone is emptied, what cannot be empty goes
 * with what holds it. Answers in words what is left out; null content: nothing of it can be given away.
 */
export function leaveOut(defs: Definitions, { kind, name, content }: Pick<Piece, 'kind' | 'name' | 'content'>): { content: unknown; leftOut: string[] } {
  const model = kindOfDesign(kind)
  const isFit = (given: unknown): boolean => {
    try {
      model.read(given)
      return true
    } catch {
      return false
    }
  }
  const counts = { records: 0, addresses: 0 }
  const whole = model.read(content)
  let left = whole
  for (let at = firstOwn(left); at !== null; at = firstOwn(left)) {
    counts[isAddress(valueAt(left, at) as string) ? 'addresses' : 'records']++
    const found = waysWithout(left, at).find(isFit)
    if (found === undefined) return { content: null, leftOut: ['其中指定了本院的人员或记录，不能共享'] }
    left = found
  }
  const said = [
    ...(counts.records ? [`${counts.records} 处指定的人员、科室等本院记录`] : []),
    ...(counts.addresses ? [`${counts.addresses} 处其他系统的地址`] : []),
  ]
  if (said.length === 0) return { content: whole, leftOut: [] }
  const read = model.read(left)
  return { content: read, leftOut: [...said, ...model.words(defs, name, whole, read).slice(0, 8)] }
} // prettier-ignore

/** Where the first text stands that is of this hospital only. */
function firstOwn(value: unknown, at: Path = []): Path | null {
  if (typeof value === 'string') return isRecord(value) || isAddress(value) ? at : null
  const parts = Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : []
  for (const [key, part] of parts) {
    const found = firstOwn(part, [...at, key])
    if (found) return found
  }
  return null
}
const valueAt = (value: unknown, at: Path): unknown =>
  at.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], value)
/** The whole without it, from the smallest loss to the greatest: the text emptied, then each thing that holds it gone. */
function* waysWithout(whole: unknown, at: Path): Generator<unknown> {
  for (let depth = at.length; depth > 0; depth--) {
    const isItem = typeof at[depth - 1] === 'number'
    if (!isItem) yield changed(whole, at.slice(0, depth), null)
    if (!isItem && depth === at.length) yield changed(whole, at, '')
    if (isItem) yield changed(whole, at.slice(0, depth), undefined)
  }
}
/** A copy with another value there; undefined takes an item out of its list. */
function changed(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(whole))
    return rest.length === 0 && value === undefined
      ? whole.filter((_, n) => n !== key)
      : whole.map((part, n): unknown => (n === key ? changed(part, rest, value) : part))
  const from = whole as Record<string, unknown>
  return { ...from, [key]: changed(from[key], rest, value) }
}
