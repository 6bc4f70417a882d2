import type { ExportJob } from '#model'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'

export const exportsKey = ['exports'] as const
export const isOpen = ({ state }: Pick<ExportJob, 'state'>): boolean => state === 'waiting' || state === 'running'

/** My exports, of one type or all; asked again while one is at work. */
export function useExports(resource?: string, enabled = true) {
  return useQuery({
    queryKey: [...exportsKey, resource ?? ''],
    queryFn: async ({ signal }) => (await api.get<{ jobs: ExportJob[] }>('/api/exports', { resource }, signal)).jobs,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? 1000 : false),
    enabled,
  })
}
export function useCancelExport() {
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: (id: string) => api.post<ExportJob>(`/api/exports/${id}/cancel`),
    onError: (error: unknown) => void message.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: exportsKey }),
  })
}

// Those whose end this page has waited for: their result stays in sight until it is put away.
let followed: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()
const change = (next: ReadonlySet<string>) => {
  followed = next
  for (const listener of listeners) listener()
}
export const follow = (id: string): void => {
  if (!followed.has(id)) change(new Set([...followed, id]))
}
export const putAway = (id: string): void => change(new Set([...followed].filter((one) => one !== id)))
export const useFollowed = (): ReadonlySet<string> =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => followed,
  )
