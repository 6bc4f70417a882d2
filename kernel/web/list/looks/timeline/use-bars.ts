import { both, duringDays, type ApiRecord, type ClientResource, type Day, type Filter, type Look } from '#model'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import type { Found } from '../../../definitions/catalog.ts'
import { daysOf } from '../calendar/calendar-model.ts'

export type TimelineLook = Extract<Look, { kind: 'timeline' }>
export interface BarFields {
  from: Found
  to: Found | null
  by: Found | null
  /** The records whose bars touch these days. */
  during: (filter: Filter | null, first: Day, last: Day) => Filter
  spanOf: (row: ApiRecord) => { from: Day; to: Day | null } | null
  /** What has to be asked for beside the list's own columns. */
  paths: readonly Found[]
}
export function useBarFields(resource: ClientResource, look: TimelineLook): BarFields {
  const catalog = useCatalog()
  const from = catalog.find(resource, look.from)!
  const to = look.to === null ? null : catalog.find(resource, look.to)
  const end = to && { key: to.path }
  return {
    from,
    to,
    by: look.by === null ? null : catalog.find(resource, look.by),
    during: (filter, first, last) => both(filter, duringDays({ key: from.path, kind: from.field.kind }, end, first, last)),
    spanOf: (row) => {
      const begun = daysOf(row[from.path])
      if (!begun || !to) return begun
      const ended = daysOf(row[to.path])
      // What ends before it begins is shown where it begins.
      return { from: begun.from, to: ended && (ended.from < begun.from ? begun.from : ended.from) }
    },
    paths: to ? [from, to] : [from],
  }
}
export const spanText = ({ from, to }: { from: Day; to: Day | null }): string => (from === to ? from : `${from} 至 ${to ?? '今后'}`)
