import type { ApiRecord, ClientResource, Day, DaysAnswer } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../../api/client.ts'
import { keys, listQuery } from '../../../api/hooks.ts'
import type { ListAddress } from '../../list-address.ts'
import { formatter, marksAsked } from '../../formats/formatter.ts'
import { withTitle } from '../../use-list.ts'

interface Asked {
  on: string
  from: Day
  to: Day
  each: number
  columns: readonly string[]
}
/** How many records stand on each of these days, and the first of them. */
export function useDays(resource: ClientResource, { effective, state }: ListAddress, { on, from, to, each, columns }: Asked) {
  const listed = { filter: effective, search: state.search, columns: withTitle(resource, columns), marks: marksAsked(state.formats) }
  const { filter, search, columns: paths, marks } = listQuery(listed)
  const asked = { on, from, to, each, filter, search, columns: paths, marks }
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: [...keys.list(resource.name), 'days', asked],
    queryFn: ({ signal }) => api.get<DaysAnswer>(`/api/records/${resource.name}/days`, asked, signal),
    placeholderData: keepPreviousData,
  })
  return useMemo(() => {
    const rows = new Map<string, ApiRecord>(data?.rows.map((row) => [row.id, row]))
    const days = new Map(data?.days.map((one) => [one.day, one]))
    const rowsOn = (day: Day): ApiRecord[] => days.get(day)?.ids.flatMap((id) => rows.get(id) ?? []) ?? []
    return {
      rows: data?.rows ?? [],
      titles: data?.titles ?? {},
      format: formatter(state.formats, data ? [data] : []),
      countOn: (day: Day): number => days.get(day)?.count ?? 0,
      rowsOn,
      error,
      isPending,
      isFetching,
      retry: () => void refetch(),
    }
  }, [data, error, isPending, isFetching, refetch, state.formats])
}
export type Days = ReturnType<typeof useDays>
