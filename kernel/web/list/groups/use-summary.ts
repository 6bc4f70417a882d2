import type { Filter, SummaryAnswer } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { keys } from '../../api/hooks.ts'

export interface SummaryAsk {
  filter: Filter | null
  search: string
  deleted: boolean
  asOf?: string
  group: readonly string[]
  totals: readonly string[]
}
/** Counts and totals of what a list shows, all together or by groups. */
export const useSummary = (resource: string, asked: SummaryAsk) =>
  useQuery({
    queryKey: [...keys.list(resource), 'summary', asked],
    queryFn: ({ signal }) =>
      api.get<SummaryAnswer>(
        `/api/records/${resource}/summary`,
        {
          filter: asked.filter ? JSON.stringify(asked.filter) : undefined,
          search: asked.search,
          deleted: asked.deleted ? 1 : undefined,
          asOf: asked.asOf || undefined,
          group: asked.group.join(','),
          totals: asked.totals.join(','),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
