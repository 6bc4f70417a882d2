import type { BlockAnswer, ChartBlock, ListBlock, PageAsk, PageItem, ShownPage } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
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

export type DataBlock = ChartBlock | ListBlock
const resourceOf = (block: DataBlock): string => (block.kind === 'chart' ? block.chart.resource : block.resource)
/** What a block shows. Read anew when records of its type change, as lists are; where it lies on the page is nothing to its figures. */
export function useBlock(block: DataBlock, asks: readonly PageAsk[], refresh: number | null = null) {
  const { place: _place, phone: _phone, ...asked } = block
  return useQuery({
    queryKey: [...keys.list(resourceOf(block)), 'block', asked, asks],
    queryFn: () => api.post<BlockAnswer>('/api/pages/run', { block, asks }),
    placeholderData: keepPreviousData,
    retry: false,
    ...(refresh === null ? {} : { refetchInterval: refresh * 1000 }),
  })
}
