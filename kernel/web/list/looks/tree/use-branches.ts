import type { BranchesAnswer, ClientResource } from '#model'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { keys, listQuery } from '../../../api/hooks.ts'
import { formatter, marksAsked } from '../../formats/formatter.ts'
import type { ListAddress } from '../../list-address.ts'
import { mergedTitles, withTitle } from '../../use-list.ts'

/** One level of a tree: what stands directly below a record, or the topmost; page by page. */
export function useBranches(
  resource: ClientResource,
  { effective, state }: ListAddress,
  by: string,
  under: string | null,
  columns: readonly string[],
) {
  const asked = {
    ...listQuery({
      filter: effective,
      search: state.search,
      asOf: state.asOf,
      sort: state.sort,
      columns: withTitle(resource, columns),
      marks: marksAsked(state.formats),
    }),
    by,
    under,
  }
  const pages = useInfiniteQuery({
    queryKey: [...keys.list(resource.name), 'branches', asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<BranchesAnswer>(`/api/records/${resource.name}/branches`, { ...asked, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const list = pages.data?.pages ?? []
  const hits = list.some((page) => page.hits) ? new Set(list.flatMap((page) => page.hits ?? [])) : null
  const below = Object.assign({}, ...list.map((page) => page.below)) as Record<string, number>
  return {
    rows: list.flatMap((page) => page.rows),
    titles: mergedTitles(list.map((page) => page.titles)),
    format: formatter(state.formats, list),
    belowOf: (id: string): number => below[id] ?? 0,
    /** Does it pass what is asked itself, or is it there for those below it? */
    isHit: (id: string): boolean => hits === null || hits.has(id),
    isPending: pages.isPending,
    isFetching: pages.isFetching,
    hasMore: pages.hasNextPage,
    error: pages.error,
    more: () => void (pages.error && list.length === 0 ? pages.refetch() : pages.fetchNextPage()),
  }
}
