import { amongOf, type Field, type Filter, type TreeAnswer } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { LevelNode } from '../phone/level-sheet.tsx'

/** The records of a tree, as a tree: units are known to the page, others are asked for. */
export function useTree(field: Field<'tree'>): LevelNode[] {
  const { target, parent } = field.options
  const catalog = useCatalog()
  const isUnits = target === 'directory.unit'
  const filter = JSON.stringify(amongOf(field))
  const asked = useQuery({
    queryKey: ['tree', target, parent, filter],
    queryFn: ({ signal }) => api.get<TreeAnswer>(`/api/choices/${target}/tree/${parent}`, filter === 'null' ? {} : { filter }, signal),
    enabled: !isUnits,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  }).data
  return useMemo(() => {
    const fits = catalog.unitsFitting(JSON.parse(filter) as Filter | null)
    const units = () => [...catalog.units.values()].map((u) => ({ id: u.id, title: u.name, parent: u.parent, unfit: !fits(u) }))
    return grown(isUnits ? units() : (asked?.nodes ?? []))
  }, [catalog, asked, isUnits, filter])
}
/** Puts every node below its parent; one whose parent is not there stands at the top. */
function grown(list: TreeAnswer['nodes']): LevelNode[] {
  const nodes = new Map(list.map(({ id, title, unfit }) => [id, { key: id, label: title, unfit, children: [] as LevelNode[] }]))
  const roots: LevelNode[] = []
  for (const { id, parent } of list) (nodes.get(parent ?? '')?.children ?? roots).push(nodes.get(id)!)
  return leading(roots)
}
/** Without the branches in which nothing can be chosen. */
const leading = (nodes: readonly LevelNode[]): LevelNode[] =>
  nodes.flatMap((node) => {
    const children = leading(node.children ?? [])
    return node.unfit && children.length === 0 ? [] : [{ ...node, children }]
  })
/** The nodes on the way to one; empty when it is not there. */
export function wayTo(nodes: readonly LevelNode[], key: string): LevelNode[] {
  for (const node of nodes) {
    if (node.key === key) return [node]
    const below = wayTo(node.children ?? [], key)
    if (below.length) return [node, ...below]
  }
  return []
}
