import type { AskedAnswer, AskedItem, CampaignProgress, Filter } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '../api/client.ts'
import { keys } from '../api/keys.ts'

const root = ['campaigns'] as const
/** The list of those asked, filtered. */
export const linesAt = (filter: Filter): string => `/r/campaigns.line?filter=${encodeURIComponent(JSON.stringify(filter))}`
export function useMine() {
  return useQuery({ queryKey: [...root, 'mine'], queryFn: ({ signal }) => api.get<AskedItem[]>('/api/campaigns/mine', {}, signal) })
}
/** What is asked of somebody; nothing where no line is named. */
export function useAsked(line: string | null) {
  return useQuery({
    queryKey: [...root, 'line', line],
    queryFn: ({ signal }) => api.get<AskedAnswer>(`/api/campaigns/lines/${line}`, {}, signal),
    enabled: line !== null,
    retry: false,
  })
}
export function useProgress(id: string) {
  return useQuery({
    queryKey: [...root, 'progress', id],
    queryFn: ({ signal }) => api.get<CampaignProgress>(`/api/campaigns/${id}/progress`, {}, signal),
  })
}
/** What was answered or done changes lists, badges and records. */
export function useForgetCampaigns(): () => void {
  const client = useQueryClient()
  return useCallback(() => {
    for (const queryKey of [root, keys.counts, keys.tasks, ['record'], ['records']]) void client.invalidateQueries({ queryKey })
  }, [client])
}
