import type { FieldKind } from '#model'
import type { Place } from './board.ts'

/** What is carried over the board. */
export type Dragged = { is: 'kind'; kind: FieldKind } | { is: 'note' } | { is: 'divider' } | { is: 'part'; from: Place }
export const dragType = 'application/x-xinglin-field'
export const readDragged = (event: React.DragEvent): Dragged | null => {
  const text = event.dataTransfer.getData(dragType)
  return text ? (JSON.parse(text) as Dragged) : null
}
