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
  pinned?: string[]
}
interface Held {
  /** Columns that a view or the address names; empty: as this person likes them. */
  paths: readonly string[]
  pinned?: readonly string[]
  /** Where a change goes while a kept view is shown: that view is changed, not the person's liking. */
  set?: ((part: { columns?: string[]; pinned?: string[] }) => void) | undefined
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
  // A view that names columns says also which of them stay; without one the person's liking holds.
  const pinned = useMemo(
    () => [...(named || held?.pinned?.length ? (held?.pinned ?? []) : only ? [] : (liking.pinned ?? []))],
    [named, held?.pinned, only, liking.pinned],
  )
  const columns = useMemo<Found[]>(() => {
    const found = (named ?? (only ? undefined : liking.paths) ?? initial).flatMap((path) => catalog.find(resource, path) ?? [])
    const stays = ({ path }: Found): boolean => pinned.includes(path)
    return [...found.filter(stays), ...found.filter((one) => !stays(one))]
  }, [named, liking.paths, initial, catalog, resource, only, pinned])
  return {
    columns,
    /** Those that stay at the left, in the order of the columns. */
    pinned: columns.flatMap(({ path }) => (pinned.includes(path) ? [path] : [])),
    widths: liking.widths ?? {},
    density: liking.density ?? 'normal',
    isArranged: named !== undefined || liking.paths !== undefined,
    setPaths: (paths: string[] | undefined) => {
      if (held?.set && (named || paths)) return held.set({ columns: paths ?? [] })
      const { paths: _, ...rest } = liking
      setLiking(paths ? { ...rest, paths } : rest)
    },
    setPinned: (next: string[]) => (held?.set ? held.set({ pinned: next }) : setLiking({ ...liking, pinned: next })),
    setWidth: (path: string, width: number) => setLiking({ ...liking, widths: { ...liking.widths, [path]: width } }),
    setDensity: (density: Density) => setLiking({ ...liking, density }),
  }
}
export type Columns = ReturnType<typeof useColumns>
