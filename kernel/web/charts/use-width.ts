import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** How wide a box is, as it changes: drawings are made for their width, so that letters keep their size. */
export function useWidth<E extends HTMLElement>(): [ref: RefObject<E | null>, width: number] {
  const ref = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return undefined
    // Within its padding: a drawing wider than its place would widen it.
    const { paddingLeft, paddingRight } = getComputedStyle(box)
    const measure = () => setWidth(Math.floor(box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
