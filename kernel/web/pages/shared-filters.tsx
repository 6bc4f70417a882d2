import { isCondition, readFilter, type ClientResource, type Condition, type PageAsk, type PageFilter } from '#model'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { useCatalog } from '../definitions/use-catalog.tsx'
import type { Catalog } from '../definitions/catalog.ts'
import { FilterSentence } from '../list/sentence.tsx'

/** What the reader has set, in the address, so that a link shows the same. */
export function useAsks(filters: readonly PageFilter[]) {
  const [given, setGiven] = useSearchParams()
  const text = given.get('filter')
  const conditions = useMemo(() => readConditions(text, filters), [text, filters])
  const asks = useMemo(
    () =>
      conditions.flatMap(({ field, op, value }): PageAsk[] => {
        const found = filters.find(({ key }) => key === field)
        return found ? [{ paths: found.paths, op, ...(value === undefined ? {} : { value }) }] : []
      }),
    [conditions, filters],
  )
  const set = (next: readonly Condition[]) =>
    setGiven(
      (before) => {
        const after = new URLSearchParams(before)
        if (next.length) after.set('filter', JSON.stringify({ and: next }))
        else after.delete('filter')
        return after
      },
      { replace: true },
    )
  return { asks, conditions, set }
}
function readConditions(text: string | null, filters: readonly PageFilter[]): Condition[] {
  try {
    const read = text === null ? null : readFilter(JSON.parse(text))
    const parts = read && 'and' in read ? read.and : read ? [read] : []
    return parts.filter(isCondition).filter(({ field }) => filters.some(({ key }) => key === field))
  } catch {
    return []
  }
}

/** The shared filters as a record type of their own: conditions over them are made with the sentence of every list. */
export function filterResource(catalog: Catalog, filters: readonly PageFilter[]): ClientResource | null {
  const found = filters.flatMap(({ key, label, resource: name, paths }) => {
    const resource = catalog.resource(name)
    const at = resource && paths[0] ? catalog.find(resource, paths[0]) : null
    return resource && at ? [{ key, resource, field: { ...at.field, label, required: false } }] : []
  })
  const [first] = found
  if (!first) return null
  return {
    ...first.resource,
    // What is found by a path is kept by the type's name: other filters are another type.
    name: `page ${JSON.stringify(filters)}`,
    label: '全部',
    fields: Object.fromEntries(found.map(({ key, field }) => [key, field])),
    list: { columns: [], filters: found.map(({ key }) => key) },
    masked: [],
    groups: [],
    hasNoEnvelope: true,
  }
}
interface Props {
  filters: readonly PageFilter[]
  conditions: readonly Condition[]
  onChange: (conditions: readonly Condition[]) => void
}
export function SharedFilters({ filters, conditions, onChange }: Props) {
  const catalog = useCatalog()
  const resource = useMemo(() => filterResource(catalog, filters), [catalog, filters])
  if (!resource) return null
  return (
    <div className="x-page-filters">
      <FilterSentence
        resource={resource}
        lead={conditions.length ? '只看' : '筛选'}
        filter={conditions.length ? { and: conditions } : null}
        isFlat
        onChange={(filter) => onChange(filter === null ? [] : 'and' in filter ? filter.and.filter(isCondition) : isCondition(filter) ? [filter] : [])}
      />
    </div>
  )
} // prettier-ignore
