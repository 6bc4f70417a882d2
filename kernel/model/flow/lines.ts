import type { Entry, EntryId, InstanceState, Line, LineState, Outcome, PastTerms, RowId, Terms, Track, TrackId } from './state.ts'

export const fresh = (): Line => Object.freeze({ state: 'open', terms: {}, past: [] })
/** The line as it comes to a step: undecided, bound by what earlier steps said. */
export const reopened = ({ terms, past, effected }: Line): Line => ({ state: 'open', terms, past, ...(effected ? { effected } : {}) })

/** What a line would be bound to if the given stays had not been. */
export function termsWithout(line: Line, voided: readonly EntryId[]): Pick<Line, 'terms' | 'past'> {
  const past = line.past.filter((one) => !voided.includes(one.entry))
  return { terms: past.at(-1)?.terms ?? {}, past }
}

/** Where a line is settled: the stay, its step, and the act that settles it. */
export interface SettledAt {
  readonly entry: EntryId
  readonly step: string
  readonly by: string
}
/** The line with a step's word on it. */
export function settledLine(line: Line, at: SettledAt, outcome: Outcome): Line {
  const { terms, past, effected } = line
  const kept = { terms, past, ...at, ...(effected ? { effected } : {}) }
  if (outcome.to !== 'passed') return { ...kept, state: outcome.to, reason: outcome.reason }
  return {
    ...kept,
    state: passedAs(outcome.terms),
    terms: outcome.terms,
    past: [...past, { entry: at.entry, terms: outcome.terms, by: at.by }],
  }
}
function passedAs({ narrowTo, supervisedCases }: Terms): LineState {
  return narrowTo !== undefined ? 'narrowed' : supervisedCases ? 'conditional' : 'passed'
}

/** What is undone: the act, the lines on which its word spoke and where, the stays that are open again, those that are void. */
export interface TakenBack {
  readonly undo: string
  readonly word: { readonly entry: EntryId; speaksOn(item: RowId): boolean } | undefined
  readonly stays: readonly Entry[]
  readonly voided: readonly EntryId[]
}
/** The line as it was before an act that is undone: what was settled at the stays without that word stays settled (W13). */
export function takenBackLine(line: Line, id: RowId, { undo, word, stays, voided }: TakenBack): Line {
  const isOpen = (entry: EntryId | undefined): boolean => stays.some((one) => one.id === entry)
  const isTouched = [line.entry, ...line.past.map((one) => one.entry)].some(
    (one) => one !== undefined && (isOpen(one) || voided.includes(one)),
  )
  if (!isTouched || line.splitTo !== undefined) return line
  const isKept = ({ by, entry }: Pick<Line, 'by' | 'entry'>): boolean =>
    by !== undefined && by !== undo && !(entry === word?.entry && word?.speaksOn(id))
  if ((line.state === 'refused' || line.state === 'returned') && isOpen(line.entry) && isKept(line)) return line
  const past = line.past.filter((one) => !voided.includes(one.entry) && (!isOpen(one.entry) || isKept(one)))
  const last: PastTerms | undefined = past.at(-1)
  const open = { ...reopened(line), past, terms: last?.terms ?? {} }
  const stay = stays.find((one) => one.id === last?.entry)
  return last?.by && stay ? { ...open, entry: stay.id, step: stay.step, by: last.by, state: passedAs(last.terms) } : open
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
