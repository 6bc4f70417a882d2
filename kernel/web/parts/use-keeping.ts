import { startTransition, useEffect, useState } from 'react'
import { keepBeforeLeaving } from '../api/leave.ts'
import type { Kept, Keeping } from './keeping.ts'

/** Keeps a draft a moment after each change, and at once when the page is left. */
export function useKeeping<W, P>(work: W, make: () => Keeping<W, P>): readonly [Kept<W, P>, Keeping<W, P>] {
  const [keeping] = useState(make)
  const [kept, setKept] = useState(keeping.kept)
  // A large drawing is drawn anew behind what is typed.
  useEffect(() => keeping.listen((now) => startTransition(() => setKept(now))), [keeping])
  useEffect(() => {
    if (!keeping.change(work)) return
    const timer = setTimeout(() => void keeping.save(), 700)
    return () => clearTimeout(timer)
  }, [work, keeping])
  useEffect(() => {
    const leave = async () => void (await keeping.save(true))
    const hide = () => document.visibilityState === 'hidden' && void leave()
    document.addEventListener('visibilitychange', hide)
    const stop = keepBeforeLeaving(leave)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', hide)
      void leave()
    }
  }, [keeping])
  return [kept, keeping]
}
