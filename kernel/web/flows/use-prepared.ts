import type { PreparedItem } from '#model'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'

export const preparedKey = ['prepared'] as const
/** What was filled in for me, and what I filled in for others. */
export const usePrepared = () =>
  useQuery({ queryKey: preparedKey, queryFn: ({ signal }) => api.get<PreparedItem[]>('/api/prepared', {}, signal) })
