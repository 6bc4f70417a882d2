import '@xyflow/react/dist/base.css'
import { Background, Controls, MiniMap, ReactFlow, useNodesState, useReactFlow, ReactFlowProvider, type Viewport } from '@xyflow/react'
import { Dropdown, type MenuProps } from 'antd'
import { memo, startTransition, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { bounds } from '#kernel/model/flow/definition.ts'
import { stepKindWords } from '#kernel/model/flow/sentences.ts'
import { useMe } from '../../api/hooks.ts'
import { useWorld } from './context.ts'
import { DropTarget } from './drop-target.ts'
import { layOut, nearest, type Layout } from './layout.ts'
import { Lines } from './lines.tsx'
import type { Light } from './lit.ts'
import { Card, stepIcons, type CardNode } from './nodes.tsx'
import { begun, drawable, inserted, mayInsert, mayStand, moved, pathOf, stepOfFault, stepsOf, type Slot, type StepKind } from './tree.ts'
import { useClipboard } from './use-clipboard.ts'
import { cardWords, labelWith } from './words.ts'

interface Props {
  lit: ReadonlyMap<string, Light> | null
  onOpen: () => void
}
/** The definition as it is drawn, from 提交 down to 结束. */
export default function Drawing(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}
const nodeTypes = { card: Card }
/** So many stand on a screen; beyond it a small map helps. */
const large = 20

function Canvas({ lit, onOpen }: Props) {
  const world = useWorld()
  const { definition, edit, select } = world
  const layout = useMemo(() => layOut(definition), [definition])
  const drawn = useCards(layout, lit)
  const [nodes, setNodes, onNodesChange] = useNodesState<CardNode>(drawn)
  useEffect(() => setNodes(drawn), [drawn, setNodes])
  const [target] = useState(() => new DropTarget())
  const [inserting, setInserting] = useState<{ slot: Slot; x: number; y: number } | null>(null)
  const insert = useCallback((slot: Slot, at: DOMRect) => setInserting({ slot, x: at.left + at.width / 2, y: at.bottom }), [])
  const box = useRef<HTMLDivElement>(null)
  useInSight(layout, box)
  const drop = (path: string) => {
    const line = layout.lines.find(({ id }) => id === target.current)
    target.set(null)
    box.current?.classList.remove('dragging')
    const next = line ? moved(definition, path, line.slot) : null
    if (!next || next.flow === definition) return setNodes(drawn)
    // A large flow is drawn anew in small pieces, so that the hand never waits.
    startTransition(() => {
      edit(next.flow)
      select(next.path)
    })
  }
  return (
    <div ref={box} className="x-flow-drawing" onKeyDown={useKeys(onOpen)} role="application" aria-label="流程图">
      <ReactFlow<CardNode>
        nodes={nodes}
        edges={noEdges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onNodeClick={(_, { data }) => (data.role === 'end' ? undefined : (select(data.path), onOpen()))}
        onPaneClick={() => select(null)}
        onNodeDragStart={() => box.current?.classList.add('dragging')}
        onNodeDrag={(_, node) => {
          const centre = { x: node.position.x + (node.width ?? 0) / 2, y: node.position.y + (node.height ?? 0) / 2 }
          const { path, step } = node.data
          const open = step ? layout.lines.filter(({ slot }) => mayStand(slot, step)) : []
          target.set(nearest(open, centre, path ?? '')?.id ?? null)
        }}
        onNodeDragStop={(_, { data }) => data.path !== null && drop(data.path)}
        nodeDragThreshold={6}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={0.15}
        maxZoom={1.6}
        onInit={(view) => void view.setViewport(firstView(layout, box.current))}
        panOnScroll
        zoomOnDoubleClick={false}
        proOptions={noMark}
      >
        <Background gap={20} size={1} color="var(--line)" />
        <Lines layout={layout} target={target} lit={lit} onInsert={insert} />
        <Controls showInteractive={false} fitViewOptions={fit} />
        {layout.boxes.length > large && <MiniMap pannable zoomable ariaLabel="小地图" nodeColor="var(--line-strong)" maskColor="var(--map-shade)" bgColor="var(--surface)" />}
      </ReactFlow>
      {definition.steps.length === 0 && <p className="x-flow-hint">点线上的“+”加入第一个步骤；之后可以拖动、复制和撤销。</p>}
      <InsertMenu at={inserting} onClose={() => setInserting(null)} />
    </div>
  ) // prettier-ignore
}
const noEdges: never[] = []
const noMark = { hideAttribution: true }
const fit = { padding: 0.12, maxZoom: 1, minZoom: 0.5 }

/** At first the whole is seen, or of a large drawing its beginning. */
function firstView({ boxes }: Layout, box: HTMLElement | null): Viewport {
  const { width = 0, height = 0 } = box?.getBoundingClientRect() ?? {}
  const left = Math.min(...boxes.map(({ x }) => x))
  const right = Math.max(...boxes.map((one) => one.x + one.width))
  const bottom = Math.max(...boxes.map((one) => one.y + one.height))
  const zoom = Math.min(1, Math.max(0.5, Math.min((width - 48) / (right - left), (height - 48) / bottom)))
  const isWhole = (right - left) * zoom <= width
  return { x: width / 2 - (isWhole ? ((left + right) / 2) * zoom : 0), y: 24, zoom }
}

/** The step that is chosen is moved into sight. */
function useInSight(layout: Layout, box: RefObject<HTMLDivElement | null>) {
  const { selected } = useWorld()
  const { getViewport, setCenter } = useReactFlow()
  useEffect(() => {
    const card = layout.boxes.find(({ path, kind }) => path !== null && path === selected && kind !== 'join')
    const size = box.current?.getBoundingClientRect()
    if (!card || !size) return
    const { x, y, zoom } = getViewport()
    const [left, top] = [card.x * zoom + x, card.y * zoom + y]
    const isInSight = left >= 0 && top >= 0 && left + card.width * zoom <= size.width && top + (card.height + 40) * zoom <= size.height
    if (!isInSight) void setCenter(card.x + card.width / 2, card.y + card.height / 2, { zoom })
  }, [layout, selected, box, getViewport, setCenter])
}

/** The nodes of the drawing. */
function useCards(layout: Layout, lit: ReadonlyMap<string, Light> | null): CardNode[] {
  const { definition, called, problems, selected } = useWorld()
  const { medicalOffice } = useMe().hospital
  return useMemo(() => {
    const steps = new Map(stepsOf(definition).map(({ path, step }) => [path, step]))
    const faults = Map.groupBy(problems, ({ path }) => stepOfFault(definition, path))
    return layout.boxes.map(({ id, kind, path, x, y, width, height }): CardNode => {
      const step = path === null ? null : (steps.get(path) ?? null)
      const data = {
        path,
        step: kind === 'join' ? null : step,
        label: step ? labelWith(step, medicalOffice) : '',
        lines: step && kind === 'step' ? cardWords(step, called).join('\n') : '',
        faults: kind === 'end' || kind === 'join' ? 0 : (faults.get(path)?.length ?? 0),
        isSelected: kind === 'start' ? selected === null : kind !== 'join' && path !== null && path === selected,
        light: lit ? (path === null ? ('on' as const) : (lit.get(path) ?? ('off' as const))) : null,
        role: kind,
      }
      return { id, type: 'card', position: { x, y }, width, height, draggable: kind === 'step' || kind === 'fork', data }
    })
  }, [layout, definition, called, problems, selected, lit, medicalOffice])
}

/** What can be put in this place. One menu for all places. */
const InsertMenu = memo(function InsertMenu({ at, onClose }: { at: { slot: Slot; x: number; y: number } | null; onClose: () => void }) {
  const { edit, definition, select } = useWorld()
  const { held, paste } = useClipboard()
  if (!at) return null
  const put = (kind: StepKind) => {
    edit(inserted(definition, at.slot, begun(kind, definition)))
    select(pathOf(at.slot))
  }
  const offered = drawable.filter((kind) => mayInsert(definition, at.slot, begun(kind, definition)))
  const items: MenuProps['items'] = [
    ...(offered.length ? [] : [{ key: 'full', label: `步骤已满：最多 ${bounds.steps} 个`, disabled: true }]),
    ...offered.map((kind) => {
      const Icon = stepIcons[kind]
      return { key: kind, label: stepKindWords[kind], icon: <Icon aria-hidden />, onClick: () => put(kind) }
    }),
    ...(held ? [{ type: 'divider' as const }, { key: 'paste', label: `粘贴“${held}”`, onClick: () => paste(at.slot) }] : []),
  ]
  return (
    <Dropdown open autoFocus trigger={['click']} menu={{ items, onClick: onClose }} onOpenChange={(open) => !open && onClose()}>
      <i className="x-flow-anchor" style={{ left: at.x, top: at.y }} />
    </Dropdown>
  )
})

/** The keyboard: arrows from step to step, Enter into its panel, Delete, copy and paste. */
function useKeys(onOpen: () => void) {
  const { definition, selected, select } = useWorld()
  const clipboard = useClipboard()
  return (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.matches('input, textarea, [role=menuitem]')) return
    const paths = stepsOf(definition).map(({ path }) => path)
    const at = selected === null ? -1 : paths.indexOf(selected)
    const go = (to: string | null | undefined) => {
      if (to === undefined) return
      select(to)
      const shown = event.currentTarget.querySelector<HTMLElement>(`[data-path="${to ?? 'start'}"]`)
      shown?.focus()
    }
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(paths[at + 1]),
      ArrowUp: () => go(at > 0 ? paths[at - 1] : null),
      ArrowRight: () => go(besides(paths, selected, 1)),
      ArrowLeft: () => go(besides(paths, selected, -1)),
      Enter: onOpen,
      Delete: clipboard.remove,
      Backspace: clipboard.remove,
    }
    const held: Record<string, () => void> = {
      c: clipboard.copy,
      x: clipboard.cut,
      v: () => clipboard.paste(clipboard.slotBehind()),
    }
    const run = event.ctrlKey || event.metaKey ? held[event.key.toLowerCase()] : keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }
}
/** The first step of the branch beside. */
function besides(paths: readonly string[], selected: string | null, by: 1 | -1): string | undefined {
  if (selected === null) return undefined
  const branch = /^(.*\.branches\.)(\d+)\.\d+$/.exec(selected)
  if (branch) return paths.find((path) => path === `${branch[1]}${Number(branch[2]) + by}.0`)
  const side = /^(.*)\.(then|otherwise)\.\d+$/.exec(selected)
  return side ? paths.find((path) => path === `${side[1]}.${by > 0 ? 'otherwise' : 'then'}.0`) : undefined
}
