import type { LibraryAnswer, LibraryHead, LibraryPage, LibraryPlace } from '#model'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { designsKey } from '../studio/use-studio.ts'

export const libraryKey = ['library'] as const
export const useLibraryHead = () =>
  useQuery({ queryKey: [...libraryKey, 'head'], queryFn: ({ signal }) => api.get<LibraryHead>('/api/library/head', {}, signal) })
export const useLibrary = (asked: { place: LibraryPlace; search: string; category: string; status: string }, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: [...libraryKey, 'list', asked],
    queryFn: ({ pageParam, signal }) => api.get<LibraryPage>('/api/library', { ...asked, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    // Nothing of one library is shown as if it were the other's.
    placeholderData: (before, query) =>
      (query?.queryKey[2] as { place?: string } | undefined)?.place === asked.place ? keepPreviousData(before) : undefined,
    enabled,
    retry: false,
  })
/** One form, with what taking it would do here: what is drawn here changes that. */
export const useLibraryForm = (place: LibraryPlace, id: string) =>
  useQuery({
    queryKey: [...libraryKey, 'form', place, id, designsKey[0]],
    queryFn: ({ signal }) => api.get<LibraryAnswer>(`/api/library/${place}/${id}`, {}, signal),
    staleTime: 0,
    retry: false,
  })
/** Under which name people know the other library: its host. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
