import type { ClientUnit, Filter } from '#model'
import { TreeSelect } from 'antd'
import { useMemo } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import type { Catalog } from '../definitions/catalog.ts'

interface CommonProps {
  /** Only units that pass can be chosen; the others lead to them. */
  among?: Filter | null | undefined
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
function treeOf(catalog: Catalog, parent: string | null, fits: (unit: ClientUnit) => boolean): Node[] {
  return (catalog.unitChildren.get(parent) ?? []).flatMap((unit) => {
    const children = treeOf(catalog, unit.id, fits)
    const selectable = fits(unit)
    if (!selectable && children.length === 0) return []
    return [{ value: unit.id, title: unit.name, path: catalog.unitPath(unit.id), selectable, children }]
  })
}
export function useUnitTree(among?: Filter | null): Node[] {
  const catalog = useCatalog()
  const asked = JSON.stringify(among ?? null)
  return useMemo(() => treeOf(catalog, null, catalog.unitsFitting(JSON.parse(asked) as Filter | null)), [catalog, asked])
}

export function UnitPicker({
  value,
  onChange,
  among,
  ...view
}: CommonProps & { value: string | null; onChange: (id: string | null) => void }) {
  return <Tree {...view} tree={useUnitTree(among)} value={value} onPick={(id) => onChange((id as string | undefined) ?? null)} />
}
export function UnitsPicker({
  value,
  onChange,
  among,
  ...view
}: CommonProps & { value: readonly string[]; onChange: (ids: string[]) => void }) {
  return (
    <Tree {...view} tree={useUnitTree(among)} isMany value={[...value]} onPick={(ids) => onChange((ids as string[] | undefined) ?? [])} />
  )
}

interface TreeProps extends Omit<CommonProps, 'among'> {
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
