import type { ClientDefinitions, ClientResource } from '#model'
import { useQuery } from '@tanstack/react-query'
import { createContext, use, useMemo, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { Catalog } from './catalog.ts'

const CatalogContext = createContext<Catalog | null>(null)

interface ProviderProps {
  fallback: (retry: { error: unknown; again: () => void } | null) => ReactNode
  children: ReactNode
}
/** Loads the definitions (the browser revalidates by ETag) and keeps them fresh. */
export function CatalogProvider({ fallback, children }: ProviderProps) {
  const query = useQuery({
    queryKey: ['definitions'],
    queryFn: ({ signal }) => api.get<ClientDefinitions>('/api/definitions', {}, signal),
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
    // The same version is the same catalogue: pages need not notice the refetch.
    structuralSharing: (before, after) =>
      (before as ClientDefinitions | undefined)?.version === (after as ClientDefinitions).version ? before : after,
  })
  const catalog = useMemo(() => query.data && new Catalog(query.data), [query.data])
  if (!catalog) return fallback(query.error ? { error: query.error, again: () => void query.refetch() } : null)
  return <CatalogContext value={catalog}>{children}</CatalogContext>
}

/** Within it types are known, too, that this person may read nothing of, as a page was told of them. */
export function CatalogWith({ types, children }: { types: readonly ClientResource[]; children: ReactNode }) {
  const { definitions } = useCatalog()
  const wider = useMemo(() => {
    const told = new Set(types.map(({ name }) => name))
    return new Catalog({ ...definitions, resources: [...definitions.resources.filter(({ name }) => !told.has(name)), ...types] })
  }, [definitions, types])
  return <CatalogContext value={wider}>{children}</CatalogContext>
}

export function useCatalog(): Catalog {
  const catalog = use(CatalogContext)
  if (!catalog) throw new Error('no CatalogProvider above')
  return catalog
}
export function useResource(name: string): ClientResource | undefined {
  return useCatalog().resource(name)
}
