import { both, groupFilter, readGroupKey, type ClientResource, type Filter, type Scalar, type SummaryGroup, type Titles } from '#model'
import { useMe, useRecords } from '../../api/hooks.ts'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { ListAddress } from '../list-address.ts'
import { formatter, marksAsked } from '../formats/formatter.ts'
import { mergedTitles, withTitle } from '../use-list.ts'
import { inOrder } from './group-order.ts'
import { useSummary } from './use-summary.ts'

/** One group of a level: what it is called by, and what lets its records through. */
export interface Group extends Omit<SummaryGroup, 'keys'> {
  key: Scalar | null
  filter: Filter
}
export interface GroupLevel {
  groups: readonly Group[]
  /** How the level is grouped: `from:month`. */
  text: string
  found: Found | null
  titles: Titles
  /** There are more groups than are shown. */
  more: boolean
  isPending: boolean
  error: unknown
  retry: () => void
}
/** The groups of one level (`text`: `from:month`) within `parent`: asked for when they are opened, so that no figure is cut off by the groups of another. */
export function useGroups(resource: ClientResource, { state }: ListAddress, text: string, parent: Filter | null): GroupLevel {
  const catalog = useCatalog()
  const { today } = useMe()
  const read = readGroupKey(text)
  const found = read && catalog.find(resource, read.path)
  const { search, deleted, asOf, totals } = state
  const { data, error, refetch } = useSummary(resource.name, { filter: parent, search, deleted, asOf, group: [text], totals })
  const titles = data?.titles ?? {}
  const groups = read ? inOrder(data?.groups ?? [], found, titles, state.sort) : []
  return {
    groups: groups.map(({ keys: [key = null], count, totals: values }) => {
      return { key, count, totals: values, filter: both(parent, groupFilter(read!, key, found?.field.kind === 'dateTime', today)) }
    }),
    text,
    found,
    titles,
    more: data?.more ?? false,
    isPending: !data && !error,
    error,
    retry: () => void refetch(),
  }
}

/** The records of one group, page by page, once they are to be seen. */
export function useGroupRecords(
  resource: ClientResource,
  { state }: ListAddress,
  columns: readonly Found[],
  filter: Filter,
  isShown = true,
  sort: readonly string[] = state.sort,
) {
  const paths = columns.map(({ path }) => path)
  const asked = {
    filter,
    search: state.search || undefined,
    deleted: state.deleted,
    asOf: state.asOf,
    sort,
    columns: withTitle(resource, paths),
    marks: marksAsked(state.formats),
  }
  const pages = useRecords(resource.name, asked, isShown)
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  return {
    rows,
    titles: mergedTitles(pages.data?.pages.map((page) => page.titles) ?? []),
    format: formatter(state.formats, pages.data?.pages ?? []),
    isFetching: pages.isFetching,
    hasMore: pages.hasNextPage,
    error: pages.error,
    more: () => void (pages.error && rows.length === 0 ? pages.refetch() : pages.fetchNextPage()),
  }
}
