import type { TalkAnswer, TalkExcerpt, TalkFound, TalkList, TalkMessage, TalkPage } from '#model'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type Query } from '../api/client.ts'
import { keys } from '../api/keys.ts'

export const talkKeys = {
  all: ['talks'],
  lists: ['talks', 'list'],
  one: (id: string) => ['talks', 'one', id],
  messages: (id: string) => ['talks', 'messages', id],
  found: (wanted: Wanted) => ['talks', 'found', wanted],
  excerpts: (record: string) => ['talks', 'excerpts', record],
}
/** With whom, about what, of which unit. */
export type Wanted = { direct: string } | { resource: string; record: string } | { unit: string }

/** The stream says that something was said or changed in these conversations: what it is the page asks as always. */
export function heardOfTalks(client: QueryClient, talks: readonly string[]): void {
  void client.invalidateQueries({ queryKey: talkKeys.lists })
  for (const id of talks) for (const queryKey of [talkKeys.one(id), talkKeys.messages(id)]) void client.invalidateQueries({ queryKey })
  // One that was only looked for may have begun.
  void client.invalidateQueries({ queryKey: ['talks', 'found'], predicate: ({ state }) => !(state.data as TalkFound | undefined)?.talk })
}

/** The same of a record that stands open, for whoever only looks. */
export function heardBeside(client: QueryClient, wanted: Wanted): void {
  const found = client.getQueryData<TalkFound>(talkKeys.found(wanted))
  if (found?.talk) heardOfTalks(client, [found.talk.id])
  else void client.invalidateQueries({ queryKey: talkKeys.found(wanted) })
}

export function useTalks(q: string) {
  return useInfiniteQuery({
    queryKey: [...talkKeys.lists, q],
    queryFn: ({ pageParam, signal }) => api.get<TalkList>('/api/talks', { q, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
}
export function useTalk(id: string | undefined) {
  return useQuery({
    queryKey: talkKeys.one(id ?? ''),
    queryFn: ({ signal }) => api.get<TalkAnswer>(`/api/talks/${id}`, {}, signal),
    enabled: id !== undefined,
  })
}
/** The conversation that is wanted, as far as there is one; while there is none it is asked for now and then. */
export function useFound(wanted: Wanted | null) {
  return useQuery({
    queryKey: talkKeys.found(wanted ?? { direct: '' }),
    queryFn: ({ signal }) => api.get<TalkFound>('/api/talks/find', wanted as Query, signal),
    enabled: wanted !== null,
    refetchInterval: (query) => (query.state.data && !query.state.data.talk ? 30_000 : false),
  })
}
export function useExcerpts(resource: string, record: string) {
  return useQuery({
    queryKey: talkKeys.excerpts(record),
    queryFn: ({ signal }) => api.get<{ excerpts: TalkExcerpt[] }>(`/api/excerpts/${resource}/${record}`, {}, signal),
    select: ({ excerpts }) => excerpts,
  })
}

/**
 * What was said, as far as it was asked for. Asking anew brings the latest page, with what was taken back meanwhile, and joins it to what is
 * there; where more was said meanwhile than a page, the latest page takes its place.
 */
export function useTalkMessages(id: string | undefined) {
  const client = useQueryClient()
  const key = talkKeys.messages(id ?? '')
  const path = `/api/talks/${id}/messages`
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const latest = await api.get<TalkPage>(path, {}, signal)
      const known = client.getQueryData<TalkPage>(key)
      // Who looks at an earlier place stays there.
      return known?.hasLater ? known : joined(known, latest)
    },
    enabled: id !== undefined,
  })
  const put = (page: TalkPage) => client.setQueryData<TalkPage>(key, page)
  return {
    ...query,
    async earlier() {
      const known = client.getQueryData<TalkPage>(key)
      const first = known?.rows[0]
      if (!known?.hasEarlier || !first) return
      const page = await api.get<TalkPage>(path, { before: first.n })
      put({ ...known, rows: [...page.rows, ...known.rows], hasEarlier: page.hasEarlier })
    },
    async later() {
      const known = client.getQueryData<TalkPage>(key)
      const last = known?.rows.at(-1)
      if (!known?.hasLater || !last) return
      const page = await api.get<TalkPage>(path, { after: last.n })
      put({ ...known, rows: [...known.rows, ...page.rows], hasLater: page.hasLater })
    },
    around: async (n: number) => void put(await api.get<TalkPage>(path, { around: n })),
    latest: async () => void put(await api.get<TalkPage>(path)),
  }
}
function joined(known: TalkPage | undefined, latest: TalkPage): TalkPage {
  const [first, last] = [latest.rows[0]?.n ?? 0, known?.rows.at(-1)?.n ?? 0]
  if (!known || last + 1 < first) return latest
  const before = known.rows.filter(({ n }) => n < first)
  return { rows: [...before, ...latest.rows], hasEarlier: before.length ? known.hasEarlier : latest.hasEarlier, hasLater: false }
}
/** What one has said oneself is there at once. */
export function addSaid(client: QueryClient, id: string, said: TalkMessage): void {
  client.setQueryData<TalkPage>(talkKeys.messages(id), (known) =>
    known && !known.rows.some(({ n }) => n === said.n) ? { ...known, rows: [...known.rows, said].toSorted((a, b) => a.n - b.n) } : known,
  )
  for (const queryKey of [talkKeys.lists, talkKeys.one(id), keys.counts]) void client.invalidateQueries({ queryKey })
}
