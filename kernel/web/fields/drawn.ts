import type { Field } from '#model'
import type { CSSProperties } from 'react'
import { viewOf } from './parts.tsx'
import './drawn.css'

/** How a field stands in a form of four columns: as it was drawn, else a whole line where its kind needs it. */
export function drawnStyle(field: Field, columns?: number): CSSProperties {
  const width = columns ?? field.width ?? (viewOf(field).isWide ? 4 : 2)
  return { '--width': width, ...(field.height ? { '--lines': field.height } : {}) } as CSSProperties
}
/** Classes of how its value stands: to which side, how high. */
export const drawnClass = ({ align, height }: Field): string => [align && `align-${align}`, height && 'high'].filter(Boolean).join(' ')
/** To which side its column stands in a table. */
export const sideOf = (field: Field): string => field.align ?? viewOf(field).align ?? ''
