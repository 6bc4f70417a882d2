import { useState } from 'react'
import { usePageLocation } from '../shell/page-context.tsx'

/** What a link to a page says beside its address: about which type something is to be made there. */
export interface About {
  type: string
  label: string
}
/** What the page was opened for, when somebody came from a type. */
export const useAbout = (): About | null => (usePageLocation().state as { about?: About } | null)?.about ?? null

/** The dialog in which something new begins: opened by its button, or by having come from a type that it is to be about. */
export function useMaking(): { isMaking: boolean; about: About | null; begin: () => void; end: () => void } {
  const { key } = usePageLocation()
  const about = useAbout()
  const [isBegun, setBegun] = useState(false)
  // Each way here asks once.
  const [ended, setEnded] = useState('')
  const isAsked = about !== null && key !== ended
  return { isMaking: isBegun || isAsked, about: isAsked ? about : null, begin: () => setBegun(true), end: () => (setBegun(false), setEnded(key)) }
} // prettier-ignore
