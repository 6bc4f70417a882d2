import { blockLabels, findName, nameOf, type PaperPlace, type PrintBlock, type PrintType } from '#model'
import { useEffect, useRef, useState, type CSSProperties, type DragEvent, type KeyboardEvent, type PointerEvent } from 'react'
import type { Drawing } from './use-drawing.ts'
import './designer.css'

interface Props {
  drawing: Drawing
  type: PrintType
  /** A kind that is dropped, before this block. */
  onDrop: (what: string, before: string | null) => void
}
const half = (mm: number): number => Math.round(mm * 2) / 2
/** The sheet in millimetres, with rulers: what stands at a place of its own is moved and stretched there, what flows is put in order. */
export function Canvas({ drawing, type, onDrop }: Props) {
  const { paper, blocks, header, footer } = drawing.template
  const frame = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState(700)
  useEffect(() => {
    const watch = new ResizeObserver(() => setRoom(frame.current!.clientWidth))
    watch.observe(frame.current!)
    return () => watch.disconnect()
  }, [])
  const scale = Math.min(6, Math.max(1, (room - 40) / paper.width))
  const [top, right, bottom, left] = paper.margins.map((mm) => mm * scale) as [number, number, number, number]
  const drop = (before: string | null) => (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    onDrop(event.dataTransfer.getData('text/plain'), before)
  }
  const over = (event: DragEvent) => event.preventDefault()
  // Nothing is typed on the sheet: the keys mean the chosen block.
  const remove = ({ key }: KeyboardEvent) => (key === 'Delete' || key === 'Backspace') && drawing.selected && drawing.removeBlock(drawing.selected)
  const [upper, lower] = [header, footer].map(({ left: a, centre, right: b }) => [a, centre, b])
  return (
    <div ref={frame} className="d-frame" onClick={() => drawing.select(null)} onKeyDown={remove} onDragOver={over} onDrop={drop(null)}>
      <div className="d-rulers" style={{ '--mm': `${scale}px` } as CSSProperties}>
        <Ruler length={paper.width} scale={scale} />
        <Ruler length={paper.height} scale={scale} isUpright />
        <div className="d-paper" style={{ width: paper.width * scale, minHeight: paper.height * scale, padding: `${top}px ${right}px ${bottom}px ${left}px` }} data-testid="paper">
          <div className="d-edge" style={{ top: Math.max(4, top * 0.45), left, right }}>{upper!.map((text, at) => <span key={at}>{text}</span>)}</div>
          {blocks.filter(({ at }) => !at).map((block) => (
            <Flowing key={block.id} block={block} drawing={drawing} type={type} scale={scale} onDrop={drop(block.id)} onDragOver={over} />
          ))}
          {blocks.length === 0 && <p className="d-empty">把左边的内容拖到这里，或点一下加入</p>}
          {blocks.filter(({ at }) => at).map((block) => (
            <Placed key={block.id} block={block} drawing={drawing} type={type} scale={scale} />
          ))}
          <div className="d-edge" style={{ bottom: Math.max(4, bottom * 0.45), left, right }}>{lower!.map((text, at) => <span key={at}>{text}</span>)}</div>
        </div>
      </div>
    </div>
  )
} // prettier-ignore
function Ruler({ length, scale, isUpright = false }: { length: number; scale: number; isUpright?: boolean }) {
  const marks = Array.from({ length: Math.floor(length / 10) + 1 }, (_, at) => at * 10)
  return (
    <div
      className={isUpright ? 'd-ruler upright' : 'd-ruler'}
      aria-hidden
      style={isUpright ? { height: length * scale } : { width: length * scale }}
    >
      {marks.map((mm) => (
        <i key={mm} style={isUpright ? { top: mm * scale } : { left: mm * scale }}>
          {mm % 20 === 0 ? mm : ''}
        </i>
      ))}
    </div>
  )
}
interface BlockProps {
  block: PrintBlock
  drawing: Drawing
  type: PrintType
  scale: number
}
const faultOf = ({ faultsOf }: Drawing, { id }: PrintBlock): string => faultsOf(id).map(({ message }) => message).join('；') // prettier-ignore
const classOf = (drawing: Drawing, block: PrintBlock, kind: string): string =>
  `${kind} ${drawing.selected === block.id ? 'chosen' : ''} ${faultOf(drawing, block) ? 'wrong' : ''}`

