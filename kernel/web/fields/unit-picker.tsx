import { TreeSelect } from 'antd'
import { useMemo } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import type { Catalog } from '../definitions/catalog.ts'

interface CommonProps {
  /** Only units of these kinds can be chosen; the others lead to them. */
  kinds?: readonly string[] | undefined
  id?: string | undefined
  placeholder?: string | undefined
  isInvalid?: boolean | undefined
  isDisabled?: boolean | undefined
  onBlur?: (() => void) | undefined
}
interface Node {
  value: string
  title: string
  /** With the names above it, so that a search for 外科 finds what stands below. */
  path: string
  selectable: boolean
  children: Node[]
}
function treeOf(catalog: Catalog, parent: string | null, kinds: readonly string[] | undefined): Node[] {
  return (catalog.unitChildren.get(parent) ?? []).flatMap((unit) => {
    const children = treeOf(catalog, unit.id, kinds)
    const selectable = !kinds || kinds.includes(unit.kind)
    if (!selectable && children.length === 0) return []
    return [{ value: unit.id, title: unit.name, path: catalog.unitPath(unit.id), selectable, children }]
  })
}
export function useUnitTree(kinds?: readonly string[]): Node[] {
  const catalog = useCatalog()
  return useMemo(() => treeOf(catalog, null, kinds), [catalog, kinds])
}

export function UnitPicker({
  value,
  onChange,
  kinds,
  ...view
}: CommonProps & { value: string | null; onChange: (id: string | null) => void }) {
  return <Tree {...view} tree={useUnitTree(kinds)} value={value} onPick={(id) => onChange((id as string | undefined) ?? null)} />
}
export function UnitsPicker({
  value,
  onChange,
  kinds,
  ...view
}: CommonProps & { value: readonly string[]; onChange: (ids: string[]) => void }) {
  return (
    <Tree {...view} tree={useUnitTree(kinds)} isMany value={[...value]} onPick={(ids) => onChange((ids as string[] | undefined) ?? [])} />
  )
}

interface TreeProps extends Omit<CommonProps, 'kinds'> {
  tree: Node[]
  isMany?: boolean
  value: string | null | string[]
  onPick: (picked: unknown) => void
}
function Tree({ tree, isMany = false, value, onPick, ...view }: TreeProps) {
  return (
    <TreeSelect
      id={view.id}
      multiple={isMany}
      value={value}
      treeData={tree}
      // A large hospital's tree opens to its campuses.
      treeDefaultExpandedKeys={tree.map((node) => node.value)}
      showSearch={{ treeNodeFilterProp: 'path' }}
      allowClear
      maxTagCount="responsive"
      placeholder={view.placeholder ?? '请选择科室'}
      status={view.isInvalid ? 'error' : ''}
      disabled={view.isDisabled ?? false}
      style={{ width: '100%' }}
      popupMatchSelectWidth={320}
      onChange={onPick}
      onBlur={view.onBlur}
    />
  )
}
