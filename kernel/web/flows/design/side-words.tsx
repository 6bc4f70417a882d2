import type { ClientResource, Filter } from '#model'
import { Fragment } from 'react'
import { FilterWords } from '../../list/condition-text.tsx'
import { readTree } from '../../list/filter-tree.ts'
import type { DrawnStep } from './tree.ts'

/** What a side of a branching means. */
export function SideWords({ step, side, resource }: { step: DrawnStep; side: string; resource: ClientResource }) {
  if (step.kind === 'when') return side === 'then' ? <Sentence filter={step.condition} resource={resource} /> : <>其余情况</>
  return <>同时办理 {Number(side.split('.')[1]) + 1}</>
}
/** 申请形式 是 提高级别 且 … */
function Sentence({ filter, resource }: { filter: Filter; resource: ClientResource }) {
  const { parts, join } = readTree(filter)
  if (parts.length === 0) return <em>还没有设置条件</em>
  return (
    <>
      {parts.map((part, at) => (
        <Fragment key={at}>
          {at > 0 && (join === 'and' ? ' 且 ' : ' 或 ')}
          <FilterWords resource={resource} part={part} />
        </Fragment>
      ))}
    </>
  )
}