function Flowing({ block, drawing, type, scale, ...drop }: BlockProps & Pick<React.HTMLAttributes<HTMLElement>, 'onDrop' | 'onDragOver'>) {
  const move = (by: 1 | -1) => {
    const { blocks } = drawing.template
    const flowing = blocks.filter(({ at }) => !at)
    const other = flowing[flowing.indexOf(block) + by]
    if (!other) return
    const next = blocks.map((one) => (one === block ? other : one === other ? block : one))
    drawing.change({ blocks: next })
  }
  return (
    <button
      type="button"
      draggable
      className={classOf(drawing, block, 'd-flow')}
      title={faultOf(drawing, block) || undefined}
      aria-label={nameOf(block)}
      aria-pressed={drawing.selected === block.id}
      onDragStart={(event) => event.dataTransfer.setData('text/plain', `move ${block.id}`)}
      onClick={(event) => {
        event.stopPropagation()
        drawing.select(block.id)
      }}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        move(event.key === 'ArrowUp' ? -1 : 1)
      }}
      {...drop}
    >
      <Face block={block} type={type} scale={scale} />
    </button>
  )
}
function Placed({ block, drawing, type, scale }: BlockProps) {
  const at = block.at!
  const begun = useRef<{ x: number; y: number; place: PaperPlace; isSize: boolean } | null>(null)
  const put = (place: Partial<PaperPlace>) => drawing.changeBlock(block.id, { at: { ...at, ...place } }, 'place')
  const { width, height } = drawing.template.paper
  const within = (value: number, most: number) => half(Math.min(Math.max(0, value), Math.max(0, most)))
  function onDown(event: PointerEvent<HTMLElement>) {
    event.stopPropagation()
    drawing.select(block.id)
    event.currentTarget.setPointerCapture(event.pointerId)
    begun.current = { x: event.clientX, y: event.clientY, place: at, isSize: (event.target as HTMLElement).dataset['size'] !== undefined }
  }
  function onMove({ clientX, clientY }: PointerEvent) {
    const from = begun.current
    if (!from) return
    const [x, y] = [(clientX - from.x) / scale, (clientY - from.y) / scale]
    if (Math.abs(x) + Math.abs(y) < 0.5) return
    if (from.isSize)
      put({ width: Math.max(2, within(from.place.width + x, width - at.x)), height: within(from.place.height + y, height - at.y) })
    else put({ x: within(from.place.x + x, width - at.width), y: within(from.place.y + y, height - at.height) })
  }
  function onKey(event: KeyboardEvent) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!by) return
    event.preventDefault()
    put({ x: within(at.x + by[0]!, width - at.width), y: within(at.y + by[1]!, height - at.height) })
  }
  return (
    <div
      role="button"
      tabIndex={0}
      className={classOf(drawing, block, 'd-placed')}
      title={faultOf(drawing, block) || undefined}
      aria-label={`${nameOf(block)}，左 ${at.x} 上 ${at.y} 毫米`}
      style={{ left: at.x * scale, top: at.y * scale, width: at.width * scale, height: Math.max(at.height * scale, 3) }}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={() => (begun.current = null)}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={onKey}
    >
      <Face block={block} type={type} scale={scale} />
      {drawing.selected === block.id && <i className="d-size" data-size />}
    </div>
  )
}

const point = 25.4 / 72
/** About how a block will look; the preview shows exactly. */
function Face({ block, type, scale }: { block: PrintBlock; type: PrintType; scale: number }) {
  const source = { resources: { get: (name: string) => (name === type.name ? type : type.targets[name]) } }
  const labelOf = (name: string) => findName(source, type.name, name)?.field?.label ?? name
  switch (block.kind) {
    case 'text': {
      const { style, text } = block
      const words = text.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => `〔${labelOf(name)}〕`)
      return <span className="d-text" style={{ fontSize: style.size * point * scale, fontWeight: style.bold ? 700 : 400, textAlign: style.align, color: style.colour, lineHeight: style.leading * 1.2, textIndent: style.isIndented ? '2em' : 0, fontFamily: style.font === 'serif' ? 'serif' : 'inherit' }}>{words || ' '}</span>
    }
    case 'form':
      return <span className="d-grid" style={{ gridTemplateColumns: `repeat(${block.columns}, 1fr)` }}>{block.heading && <b>{block.heading}</b>}{block.fields.map((name) => <em key={name}>{labelOf(name)}</em>)}</span>
    case 'table': {
      const fields = (type.fields[block.rows]?.options as { fields?: Record<string, { label: string }> } | undefined)?.fields ?? {}
      return <span className="d-grid" style={{ gridTemplateColumns: `repeat(${Math.max(1, block.columns.length)}, 1fr)` }}>{block.heading && <b>{block.heading}</b>}{block.columns.map(({ field }) => <em key={field}>{fields[field]?.label ?? field}</em>)}{block.columns.map(({ field }) => <em key={`${field} row`}>…</em>)}</span>
    }
    case 'picture':
    case 'seal':
      return block.image ? <img src={block.image} alt="" draggable={false} style={{ maxHeight: block.height * scale, maxWidth: '100%' }} /> : <span className="d-mark">{nameOf(block)}</span>
    case 'line':
      return <span className="d-line" style={{ borderTop: `${Math.max(1, block.weight * point * scale)}px solid ${block.colour}` }} />
    case 'box':
      return <span className="d-box" style={{ border: `${Math.max(1, block.weight * point * scale)}px solid ${block.colour}` }} />
    case 'space':
      return <span className="d-mark" style={{ height: block.height * scale }}>{blockLabels.space}</span>
    case 'code':
    case 'verify':
      return <span className="d-mark d-code" style={{ height: block.height * scale, width: block.kind === 'verify' || block.symbology === 'qr' ? block.height * scale : '60%' }}>{nameOf(block)}</span>
    default:
      return <span className="d-mark">{nameOf(block)}</span>
  }
} // prettier-ignore
