import {
  conditionWords,
  kindOf,
  referredBy,
  scalarsOf,
  type ClientResource,
  type Condition,
  type Field,
  type Filter,
  type Scalar,
} from '#model'
import { Fragment } from 'react'
import type { Found } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useDivisions } from '../fields/load-divisions.ts'
import { useTitlesOf } from '../fields/titles.tsx'
import { isGroup, isWhole, type Part } from './filter-tree.ts'

type NameOf = (target: string, id: string) => string
/** Records that one value compared with names. */
const referredIn = (field: Field, value: Scalar) => referredBy(field, kindOf(field).schema(field)['type'] === 'array' ? [value] : value)

/** 院内级别 是 三级 或 四级 */
export function ConditionText({ found, condition }: { found: Found | null; condition: Condition }) {
  useDivisions(found?.field)
  const named = found ? scalarsOf(condition.value).flatMap((one) => referredIn(found.field, one)) : []
  const titles = useTitlesOf(named)
  const nameOf: NameOf = (target, id) => titles[named.findIndex((one) => one.target === target && one.id === id)] ?? '…'
  if (!found) return <>{condition.field}（不可用）</>
  const { field, label } = found
  return <>{conditionWords(label, field, condition, nameOf)}</>
}

/** A group of conditions as it is read: 不满足（级别 是 三级 或 在岗 为空） */
export function FilterWords({ resource, part }: { resource: ClientResource; part: Part }) {
  const catalog = useCatalog()
  if (isWhole(part)) return <>{wholeText(part.whole)}</>
  if (!isGroup(part)) return <ConditionText found={catalog.find(resource, part.field)} condition={part} />
  return (
    <>
      {part.isNegated && '不满足'}（
      {part.parts.map((one, at) => (
        <Fragment key={at}>
          {at > 0 && (part.join === 'and' ? ' 且 ' : ' 或 ')}
          <FilterWords resource={resource} part={one} />
        </Fragment>
      ))}
      ）
    </>
  )
}

/** What cannot be edited in the sentence is at least said. */
export const wholeText = (filter: Filter): string => ('some' in filter ? '明细中有符合条件的行' : '一组条件')
