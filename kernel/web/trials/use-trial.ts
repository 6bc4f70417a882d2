import type { TrialItem } from '#model'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from '../api/client.ts'

export const trialKey = ['trial']
/** What is tried at present, for whoever may know of it; null: nothing. Asked again while it is prepared. */
export function useTrial(): UseQueryResult<TrialItem | null> {
  return useQuery({
    queryKey: trialKey,
    queryFn: async ({ signal }) => (await api.get<{ trial: TrialItem | null }>('/api/trial', {}, signal)).trial,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 800 : false),
    staleTime: 0,
  })
}
/** The space's first page: one piece has its register in front, several the start page. */
export function wayIn({ pieces }: TrialItem): string {
  const [only, ...more] = pieces
  if (!only || more.length) return '/trial/'
  return only.kind === 'type' || only.kind === 'overlay'
    ? `/trial/r/${only.name}`
    : only.kind === 'page'
      ? `/trial/p/${only.name}`
      : '/trial/'
}
