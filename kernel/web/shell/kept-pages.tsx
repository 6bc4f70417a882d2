import { Activity, Suspense, memo, useCallback, useEffect, useMemo, useRef } from 'react'
import { useNavigate, useRoutes, type Location } from 'react-router'
import { Skeleton } from '../parts/states.tsx'
import { routes } from '../routes.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import type { OpenPage, OpenPages, Unsaved } from './open-pages.ts'
import { PageProvider, type Page } from './page-context.tsx'
import { restOf } from './page-key.ts'

export function KeptPages({ open, onClose }: { open: OpenPages; onClose: (key: string) => void }) {
  return open.pages.map((page) => (
    <KeptPage key={page.key} page={page} isActive={page.key === open.current} open={open} onClose={onClose} />
  ))
}

interface Props {
  page: OpenPage
  isActive: boolean
  open: OpenPages
  onClose: (key: string) => void
}
function KeptPage({ page: { key, location }, isActive, open, onClose }: Props) {
  const { setTitle, setUnsaved, remove } = open
  const rest = restOf(location.pathname)
  const acts = useMemo(
    () => ({
      setTitle: (title: string) => setTitle(key, title),
      setUnsaved: (unsaved: Unsaved | null) => setUnsaved(key, unsaved),
      close: () => onClose(key),
      discard: () => remove(key),
    }),
    [key, setTitle, setUnsaved, remove, onClose],
  )
  const page = useMemo<Page>(() => ({ key, isActive, rest, ...acts }), [key, isActive, rest, acts])
  return (
    <Activity mode={isActive ? 'visible' : 'hidden'}>
      <div className="x-kept">
        <PageProvider page={page}>
          <ErrorBoundary>
            <Suspense fallback={<Skeleton />}>
              <RouteAt location={location} />
            </Suspense>
          </ErrorBoundary>
        </PageProvider>
      </div>
    </Activity>
  )
}
// A page behind is not drawn again when the one in front changes its address.
const RouteAt = memo(function RouteAt({ location }: { location: Location }) {
  return useRoutes(routes, location)
})

/** Closes a page and shows its neighbour. */
export function useClosePage(open: OpenPages): (key: string) => void {
  const navigate = useNavigate()
  const now = useRef(open)
  useEffect(() => {
    now.current = open
  })
  return useCallback(
    (key: string) => {
      const { pages, current, remove } = now.current
      const at = pages.findIndex((page) => page.key === key)
      const neighbour = pages[at + 1] ?? pages[at - 1]
      remove(key)
      if (key === current) void navigate(neighbour ? neighbour.location : '/')
    },
    [navigate],
  )
}
