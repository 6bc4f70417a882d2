import { all, any, is, where, type Filter } from '#model'

/** Beds that are there today. */
export const openNow: Filter = all(
  any(where('from', 'empty'), where('from', 'lte', { today: 0 })),
  any(where('to', 'empty'), where('to', 'gte', { today: 0 })),
)

/** GET /api/organisation/beds: the beds that the reader may see and that are open on the day. Wards, specialities and rooms by their place in the lists. */
export interface BedMap {
  day: string
  /** The newest word on any of them; null where none has come. */
  heardAt: string | null
  units: BedUnit[]
  rooms: BedRoom[]
  beds: BedSpot[]
}
export interface BedUnit {
  id: string
  name: string
}
export interface BedRoom {
  number: string
  kind: string
}
export interface BedSpot {
  id: string
  number: string
  ward: number
  speciality: number | null
  room: number | null
  kind: string
  opening: string
  status: string
  condition: string
}

/** By what beds are counted, and the field of the list that says it. Beds of no room stand under ''. */
export const dimensions = { status: 'status', opening: 'opening', kind: 'kind', room: 'room.kind', condition: 'condition' } as const
export type Dimension = keyof typeof dimensions
export const dimensionKeys = Object.keys(dimensions) as Dimension[]
/** A value's words, in their order. */
export type Words = Readonly<Record<string, string>>
/** What is asked of each dimension; nothing where it is not named. */
export type BedFilter = Partial<Record<Dimension, string>>

export const valueOf = (map: BedMap, spot: BedSpot, by: Dimension): string =>
  by === 'room' ? (spot.room === null ? '' : map.rooms[spot.room]!.kind) : spot[by]
export const passes = (map: BedMap, spot: BedSpot, filter: BedFilter, but?: Dimension): boolean =>
  dimensionKeys.every((by) => by === but || filter[by] === undefined || valueOf(map, spot, by) === filter[by])

export interface Figure {
  value: string
  label: string
  count: number
  /** Of all that are counted, in per cent. */
  share: number
}
/** How many of each value, of those that pass what is asked of the other dimensions. */
export function figuresOf(map: BedMap, spots: readonly BedSpot[], by: Dimension, words: Words, filter: BedFilter = {}): Figure[] {
  const counts = new Map(Object.keys(words).map((value) => [value, 0]))
  let all = 0
  for (const spot of spots) {
    if (!passes(map, spot, filter, by)) continue
    const value = valueOf(map, spot, by)
    counts.set(value, (counts.get(value) ?? 0) + 1)
    all++
  }
  return [...counts].map(([value, count]) => ({
    value,
    label: words[value] ?? value,
    count,
    share: all ? Math.round((count * 100) / all) : 0,
  }))
}

export const groupings = { ward: '按病区', speciality: '按专科' } as const
export type Grouping = keyof typeof groupings
/** The beds of each ward or speciality, in the order of the units; those of none come last, under null. */
export function groupsOf(map: BedMap, spots: readonly BedSpot[], by: Grouping): { unit: BedUnit | null; spots: BedSpot[] }[] {
  const groups = Map.groupBy(spots, (spot) => spot[by])
  const none = groups.get(null)
  const found = map.units.flatMap((unit, at) => {
    const own = groups.get(at)
    return own ? [{ unit, spots: own }] : []
  })
  return none ? [...found, { unit: null, spots: none }] : found
}
/** The rooms of some beds in the order of their numbers, each with its own; those of no room last. */
export function roomsOf(map: BedMap, spots: readonly BedSpot[]): { room: BedRoom | null; ward: BedUnit; spots: BedSpot[] }[] {
  const byNumber = (a: string, b: string) => a.localeCompare(b, 'zh-CN', { numeric: true })
  return [...Map.groupBy(spots, ({ ward, room }) => `${ward} ${room ?? ''}`).values()]
    .map((own) => ({
      room: own[0]!.room === null ? null : map.rooms[own[0]!.room]!,
      at: own[0]!.ward,
      ward: map.units[own[0]!.ward]!,
      spots: own.toSorted((a, b) => byNumber(a.number, b.number)),
    }))
    .sort((a, b) => a.at - b.at || Number(!a.room) - Number(!b.room) || byNumber(a.room?.number ?? '', b.room?.number ?? ''))
}

/** The list behind a figure: the same beds, as a filter; of one unit where it is named, null for what belongs to none. */
export const listFilter = (of: { by: Grouping; unit: string | null | undefined }, filter: BedFilter): Filter =>
  all(
    openNow,
    ...(of.unit === undefined ? [] : [of.unit === null ? where(of.by, 'empty') : is(of.by, of.unit)]),
    ...dimensionKeys.flatMap((by) => {
      const value = filter[by]
      return value === undefined ? [] : value === '' ? [where('room', 'empty')] : [is(dimensions[by], value)]
    }),
  )
