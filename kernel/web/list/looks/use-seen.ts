import { useEffect, useRef, useState, type RefObject } from 'react'

/** Has the element come into sight, or near it? Once seen it stays so. */
export function useSeen<E extends Element>(margin = '200px'): [RefObject<E | null>, boolean] {
  const element = useRef<E>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!element.current || isSeen) return
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: margin,
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [isSeen, margin])
  return [element, isSeen]
}
