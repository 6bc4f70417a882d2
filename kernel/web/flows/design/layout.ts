import { listsIn, type Drawn, type DrawnStep, type Slot } from './tree.ts'

/** Where everything stands: what is drawn between two steps keeps the order in which it is declared, and the same flow always looks the same. */
export interface Box {
  readonly id: string
  readonly kind: 'start' | 'step' | 'fork' | 'join' | 'end'
  readonly path: string | null
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Line {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly slot: Slot
  /** Its corners. */
  readonly points: readonly Point[]
  /** Where something can be inserted. */
  readonly plus: Point
  /** The side of a branching that begins here, and where it is said. */
  readonly side: { readonly path: string; readonly side: string } | null
  readonly said: Point | null
}
interface Point {
  readonly x: number
  readonly y: number
}
export interface Layout {
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}
const card = { width: 264, high: 92, low: 60 }
const pill = { width: 108, height: 32 }
const gap = { line: 56, side: 40, said: 44, join: 28 }
const round = 36

/** Top-down from 提交 to 结束 along one axis, which stays where it is whatever is added; sides of a branching stand beside one another. */
export function layOut(flow: Drawn): Layout {
  const into: Making = { boxes: [], lines: [] }
  const start: Box = { id: 'start', kind: 'start', path: null, x: -pill.width / 2, y: 0, width: pill.width, height: round }
  into.boxes.push(start)
  const open = { from: 'start', x: 0, y: round, side: null }
  const last = placeList(flow.steps, 'steps', 0, open, into)
  const y = last.y + gap.line
  into.boxes.push({ ...start, id: 'end', kind: 'end', y })
  into.lines.push(straight(last, 'end', { list: 'steps', at: flow.steps.length }, y))
  return { boxes: into.boxes, lines: into.lines }
}
interface Making {
  boxes: Box[]
  lines: Line[]
}
/** The end of what has been drawn so far: a line leads on from here. */
interface Open {
  readonly from: string
  readonly x: number
  readonly y: number
  readonly side: Line['side']
  /** The corner at which a side leaves its branching. */
  readonly corner?: Point
}

const widthOf = (steps: readonly DrawnStep[]): number => Math.max(card.width, ...steps.map(stepWidth))
function stepWidth(step: DrawnStep): number {
  const lists = listsIn(step)
  return lists.length ? lists.reduce((sum, { steps }) => sum + widthOf(steps), 0) + gap.side * (lists.length - 1) : card.width
}
const heightOf = (step: DrawnStep): number => ('mode' in step ? card.high : card.low)

function placeList(steps: readonly DrawnStep[], list: string, x: number, open: Open, into: Making): Open {
  return steps.reduce((before, step, at) => {
    const path = `${list}.${at}`
    const y = before.y + (before.side ? gap.said + gap.line : gap.line)
    const slot = { list, at }
    if (listsIn(step).length === 0) {
      const height = heightOf(step)
      into.boxes.push({ id: path, kind: 'step', path, x: x - card.width / 2, y, width: card.width, height })
      into.lines.push(straight(before, path, slot, y))
      return { from: path, x, y: y + height, side: null }
    }
    into.boxes.push({ id: path, kind: 'fork', path, x: x - pill.width / 2, y, width: pill.width, height: pill.height })
    into.lines.push(straight(before, path, slot, y))
    return placeSides(step, path, { x, y: y + pill.height }, into)
  }, open)
}

function placeSides(step: DrawnStep, path: string, from: Point, into: Making): Open {
  const join = `${path}.join`
  let left = from.x - stepWidth(step) / 2
  const ends = listsIn(step).map(({ side, steps }) => {
    const width = widthOf(steps)
    const x = left + width / 2
    left += width + gap.side
    const list = `${path}.${side}`
    const open: Open = { from: path, x, y: from.y, side: { path, side }, corner: { x: from.x, y: from.y } }
    return { end: placeList(steps, list, x, open, into), slot: { list, at: steps.length } }
  })
  const lowest = Math.max(...ends.map(({ end }) => end.y + (end.side ? gap.said + gap.line : gap.line)))
  const y = lowest + gap.join
  for (const { end, slot } of ends) into.lines.push(joining(end, join, slot, { x: from.x, y }))
  into.boxes.push({ id: join, kind: 'join', path, x: from.x - 4, y, width: 8, height: 8 })
  return { from: join, x: from.x, y: y + 8, side: null }
}

/** The corners of a line that leaves a branching: aside at once, then down. */
const leaving = ({ x, y, corner }: Open): Point[] => (corner ? [corner, { x: corner.x, y: y + 14 }, { x, y: y + 14 }] : [{ x, y }])
const saidAt = ({ x, y, side }: Open): Point | null => (side ? { x, y: y + 14 + gap.said / 2 } : null)
const plusAt = ({ x, y, side }: Open): Point => ({ x, y: side ? y + gap.said + gap.line / 2 + 4 : y + gap.line / 2 - 2 })
function straight(open: Open, to: string, slot: Slot, y: number): Line {
  const points = [...leaving(open), { x: open.x, y }]
  return { id: `${slot.list}/${slot.at}`, from: open.from, to, slot, points, plus: plusAt(open), side: open.side, said: saidAt(open) }
}
function joining(open: Open, to: string, slot: Slot, at: Point): Line {
  const points = [...leaving(open), { x: open.x, y: at.y - 14 }, { x: at.x, y: at.y - 14 }, at]
  return { id: `${slot.list}/${slot.at}`, from: open.from, to, slot, points, plus: plusAt(open), side: open.side, said: saidAt(open) }
}

/** The place nearest to a point, as far away as one can still mean it; nothing lies where the step itself stands. */
export function nearest(lines: readonly Line[], { x, y }: Point, moving: string, within = 140): Line | null {
  const open = lines.filter(({ slot }) => !`${slot.list}.`.startsWith(`${moving}.`))
  const best = open
    .map((line) => ({ line, far: Math.hypot(line.plus.x - x, line.plus.y - y) }))
    .reduce<{ line: Line; far: number } | null>((least, one) => (least && least.far <= one.far ? least : one), null)
  return best && best.far <= within ? best.line : null
}
