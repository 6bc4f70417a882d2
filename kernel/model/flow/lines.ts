import type { EntryId, InstanceState, Line, Outcome, RowId, Terms, Track, TrackId } from './state.ts'

export const fresh = (): Line => Object.freeze({ state: 'open', terms: {}, past: [] })
/** The line as it comes to a step: undecided, bound by what earlier steps said. */
export const reopened = ({ terms, past, effected }: Line): Line => ({ state: 'open', terms, past, ...(effected ? { effected } : {}) })

/** What a line would be bound to if the given stays had not been. */
export function termsWithout(line: Line, voided: readonly EntryId[]): Pick<Line, 'terms' | 'past'> {
  const past = line.past.filter((one) => !voided.includes(one.entry))
  return { terms: past.at(-1)?.terms ?? {}, past }
}

/** The line with a step's word on it. */
export function settledLine(line: Line, at: { entry: EntryId; step: string }, outcome: Outcome): Line {
  const { terms, past, effected } = line
  const kept = { terms, past, ...at, ...(effected ? { effected } : {}) }
  if (outcome.to !== 'passed') return { ...kept, state: outcome.to, reason: outcome.reason }
  const { narrowTo, supervisedCases } = outcome.terms
  const state = narrowTo !== undefined ? 'narrowed' : supervisedCases ? 'conditional' : 'passed'
  return { ...kept, state, terms: outcome.terms, past: [...past, { entry: at.entry, terms: outcome.terms satisfies Terms }] }
}

type Change = (line: Line, id: RowId) => Line | undefined
/** The lines changed one by one; undefined takes one out. */
export function mapItems(items: Readonly<Record<RowId, Line>>, change: Change): Record<RowId, Line> {
  const result: Record<RowId, Line> = {}
  for (const id in items) {
    const line = items[id]
    const changed = line && change(line, id)
    if (changed) result[id] = changed
  }
  return result
}
/** Changes the lines of a branch, or of the main way. */
export function mapLines(state: InstanceState, track: TrackId | undefined, change: Change): Partial<InstanceState> {
  if (track === undefined) return { items: mapItems(state.items, change) }
  const found = state.tracks[track]
  return found ? { tracks: { ...state.tracks, [track]: { ...found, items: mapItems(found.items, change) } } } : {}
}
/** Changes every branch; undefined takes one out. */
export function mapTracks(
  tracks: InstanceState['tracks'],
  change: (track: Track, id: TrackId) => Track | undefined,
): Record<TrackId, Track> {
  const result: Record<TrackId, Track> = {}
  for (const [id, track] of Object.entries(tracks)) {
    const changed = change(track, id)
    if (changed) result[id] = changed
  }
  return result
}
