import type { NoticeAnswer, NoticeComments, NoticePage } from '#model'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '../api/client.ts'
import { keys } from '../api/keys.ts'

export const noticeKeys = {
  all: ['notices'],
  one: (id: string) => ['notices', id],
  comments: (id: string) => ['notices', id, 'comments'],
  readers: (id: string) => ['notices', id, 'readers'],
}
export function useNotices(asked: { kind: string; unread: string; q: string }) {
  return useInfiniteQuery({
    queryKey: [...noticeKeys.all, 'list', asked],
    queryFn: ({ pageParam, signal }) => api.get<NoticePage>('/api/notices', { ...asked, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
}
export function useNotice(id: string) {
  return useQuery({ queryKey: noticeKeys.one(id), queryFn: ({ signal }) => api.get<NoticeAnswer>(`/api/notices/${id}`, {}, signal) })
}
export function useComments(id: string) {
  return useInfiniteQuery({
    queryKey: noticeKeys.comments(id),
    queryFn: ({ pageParam, signal }) => api.get<NoticeComments>(`/api/notices/${id}/comments`, { before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
}
/** Says that a notice was read; badges and lists follow. */
export function useNoticeRead(): (id: string) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    async (id) => {
      await api.post(`/api/notices/${id}/read`)
      for (const queryKey of [noticeKeys.all, keys.counts, keys.messages]) void client.invalidateQueries({ queryKey })
    },
    [client],
  )
}
