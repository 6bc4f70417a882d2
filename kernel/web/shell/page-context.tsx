import { createContext, use, useEffect, type ReactNode } from 'react'
import { useLocation } from 'react-router'
import type { Unsaved } from './open-pages.ts'

/** One open page: what it tells the shell, and what the shell tells it. */
export interface Page {
  key: string
  isActive: boolean
  /** What stands behind a module page's own path. */
  rest: string
  setTitle: (title: string) => void
  setUnsaved: (unsaved: Unsaved | null) => void
  /** Asks when something is unsaved, then shows the neighbour. */
  close: () => void
  /** Goes without asking once another page is in front. */
  discard: () => void
}
const PageContext = createContext<Page | null>(null)
export const PageProvider = ({ page, children }: { page: Page; children: ReactNode }) => <PageContext value={page}>{children}</PageContext>

export function usePage(): Page {
  const page = use(PageContext)
  if (!page) throw new Error('not within a page')
  return page
}
/** Names the page in its tab and in the browser's title. */
export function usePageTitle(title: string | undefined): void {
  const { setTitle } = usePage()
  useEffect(() => {
    if (title) setTitle(title)
  }, [title, setTitle])
}
/** Leaving the page then asks first, and says what becomes of it. */
export function useUnsaved(isUnsaved: boolean, becomes: Unsaved = 'lost'): void {
  const { setUnsaved } = usePage()
  useEffect(() => setUnsaved(isUnsaved ? becomes : null), [isUnsaved, becomes, setUnsaved])
}
/** The page's own address, also while another page is in front. */
export const usePageLocation = useLocation
