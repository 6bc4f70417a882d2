import { resourceOfBlock, type BlockAnswer, type DataBlock, type PageAsk, type PageItem, type ShownPage } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { isSlow, useLate } from '../answers/use-late.ts'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'

export const pagesKey = ['pages'] as const
/** The pages that are for this reader. */
export const usePages = () =>
  useQuery({
    queryKey: [...pagesKey, 'list'],
    queryFn: async ({ signal }) => (await api.get<{ pages: PageItem[] }>('/api/pages', {}, signal)).pages,
    staleTime: 60_000,
  })
export const usePage = (name: string) =>
  useQuery({
    queryKey: [...pagesKey, 'shown', name],
    queryFn: ({ signal }) => api.get<ShownPage>(`/api/pages/${encodeURIComponent(name)}`, {}, signal),
  })

interface Reading {
  /** Seconds after which it is read anew by itself. */
  refresh?: number | null
  /** Only what the background has brought. */
  isKept?: boolean
}
/** What a block shows. Read anew when records of its type change, as lists are; where it lies on the page is nothing to its figures. What is too slow to wait for comes from the background. */
export function useBlock(block: DataBlock, asks: readonly PageAsk[], { refresh = null, isKept = false }: Reading = {}) {
  const { place: _place, phone: _phone, ...asked } = block
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...keys.list(resourceOfBlock(block)), 'block', asked, asks],
    queryFn: () => api.post<BlockAnswer>('/api/pages/run', { block, asks }),
    placeholderData: keepPreviousData,
    retry: false,
    // What was too slow once is not asked again and again by itself.
    enabled: ({ state }) => !isKept && !isSlow(state.error),
    ...(refresh === null ? {} : { refetchInterval: refresh * 1000 }),
  })
  const late = useLate<BlockAnswer>({ kind: 'block', block, asks }, isKept || (data === undefined && isSlow(error)))
  return { data: data ?? late.data, error, isFetching, refetch, late }
}
