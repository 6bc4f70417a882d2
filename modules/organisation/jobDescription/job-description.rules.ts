/** A description as it stands today, with the edition that is to be read. */
export interface Description {
  id: string
  name: string
  post: string
  unit: string | null
  /** From which day its words hold. */
  edition: string
  /** When they were written down: who has read before has read others. */
  notedAt: string
}
export interface Held {
  post: string
  unit: string
}
/** A post of somebody's own, and what is written of it. GET /api/organisation/jobs */
export interface OwnJob extends Held {
  unitName: string
  description: string | null
  edition: string | null
  /** When he confirmed this edition. */
  readAt: string | null
}
/** GET /api/organisation/jobs/:id: who holds what the description describes. */
export interface Holders {
  edition: string
  people: { person: string; name: string; unitName: string; readAt: string | null }[]
}

/** Which of them describes a post: that of its unit, else of the nearest one above, else the hospital's. `path`: the unit and all above it, nearest first. */
export function descriptionOf<D extends Pick<Description, 'post' | 'unit'>>(descriptions: readonly D[], post: string, path: readonly string[]): D | null {
  const fitting = descriptions.filter((one) => one.post === post)
  for (const unit of path) {
    const own = fitting.find((one) => one.unit === unit)
    if (own) return own
  }
  return fitting.find(({ unit }) => unit === null) ?? null
} // prettier-ignore
