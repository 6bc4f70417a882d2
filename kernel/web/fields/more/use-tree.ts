import type { Field, TreeAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { LevelNode } from '../phone/level-sheet.tsx'

/** The records of a tree, as a tree: units are known to the page, others are asked for. */
export function useTree(field: Field<'tree'>): LevelNode[] {
  const { target, parent } = field.options
  const catalog = useCatalog()
  const isUnits = target === 'directory.unit'
  const asked = useQuery({
    queryKey: ['tree', target, parent],
    queryFn: ({ signal }) => api.get<TreeAnswer>(`/api/choices/${target}/tree/${parent}`, {}, signal),
    enabled: !isUnits,
    staleTime: 60_000,
  }).data
  return useMemo(() => {
    const nodes = isUnits ? [...catalog.units.values()].map((u) => ({ id: u.id, title: u.name, parent: u.parent })) : (asked?.nodes ?? [])
    return grown(nodes)
  }, [catalog, asked, isUnits])
}
/** Puts every node below its parent; one whose parent is not there stands at the top. */
function grown(list: TreeAnswer['nodes']): LevelNode[] {
  const nodes = new Map(list.map(({ id, title }) => [id, { key: id, label: title, children: [] as LevelNode[] }]))
  const roots: LevelNode[] = []
  for (const { id, parent } of list) (nodes.get(parent ?? '')?.children ?? roots).push(nodes.get(id)!)
  return roots
}
/** The nodes on the way to one; empty when it is not there. */
export function wayTo(nodes: readonly LevelNode[], key: string): LevelNode[] {
  for (const node of nodes) {
    if (node.key === key) return [node]
    const below = wayTo(node.children ?? [], key)
    if (below.length) return [node, ...below]
  }
  return []
}
