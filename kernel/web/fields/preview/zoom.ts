/** How a picture lies in its frame. */
export interface Look {
  /** 1: as large as fits, at most its own size. */
  zoom: number
  /** Quarter turns to the right. */
  turn: number
  /** Pixels from the middle. */
  x: number
  y: number
}
export interface Size {
  width: number
  height: number
}
export const plainLook: Look = { zoom: 1, turn: 0, x: 0, y: 0 }
const [least, most] = [0.25, 12]

/** Scale at which a picture fits its frame whole; it is not blown up beyond its own size. */
export function fitOf(picture: Size, frame: Size, turn: number): number {
  const [width, height] = turn % 2 ? [picture.height, picture.width] : [picture.width, picture.height]
  return width && height ? Math.min(1, frame.width / width, frame.height / height) : 1
}
/** Larger or smaller, with the point under the finger (from the middle of the frame) staying where it is. */
export function zoomed(look: Look, factor: number, point: { x: number; y: number } = { x: 0, y: 0 }): Look {
  const zoom = Math.min(most, Math.max(least, look.zoom * factor))
  const real = zoom / look.zoom
  return { ...look, zoom, x: point.x - (point.x - look.x) * real, y: point.y - (point.y - look.y) * real }
}
/** Moved, but never so far that nothing of the picture is in the frame. */
export function moved(look: Look, dx: number, dy: number, picture: Size, frame: Size): Look {
  const scale = fitOf(picture, frame, look.turn) * look.zoom
  const [width, height] = look.turn % 2 ? [picture.height, picture.width] : [picture.width, picture.height]
  const bound = (value: number, shown: number, room: number) => {
    const far = Math.max(0, (shown - room) / 2)
    return Math.min(far, Math.max(-far, value))
  }
  return { ...look, x: bound(look.x + dx, width * scale, frame.width), y: bound(look.y + dy, height * scale, frame.height) }
}
/** A quarter turn; the picture is whole in the frame again. */
export const turned = (look: Look, by: 1 | -1): Look => ({ ...plainLook, turn: (look.turn + by + 4) % 4 })
