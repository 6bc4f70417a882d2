import type { Look } from '#model'
import { lazy, Suspense } from 'react'
import { Skeleton } from '../../parts/states.tsx'
import type { Columns } from '../use-columns.ts'
import type { LookProps } from './look-props.ts'

const Board = lazy(() => import('./board/board.tsx'))
const Calendar = lazy(() => import('./calendar/calendar.tsx'))
const Timeline = lazy(() => import('./timeline/timeline.tsx'))
const Tree = lazy(() => import('./tree/tree.tsx'))

/** A kind of view on a desk; each is loaded when it is first looked at. */
export function DeskLook(props: LookProps<Look> & { columns: Columns }) {
  return <Suspense fallback={<Skeleton rows={10} />}>{draw(props)}</Suspense>
}
function draw({ look, ...props }: LookProps<Look> & { columns: Columns }) {
  switch (look.kind) {
    case 'board':
      return <Board {...props} look={look} />
    case 'calendar':
      return <Calendar {...props} look={look} />
    case 'timeline':
      return <Timeline {...props} look={look} />
    case 'tree':
      return <Tree {...props} look={look} />
  }
}
