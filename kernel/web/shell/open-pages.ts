import { useCallback, useMemo, useRef, useState } from 'react'
import { useLocation, type Location } from 'react-router'
import { pageKey } from './page-key.ts'

export interface OpenPage {
  key: string
  location: Location
  title: string
  lastShown: number
  isUnsaved: boolean
  /** Goes as soon as another page is in front: an address still shown would open it again. */
  isClosing?: boolean
}
/** What becomes of unsaved input when its page is left: it stands in a draft, or it is lost. */
export type Unsaved = 'kept' | 'lost'
/** The pages that stay alive behind the one in front, so that a half-filled form or a scrolled list is found as it was left. */
export function useOpenPages(atMost: number) {
  const location = useLocation()
  const current = pageKey(location.pathname)
  const [pages, setPages] = useState<OpenPage[]>([])
  // Beside the state, because a navigation right after saving asks before the state is drawn.
  const unsaved = useRef(new Map<string, Unsaved>())

  // Adjusted while rendering, so that a new address never shows the former page for a moment.
  const open = pages.find((page) => page.key === current)
  if (open?.location !== location) {
    const lastShown = Math.max(0, ...pages.map((page) => page.lastShown)) + 1
    const next: OpenPage = { key: current, location, title: open?.title ?? '', lastShown, isUnsaved: open?.isUnsaved ?? false }
    setPages(trimmed(open ? pages.map((page) => (page === open ? next : page)) : [...pages, next], atMost))
  }

  if (pages.some((page) => page.isClosing && page.key !== current))
    setPages(pages.filter((page) => !page.isClosing || page.key === current))

  const setTitle = useCallback((key: string, title: string) => {
    setPages((before) => {
      const isKnown = before.some((page) => page.key === key && page.title !== title)
      return isKnown ? before.map((page) => (page.key === key ? { ...page, title } : page)) : before
    })
  }, [])
  const setUnsaved = useCallback((key: string, is: Unsaved | null) => {
    if (is) unsaved.current.set(key, is)
    else unsaved.current.delete(key)
    setPages((before) => before.map((page) => (page.key === key ? { ...page, isUnsaved: is !== null } : page)))
  }, [])
  const unsavedOf = useCallback((key: string) => unsaved.current.get(key) ?? null, [])
  const remove = useCallback((key: string) => {
    unsaved.current.delete(key)
    setPages((before) => before.map((page) => (page.key === key ? { ...page, isClosing: true } : page)))
  }, [])
  return useMemo(
    () => ({ pages, current, setTitle, setUnsaved, unsavedOf, remove }),
    [pages, current, setTitle, setUnsaved, unsavedOf, remove],
  )
}
export type OpenPages = ReturnType<typeof useOpenPages>

/** Drops the longest unseen pages, never one with unsaved input. */
function trimmed(pages: OpenPage[], atMost: number): OpenPage[] {
  const surplus = pages.length - atMost
  if (surplus <= 0) return pages
  const droppable = pages.filter((page) => page.key !== '/' && !page.isUnsaved).sort((a, b) => a.lastShown - b.lastShown)
  const drop = new Set(droppable.slice(0, surplus))
  return pages.filter((page) => !drop.has(page))
}
