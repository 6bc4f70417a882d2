import { useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { api } from '../api/client.ts'

/** Which field of which record type is being filled in: for what has been written there before. */
export const FieldPlace = createContext<{ resource: string; key: string } | null>(null)

const nothing: readonly string[] = []
/** Words that colleagues have used in this field, the most used first. */
export function useUsedValues(): readonly string[] {
  const place = use(FieldPlace)
  const asked = useQuery({
    queryKey: ['used', place?.resource, place?.key],
    queryFn: ({ signal }) => api.get<{ values: string[] }>(`/api/records/${place!.resource}/used/${place!.key}`, {}, signal),
    enabled: place !== null,
    staleTime: 60_000,
    retry: false,
  })
  return asked.data?.values ?? nothing
}
