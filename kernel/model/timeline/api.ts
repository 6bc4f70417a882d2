/** What held of a record from a day on until the next stretch begins; values as the reader sees them. */
export interface Stretch {
  /** Null: for all that is known. */
  from: string | null
  values: Record<string, unknown>
  /** The keys whose values differ from the stretch before. */
  changed: string[]
  notedAt: string
  notedBy: string | null
}
export interface TimelineAnswer {
  /** As the days go. */
  stretches: Stretch[]
  titles: Record<string, Record<string, string>>
  /** The keys that have a timeline and that the reader may see. */
  fields: string[]
}
