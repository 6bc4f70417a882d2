import type { ClientResource, Filter } from '#model'
import type { ReactNode } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { added, groupOf, isGroup, isWhole, otherJoin, readTree, writeTree } from './filter-tree.ts'
import { NewCondition } from './new-condition.tsx'
import { Parts, type Editing } from './sentence-parts.tsx'
import './sentence.css'

interface Props {
  resource: ClientResource
  filter: Filter | null
  onChange: (filter: Filter | null) => void
  /** At the end of the line: how it is sorted. */
  tail?: ReactNode
  /** What it begins with, where it does not say what a list shows. */
  lead?: string
  /** Conditions that all hold, of the quick ones alone: no groups. */
  isFlat?: boolean
}
/** The filter as a sentence whose words are changed by clicking them. */
export function FilterSentence({ resource, filter, onChange, tail, lead, isFlat = false }: Props) {
  const catalog = useCatalog()
  const root = readTree(filter)
  const { parts, join } = root
  const editing: Editing = { resource, root, set: (next) => onChange(writeTree(next)) }
  const used = new Set(
    parts.flatMap((part) => (isGroup(part) ? part.parts : [part])).flatMap((part) => (isGroup(part) || isWhole(part) ? [] : [part.field])),
  )
  const quick = (resource.list.filters ?? []).filter((path) => !used.has(path)).flatMap((path) => catalog.find(resource, path) ?? [])
  return (
    <div className="x-sentence" role="group" aria-label="筛选条件">
      {lead ? (
        <span>{lead}</span>
      ) : (
        <span>
          显示{parts.length ? '' : '全部'} <b>{resource.label}</b>
          {parts.length > 0 && '，其中'}
        </span>
      )}
      <Parts editing={editing} group={root} at={[]} />
      {quick.map((found) => (
        <NewCondition
          key={found.path}
          resource={resource}
          path={found.path}
          label={found.label}
          onAdd={(condition) => editing.set(added(root, [], condition))}
        />
      ))}
      {!isFlat && <NewCondition resource={resource} label="条件" onAdd={(condition) => editing.set(added(root, [], condition))} />}
      {parts.length > 0 && (
        <>
          {!isFlat && (
            <NewCondition
              resource={resource}
              label="组"
              hint="添加一组条件"
              onAdd={(condition) => editing.set(added(root, [], groupOf(otherJoin(join), condition)))}
            />
          )}
          <button type="button" className="x-link x-small" onClick={() => onChange(null)}>
            清除
          </button>
        </>
      )}
      <span className="x-space" />
      {tail}
    </div>
  )
}
