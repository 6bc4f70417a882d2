import { pageColumns, rowHeight, type PageAsk, type PageBlock, type Place, type ShownBlock } from '#model'
import { memo, useRef, useState, type PointerEvent } from 'react'
import { BlockCard } from '../block-card.tsx'
import { areaOf } from '../page-blocks.tsx'
import { sizeOf, type PaletteKey } from './kinds.tsx'
import { placed, within } from './layout.ts'
import type { PageDesigning } from './use-page-acts.ts'

const gap = 12
const noAsks: readonly PageAsk[] = []
interface Props {
  designing: PageDesigning
  /** The blocks as they are shown: as oneself, or with what a role would be refused. */
  shown: ReadonlyMap<string, ShownBlock>
  /** What is being dragged from the palette. */
  dragged: PaletteKey | null
}
type Grip = { id: string; mode: 'move' | 'size'; startX: number; startY: number; from: Place }
/** The desk of a page: blocks are moved and resized where they lie; the others make room. */
export function Canvas({ designing, shown, dragged }: Props) {
  const { page, selected, select, add, move } = designing
  const board = useRef<HTMLDivElement>(null)
  const [grip, setGrip] = useState<Grip | null>(null)
  // Only when another cell is reached is anything drawn anew.
  const [over, setOver] = useState<Place | null>(null)
  const cell = () => ((board.current?.clientWidth ?? pageColumns) + gap) / pageColumns
  const seek = (next: Place) => {
    const fitted = within(next)
    setOver((before) => (before && sameText(before) === sameText(fitted) ? before : fitted))
  }
  const drag = (event: PointerEvent) => {
    if (!grip) return
    const across = Math.round((event.clientX - grip.startX) / cell())
    const down = Math.round((event.clientY - grip.startY) / (rowHeight + gap))
    const { x, y, w, h } = grip.from
    seek(grip.mode === 'move' ? { x: x + across, y: y + down, w, h } : { x, y, w: Math.min(w + across, pageColumns - x), h: h + down })
  }
  const drop = () => {
    if (grip) select(grip.id)
    if (grip && over && sameText(over) !== sameText(grip.from)) move(grip.id, over)
    setGrip(null)
    setOver(null)
  }
  const take = (event: PointerEvent, block: PageBlock, mode: Grip['mode']) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setGrip({ id: block.id, mode, startX: event.clientX, startY: event.clientY, from: block.place })
  }
  const blocks = grip && over ? placed(page.blocks, grip.id, over) : page.blocks
  return (
    <div
      ref={board}
      className={`x-blocks x-page-canvas ${grip ? 'dragging' : ''}`}
      role="application"
      aria-label="页面画布：方向键移动选中的区块，加 Shift 改变大小"
      tabIndex={0}
      onPointerMove={drag}
      onPointerUp={drop}
      onPointerCancel={drop}
      onClick={(event) => event.target === board.current && select(null)}
      onKeyDown={(event) => {
        const [across, down] = steps[event.key] ?? [0, 0]
        if (!selected || (!across && !down)) return
        event.preventDefault()
        const { x, y, w, h } = selected.place
        move(selected.id, event.shiftKey ? { x, y, w: w + across, h: h + down } : { x: x + across, y: y + down, w, h })
      }}
      onDragOver={(event) => {
        if (!dragged || !board.current) return
        event.preventDefault()
        const { left, top } = board.current.getBoundingClientRect()
        const [w, h] = sizeOf(dragged)
        seek({ x: Math.floor((event.clientX - left) / cell()), y: Math.floor((event.clientY - top) / (rowHeight + gap)), w, h })
      }}
      onDragLeave={(event) => event.target === board.current && setOver(null)}
      onDrop={(event) => {
        event.preventDefault()
        if (dragged && over) add(dragged, over)
        setOver(null)
      }}
    >
      {blocks.map((block) => (
        <div
          key={block.id}
          className={`x-canvas-block ${selected?.id === block.id ? 'selected' : ''} ${grip?.id === block.id ? 'held' : ''}`}
          style={areaOf(block)}
          data-block={block.id}
        >
          <Still block={shown.get(block.id) ?? block} width={block.place.w} height={block.place.h} />
          <div
            className="x-canvas-grip"
            role="button"
            tabIndex={0}
            aria-label={`选中区块 ${block.title || block.id}`}
            aria-pressed={selected?.id === block.id}
            onPointerDown={(event) => take(event, block, 'move')}
            onFocus={(event) => event.currentTarget.matches(':focus-visible') && select(block.id)}
          />
          <div className="x-canvas-corner" title="拖动改变大小" onPointerDown={(event) => take(event, block, 'size')} />
        </div>
      ))}
      {dragged && over && <div className="x-canvas-ghost" style={areaOf({ place: over })} />}
      {page.blocks.length === 0 && !dragged && <p className="x-canvas-none">从左侧把区块拖到这里，或点它添加</p>}
    </div>
  )
}
const steps: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } // prettier-ignore
const sameText = ({ x, y, w, h }: Place): string => `${x},${y},${w},${h}`

/** What a block shows, left alone while blocks are moved: where it lies is its frame's matter. */
const Still = memo(
  ({ block }: { block: ShownBlock; width: number; height: number }) => (
    <div className="x-canvas-still" inert>
      <BlockCard block={block} asks={noAsks} refresh={null} />
    </div>
  ),
  (a, b) => a.width === b.width && a.height === b.height && contentOf(a.block) === contentOf(b.block),
)
const contents = new WeakMap<ShownBlock, string>()
function contentOf(block: ShownBlock): string {
  let known = contents.get(block)
  if (known === undefined) {
    const { place: { h }, phone: _phone, ...content } = block // prettier-ignore
    contents.set(block, (known = `${h} ${JSON.stringify(content)}`))
  }
  return known
}
