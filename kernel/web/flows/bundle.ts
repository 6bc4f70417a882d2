import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { Titles } from '#model'

/** One request that waits to be submitted with others. Its id is the record's from the beginning, so that the others can point at it. */
export interface BundleEntry {
  id: string
  resource: string
  draft: Readonly<Record<string, unknown>>
  /** Who decides later, where the applicant chooses that. */
  chosen?: Readonly<Record<string, readonly string[]>>
  /** How it is called while it is none yet. */
  title: string
  at: string
}
const key = ['bundle'] as const
// Kept like every form that is begun: on the server, sealed, one a person.
const address = '/api/autosave/together'

export interface Bundle {
  entries: readonly BundleEntry[]
  isPending: boolean
  error: unknown
  refetch: () => void
  keep: (entries: readonly BundleEntry[]) => Promise<void>
}
/** What this person is about to submit together. */
export function useBundle(): Bundle {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.get<{ value: { records: BundleEntry[] } | null }>(address, {}, signal)).value?.records ?? [],
  })
  async function keep(entries: readonly BundleEntry[]): Promise<void> {
    await (entries.length ? api.put(address, { value: { records: entries } }) : api.delete(address))
    client.setQueryData(key, entries)
  }
  return {
    entries: query.data ?? [],
    isPending: query.isPending,
    error: query.error,
    refetch: () => void query.refetch(),
    keep,
  }
}
/** What the entries are called, for references to them. */
export const titlesOfBundle = (entries: readonly BundleEntry[]): Titles => {
  const titles: Titles = {}
  for (const { id, resource, title } of entries) (titles[resource] ??= {})[id] = title
  return titles
}
