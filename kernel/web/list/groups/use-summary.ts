import type { Filter, SummaryAnswer } from '#model'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { keys } from '../../api/hooks.ts'

export interface SummaryAsk {
  filter: Filter | null
  search: string
  deleted: boolean
  group: readonly string[]
  totals: readonly string[]
}
const query = (resource: string, asked: SummaryAsk) => ({
  queryKey: [...keys.list(resource), 'summary', asked],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.get<SummaryAnswer>(
      `/api/records/${resource}/summary`,
      {
        filter: asked.filter ? JSON.stringify(asked.filter) : undefined,
        search: asked.search,
        deleted: asked.deleted ? 1 : undefined,
        group: asked.group.join(','),
        totals: asked.totals.join(','),
      },
      signal,
    ),
  placeholderData: keepPreviousData,
})
/** Counts and totals of what a list shows, all together or by its groups. */
export const useSummary = (resource: string, asked: SummaryAsk, enabled = true) => useQuery({ ...query(resource, asked), enabled })
/** One summary a level: an average over all is no average of averages, so that each level is asked for. */
export const useLevels = (resource: string, asked: SummaryAsk) =>
  useQueries({ queries: asked.group.map((_, at) => query(resource, { ...asked, group: asked.group.slice(0, at + 1) })) })
