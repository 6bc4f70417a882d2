import { pageColumns, type PageBlock, type Place } from '#model'

type Placed = Pick<PageBlock, 'id' | 'place'>
const meet = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
const inOrder = <B extends Placed>(blocks: readonly B[]): B[] => blocks.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)
/** Within the columns, and not too small to be seen. */
export const within = ({ x, y, w, h }: Place): Place => {
  const wide = Math.min(Math.max(w, 2), pageColumns)
  return { x: Math.min(Math.max(x, 0), pageColumns - wide), y: Math.max(y, 0), w: wide, h: Math.min(Math.max(h, 1), 40) }
}

/**
 * The blocks with one of them at a place: what lies there makes room downwards, then everything moves up as far as it can. Nothing lies on anything, and
 * nothing changes its columns or its size but the one that was moved.
 */
export function placed<B extends Placed>(blocks: readonly B[], id: string, place: Place): B[] {
  const own = within(place)
  const set = blocks.map((one) => (one.id === id ? { ...one, place: own } : one))
  const fixed = set.find((one) => one.id === id)
  const others = inOrder(set.filter((one) => one.id !== id))
  const settled: B[] = fixed ? [fixed] : []
  for (const one of others) {
    let at = one.place
    for (let hit = settled.find((other) => meet(at, other.place)); hit; hit = settled.find((other) => meet(at, other.place))) at = { ...at, y: hit.place.y + hit.place.h } // prettier-ignore
    settled.push(at === one.place ? one : { ...one, place: at })
  }
  return sameOrder(blocks, risen(settled))
}
/** Everything as far up as it can go. */
export function risen<B extends Placed>(blocks: readonly B[]): B[] {
  const settled: B[] = []
  for (const one of inOrder(blocks)) {
    let y = one.place.y
    while (y > 0 && !settled.some((other) => meet({ ...one.place, y: y - 1 }, other.place))) y--
    settled.push(y === one.place.y ? one : { ...one, place: { ...one.place, y } })
  }
  return settled
}
/** As they were given: moving a block does not make another list of them. */
function sameOrder<B extends Placed>(blocks: readonly B[], moved: readonly B[]): B[] {
  const byId = new Map(moved.map((one) => [one.id, one]))
  return blocks.flatMap((one) => byId.get(one.id) ?? [])
}
/** The first row below everything. */
export const bottomOf = (blocks: readonly Placed[]): number => Math.max(0, ...blocks.map(({ place }) => place.y + place.h))
/** Moves a block among those of the phone, by so many places. */
export function movedOnPhone(blocks: readonly PageBlock[], id: string, by: number): PageBlock[] {
  const shown = blocks.filter(({ phone }) => phone !== null).toSorted((a, b) => a.phone! - b.phone!)
  const at = shown.findIndex((one) => one.id === id)
  const to = Math.min(Math.max(at + by, 0), shown.length - 1)
  const [moved] = shown.splice(at, 1)
  if (moved) shown.splice(to, 0, moved)
  const places = new Map(shown.map((one, n) => [one.id, n]))
  return blocks.map((one) => (one.phone === null ? one : { ...one, phone: places.get(one.id) ?? one.phone }))
}
