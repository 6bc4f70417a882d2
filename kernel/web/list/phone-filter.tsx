import type { ClientResource, Filter } from '#model'
import { useState } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Sheet } from '../fields/index.ts'
import { ConditionEditor, startOf } from './condition-editor.tsx'
import { ConditionText, FilterWords } from './condition-text.tsx'
import { filterFields } from './filter-fields.ts'
import { operatorsOf, readTree, replaced, writeTree } from './filter-tree.ts'

interface FilterSheetProps {
  resource: ClientResource
  filter: Filter | null
  onChange: (filter: Filter | null) => void
  onClose: () => void
}
/** Conditions field by field; groups of them stand below, to be read and taken away. */
export function FilterSheet({ resource, filter, onChange, onClose }: FilterSheetProps) {
  const catalog = useCatalog()
  const tree = readTree(filter)
  const [open, setOpen] = useState<string | null>(null)
  const quick = resource.list.filters ?? []
  const fields = filterFields(catalog, resource).sort((a, b) => rank(a.path) - rank(b.path))
  function rank(path: string): number {
    const at = quick.indexOf(path)
    return at < 0 ? 99 : at
  }
  return (
    <Sheet title="筛选" isTall onClose={onClose} act={{ label: '完成', run: onClose }}>
      <ul className="x-filter-sheet">
        {fields.map((found) => {
          const at = tree.parts.findIndex((part) => 'field' in part && part.field === found.path)
          const part = tree.parts[at]
          const condition = part && 'field' in part ? part : null
          const set = (next: NonNullable<typeof condition>) =>
            onChange(writeTree({ ...tree, parts: at < 0 ? [...tree.parts, next] : tree.parts.with(at, next) }))
          return (
            <li key={found.path}>
              <button
                type="button"
                className="x-sheet-option"
                aria-expanded={open === found.path}
                onClick={() => setOpen(open === found.path ? null : found.path)}
              >
                <span>{condition ? <ConditionText found={found} condition={condition} /> : found.label}</span>
                <small>{condition ? '' : '不限'}</small>
              </button>
              {open === found.path && (
                <div className="x-filter-sheet-editor">
                  <ConditionEditor
                    resource={resource}
                    mayChangeField={false}
                    condition={condition ?? startOf(found.path, operatorsOf(found.field, found.isMasked))}
                    onChange={set}
                  />
                  {condition && (
                    <button type="button" className="x-link" onClick={() => onChange(writeTree(replaced(tree, [at], null)))}>
                      不限
                    </button>
                  )}
                </div>
              )}
            </li>
          )
        })}
        {tree.parts.map((part, at) =>
          'field' in part ? null : (
            <li key={at} className="x-filter-sheet-group">
              <span>
                <FilterWords resource={resource} part={part} />
              </span>
              <button type="button" className="x-link" onClick={() => onChange(writeTree(replaced(tree, [at], null)))}>
                移除
              </button>
            </li>
          ),
        )}
      </ul>
    </Sheet>
  )
}
