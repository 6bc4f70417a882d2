import { PlusOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { ViewportPortal } from '@xyflow/react'
import { Fragment, memo, useMemo } from 'react'
import { useWorld } from './context.ts'
import { useIsTarget, type DropTarget } from './drop-target.ts'
import type { Light } from './lit.ts'
import type { Layout, Line } from './layout.ts'
import { SideWords } from './side-words.tsx'
import { stepsOf, type DrawnStep, type Slot } from './tree.ts'

interface Props {
  layout: Layout
  target: DropTarget
  lit: ReadonlyMap<string, Light> | null
  onInsert: (slot: Slot, at: DOMRect) => void
}
/** The ways between the steps: lines, what a side of a branching means, and where something can be inserted. */
export const Lines = memo(function Lines({ layout, target, lit, onInsert }: Props) {
  const { definition, select, resource } = useWorld()
  const steps = useMemo(() => new Map(stepsOf(definition).map(({ path, step }) => [path, step])), [definition])
  const isLit = (line: Line) => lit !== null && ends(line).every((path) => path === null || lit.has(path))
  return (
    <ViewportPortal>
      <svg className="x-flow-lines" aria-hidden>
        {layout.lines.map((line) => (
          <path key={line.id} d={rounded(line.points)} className={isLit(line) ? 'lit' : ''} />
        ))}
      </svg>
      {layout.lines.map((line) => (
        <Fragment key={line.id}>
          {line.side && line.said && steps.has(line.side.path) && (
            <Said
              step={steps.get(line.side.path)!}
              path={line.side.path}
              side={line.side.side}
              resource={resource}
              x={line.said.x}
              y={line.said.y}
              onOpen={select}
            />
          )}
          <Plus line={line} target={target} onInsert={onInsert} />
        </Fragment>
      ))}
    </ViewportPortal>
  )
})
/** The steps at both ends of a line; null for the beginning and the end of all. */
const ends = ({ from, to }: Line) => [from, to].map((id) => (id === 'start' || id === 'end' ? null : id.replace(/\.join$/, '')))

/** Corners a little round. */
function rounded(points: readonly { x: number; y: number }[]): string {
  const bend = 8
  return points
    .map((here, at) => {
      const [before, after] = [points[at - 1], points[at + 1]]
      if (!before || !after) return `${at ? 'L' : 'M'}${here.x},${here.y}`
      const towards = (there: { x: number; y: number }) => {
        const far = Math.hypot(there.x - here.x, there.y - here.y) || 1
        const part = Math.min(bend, far / 2) / far
        return `${here.x + (there.x - here.x) * part},${here.y + (there.y - here.y) * part}`
      }
      return `L${towards(before)}Q${here.x},${here.y} ${towards(after)}`
    })
    .join('')
}

interface PlusProps {
  line: Line
  target: DropTarget
  onInsert: Props['onInsert']
}
const Plus = memo(function Plus({ line, target, onInsert }: PlusProps) {
  const isTarget = useIsTarget(target, line.id)
  return (
    <button
      type="button"
      className={`x-flow-plus nodrag nopan ${isTarget ? 'target' : ''}`}
      style={{ transform: `translate(${line.plus.x - 12}px, ${line.plus.y - 12}px)` }}
      data-slot={line.id}
      aria-label="在此插入步骤"
      tabIndex={-1}
      onClick={(event) => onInsert(line.slot, event.currentTarget.getBoundingClientRect())}
    >
      {isTarget ? '放在这里' : <PlusOutlined />}
    </button>
  )
})

/** The sentence that a side of a branching means. */
const Said = memo(function Said({ step, path, side, resource, x, y, onOpen }: SaidProps) {
  return (
    <button
      type="button"
      className="x-flow-said nodrag nopan"
      style={{ transform: `translate(${x - 112}px, ${y - 20}px)` }}
      tabIndex={-1}
      onClick={() => onOpen(path)}
    >
      <span>
        <SideWords step={step} side={side} resource={resource} />
      </span>
    </button>
  )
})
interface SaidProps extends Record<'x' | 'y', number> {
  step: DrawnStep
  path: string
  side: string
  resource: ClientResource
  onOpen: (path: string) => void
}
