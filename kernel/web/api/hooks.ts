import type {
  ApiRecord,
  ChoicesAnswer,
  CountAnswer,
  FileValue,
  Filter,
  HistoryEntry,
  ListAnswer,
  Me,
  MessageItem,
  RecordAnswer,
  Counts,
  TaskPage,
  TaskView,
  TodoItem,
} from '#model'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api } from './client.ts'
import { connection } from './connection.ts'
import { keys } from './keys.ts'
import { useIsLive } from './live.ts'
import { session } from './session.ts'

export { keys }
export function forgetRecord(client: QueryClient, resource: string, id?: string): void {
  void client.invalidateQueries({ queryKey: keys.list(resource) })
  void client.invalidateQueries({ queryKey: ['choices', resource] })
  if (id) void client.invalidateQueries({ queryKey: keys.record(resource, id) })
}

export function useMe(): Me {
  const me = useSyncExternalStore(session.subscribe, () => session.me)
  if (!me) throw new Error('nobody is signed in')
  return me
}
/** Is the server away, or has it more to do than it can? */
export const useConnection = (): 'well' | 'busy' | 'away' =>
  useSyncExternalStore(connection.subscribe, () => (connection.isDown ? 'away' : connection.isBusy ? 'busy' : 'well'))

export interface ListAsk {
  filter?: Filter | null | undefined
  sort?: readonly string[] | undefined
  search?: string | undefined
  columns?: readonly string[] | undefined
  /** Of which is answered, per record, whether it passes. */
  marks?: readonly Filter[] | undefined
  deleted?: boolean | undefined
  /** As they were on a day; as they stand where it is empty. */
  asOf?: string | undefined
  limit?: number | undefined
}
export const listQuery = ({ filter, sort, search, columns, marks, deleted, asOf, limit }: ListAsk) => ({
  filter: filter ? JSON.stringify(filter) : undefined,
  sort: sort?.join(','),
  search,
  columns: columns?.join(','),
  marks: marks?.length ? JSON.stringify(marks) : undefined,
  deleted: deleted ? 1 : undefined,
  asOf: asOf || undefined,
  limit: limit ?? 50,
})

/** Pages of a list by key; the former rows stay while new ones load. */
export function useRecords(resource: string, asked: ListAsk, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.list(resource), 'pages', asked],
    queryFn: ({ pageParam, signal }) => api.get<ListAnswer>(`/api/records/${resource}`, { ...listQuery(asked), cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled,
  })
}
export function useCount(resource: string, asked: Pick<ListAsk, 'filter' | 'search' | 'deleted' | 'asOf'>, enabled = true) {
  return useQuery({
    queryKey: [...keys.list(resource), 'count', asked],
    queryFn: ({ signal }) => {
      const { filter, search, deleted, asOf } = listQuery(asked)
      return api.get<CountAnswer>(`/api/records/${resource}/count`, { filter, search, deleted, asOf }, signal)
    },
    placeholderData: keepPreviousData,
    enabled,
  })
}
export function useRecord(resource: string, id: string | undefined) {
  return useQuery({
    queryKey: keys.record(resource, id ?? ''),
    queryFn: ({ signal }) => api.get<RecordAnswer>(`/api/records/${resource}/${id}`, {}, signal),
    enabled: id !== undefined,
  })
}
export function useHistory(resource: string, id: string, enabled = true) {
  return useQuery({
    queryKey: [...keys.record(resource, id), 'history'],
    queryFn: ({ signal }) => api.get<HistoryEntry[] | { entries: HistoryEntry[] }>(`/api/records/${resource}/${id}/history`, {}, signal),
    select: (answer) => (Array.isArray(answer) ? answer : answer.entries),
    enabled,
  })
}
export function useChoices(resource: string, search: string, options: { filter?: Filter | null; enabled?: boolean; limit?: number } = {}) {
  return useQuery({
    queryKey: ['choices', resource, search, options.filter ?? null, options.limit ?? 20],
    queryFn: ({ signal }) =>
      api.get<ChoicesAnswer>(
        `/api/choices/${resource}`,
        { search, filter: options.filter ? JSON.stringify(options.filter) : undefined, limit: options.limit ?? 20 },
        signal,
      ),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    staleTime: 30_000,
  })
}
export function useFiles(ids: readonly string[]) {
  return useQuery({
    queryKey: ['files', ...ids],
    queryFn: ({ signal }) => api.get<FileValue[]>('/api/files', { ids: ids.join(',') }, signal),
    placeholderData: keepPreviousData,
    enabled: ids.length > 0,
    staleTime: Infinity,
  })
}

/** One person's work, page by page: what waits for him, what he may claim, what he asked for … */
export function useTasks(view: TaskView = 'open', options: { search?: string } = {}) {
  return useInfiniteQuery({
    queryKey: [...keys.tasks, view, options.search ?? ''],
    queryFn: ({ pageParam, signal }) => api.get<TaskPage>('/api/tasks', { view, search: options.search, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.rows),
    placeholderData: keepPreviousData,
  })
}
/** What a person has to look after beyond approvals: what expires, what is missing. */
export function useTodos() {
  return useQuery({ queryKey: [...keys.tasks, 'todos'], queryFn: ({ signal }) => api.get<TodoItem[]>('/api/todos', {}, signal) })
}
/** One's messages, newest first, page by page. */
export function useMessages({ unread = false, q = '' } = {}) {
  return useInfiniteQuery({
    queryKey: [...keys.messages, { unread, q }],
    queryFn: ({ pageParam, signal }) =>
      api.get<MessageItem[]>('/api/messages', { unread: unread ? 1 : null, q, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.length < messagePage ? null : last.at(-1)!.id),
    select: ({ pages }) => pages.flat(),
  })
}
/** As many as the server sends at once. */
const messagePage = 50
export function useCounts() {
  const isLive = useIsLive()
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => api.get<Counts>('/api/counts', {}, signal),
    // The stream tells what others do; what comes with the time alone is asked for now and then.
    refetchInterval: isLive ? 300_000 : 60_000,
    refetchOnWindowFocus: true,
  })
}
/** Marks messages as read, all or some. */
export function useReadMessages() {
  const client = useQueryClient()
  return async (which: { ids: string[] } | { all: true }) => {
    await api.post('/api/messages/read', which)
    void client.invalidateQueries({ queryKey: keys.messages })
    void client.invalidateQueries({ queryKey: keys.counts })
  }
}
export type { ApiRecord }
