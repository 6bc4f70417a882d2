import type { ApiRecord } from '#model'
import { useState, type KeyboardEvent } from 'react'

interface Ways<T> {
  /** Where the record stands. */
  start: (row: ApiRecord) => T
  /** Where an arrow leads from there; null when nowhere. */
  step: (from: T, arrow: Arrow) => T | null
  /** What the place is called. */
  nameOf: (place: T) => string
  drop: (row: ApiRecord, place: T) => void
  /** Why this record stays where it is; null when it may move. */
  whyStays: (row: ApiRecord) => string | null
}
export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'
const isArrow = (key: string): key is Arrow => key.startsWith('Arrow')

export interface Lift<T> {
  lifted: { row: ApiRecord; at: T } | null
  /** For readers of the screen: what has been lifted, where it is over. */
  said: string
  onKeyDown: (row: ApiRecord, event: KeyboardEvent) => void
  /** The hand let go of it otherwise. */
  letGo: () => void
}
/** Moving by keyboard: the blank key lifts a record, arrows carry it, the blank key or Enter puts it down, Escape puts it back. */
export function useLift<T>({ start, step, nameOf, drop, whyStays }: Ways<T>): Lift<T> {
  const [lifted, setLifted] = useState<{ row: ApiRecord; at: T } | null>(null)
  const [said, setSaid] = useState('')
  const onKeyDown = (row: ApiRecord, event: KeyboardEvent) => {
    const isHeld = lifted?.row.id === row.id
    if (!isHeld && event.key !== ' ') return
    event.preventDefault()
    event.stopPropagation()
    if (!isHeld) {
      const why = whyStays(row)
      setSaid(why ?? '已拿起：用方向键选择位置，空格放下，Esc 放回')
      if (!why) setLifted({ row, at: start(row) })
    } else if (isArrow(event.key)) {
      const at = step(lifted.at, event.key)
      if (at === null) return
      setLifted({ row, at })
      setSaid(nameOf(at))
    } else if (event.key === ' ' || event.key === 'Enter') {
      setLifted(null)
      setSaid(`放到${nameOf(lifted.at)}`)
      drop(row, lifted.at)
    } else if (event.key === 'Escape') {
      setLifted(null)
      setSaid('已放回')
    }
  }
  return { lifted, said, onKeyDown, letGo: () => setLifted(null) }
}

/** The record under the hand of a mouse: browsers do not tell what is dragged before it is dropped. */
export const dragType = 'application/x-record'
