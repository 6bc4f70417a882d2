import { pagePath, type MenuEntry } from '#model'
import { useMemo } from 'react'
import { useMe } from '../api/hooks.ts'
import type { Catalog } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'

export interface MenuItem {
  path: string
  label: string
  icon: string | undefined
  phone: boolean
}
export interface MenuSection {
  label: string
  items: MenuItem[]
}

/** The menu as far as its reader has the rights. The same group of two modules is one. */
export function useMenu(): MenuSection[] {
  const catalog = useCatalog()
  const { rights } = useMe()
  return useMemo(() => {
    const sections = new Map<string, MenuItem[]>()
    for (const { label, entries } of catalog.definitions.menu)
      sections.set(label, [...(sections.get(label) ?? []), ...entries.flatMap((entry) => itemOf(entry, catalog, rights) ?? [])])
    return [...sections].map(([label, items]) => ({ label, items })).filter(({ items }) => items.length > 0)
  }, [catalog, rights])
}

function itemOf(entry: MenuEntry, catalog: Catalog, rights: readonly string[]): MenuItem | null {
  if (entry.kind === 'page')
    return rights.includes(entry.right) ? { path: entry.path, label: entry.label, icon: entry.icon, phone: entry.phone ?? true } : null
  if (entry.kind === 'drawn') return { path: pagePath(entry.name), label: entry.label, icon: entry.icon, phone: true }
  const resource = catalog.resource(entry.resource)
  return resource?.may.read
    ? { path: `/r/${resource.name}`, label: entry.label ?? resource.label, icon: entry.icon ?? 'table', phone: true }
    : null
}
