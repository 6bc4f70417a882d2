import type { ResolvedResource } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'

/** What of the rows of one table holds from a day on. */
export interface Timeline {
  /** Keys, those of extensions among them, in the order of their declaration. */
  readonly fields: readonly string[]
  /** The fields of a row's first and last day. */
  readonly from?: string
  readonly to?: string
}

/** Table owner → its timeline. */
export function timelinesOf(resources: Iterable<ResolvedResource>): ReadonlyMap<string, Timeline> {
  const timelines = new Map<string, Timeline>()
  for (const { table, timeline } of resources) {
    if (!timeline) continue
    const known = timelines.get(table)
    timelines.set(table, { ...known, ...timeline, fields: [...new Set([...(known?.fields ?? []), ...timeline.fields])] })
  }
  return timelines
}

const days = new Set(['date'])
/** A timeline holds plain values of a row's own columns. */
export function proveTimeline(r: ResolvedResource, report: (where: string, what: string) => void): void {
  const { timeline } = r
  if (!timeline) return
  if (r.table !== r.name && (timeline.from ?? timeline.to)) report('timeline', 'first and last day belong to the type that it extends')
  for (const key of [timeline.from, timeline.to])
    if (key !== undefined && !days.has(r.fields[key]?.kind ?? '')) report('timeline', `"${key}" is no day`)
  for (const key of timeline.fields) {
    const field = r.fields[key]
    if (!field) report('timeline', `no field "${key}"`)
    else if (isProtected(field) || field.derived || ['rows', 'formula', 'autoNumber', 'files', 'address'].includes(field.kind))
      report('timeline', `"${key}" cannot hold from a day on`)
  }
}
