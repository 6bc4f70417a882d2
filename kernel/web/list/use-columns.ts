import type { ClientResource } from '#model'
import { useMemo } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import type { Found } from '../definitions/catalog.ts'
import { useStored } from '../shell/use-stored.ts'

export type Density = 'tight' | 'normal' | 'loose'
interface Liking {
  paths?: string[]
  widths?: Record<string, number>
  density?: Density
}
interface Held {
  /** Columns that a view or the address names; empty: as this person likes them. */
  paths: readonly string[]
  /** Where a change goes while a kept view is shown: that view is changed, not the person's liking. */
  set?: ((paths: string[]) => void) | undefined
}
/** Columns in their order: as the view says, else as this person arranged them. */
export function useColumns(resource: ClientResource, only?: readonly string[], held?: Held) {
  const catalog = useCatalog()
  const [liking, setLiking] = useStored<Liking>(`columns.${resource.name}`, {})
  const initial = useMemo(() => {
    if (only) return only
    const { columns } = resource.list
    const shown = columns.length
      ? columns
      : [
          resource.title,
          ...Object.keys(resource.fields)
            .filter((key) => key !== resource.title)
            .slice(0, 5),
        ]
    return resource.approval && !shown.includes('state') ? [...shown, 'state'] : shown
  }, [resource, only])
  const named = held?.paths.length ? held.paths : undefined
  const columns = useMemo<Found[]>(
    () => (named ?? (only ? undefined : liking.paths) ?? initial).flatMap((path) => catalog.find(resource, path) ?? []),
    [named, liking.paths, initial, catalog, resource, only],
  )
  return {
    columns,
    widths: liking.widths ?? {},
    density: liking.density ?? 'normal',
    isArranged: named !== undefined || liking.paths !== undefined,
    setPaths: (paths: string[] | undefined) => {
      if (held?.set && (named || paths)) return held.set(paths ?? [])
      const { paths: _, ...rest } = liking
      setLiking(paths ? { ...rest, paths } : rest)
    },
    setWidth: (path: string, width: number) => setLiking({ ...liking, widths: { ...liking.widths, [path]: width } }),
    setDensity: (density: Density) => setLiking({ ...liking, density }),
  }
}
export type Columns = ReturnType<typeof useColumns>
