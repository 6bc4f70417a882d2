import { Activity, Suspense, memo, useMemo } from 'react'
import { useNavigate, useRoutes, type Location } from 'react-router'
import { Skeleton } from '../parts/states.tsx'
import { routes } from '../routes.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import type { OpenPage, OpenPages } from './open-pages.ts'
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
  const { setTitle, setUnsaved } = open
  const rest = restOf(location.pathname)
  const page = useMemo<Page>(
    () => ({
      key,
      isActive,
      rest,
      setTitle: (title) => setTitle(key, title),
      setUnsaved: (is) => setUnsaved(key, is),
      close: () => onClose(key),
    }),
    [key, isActive, rest, setTitle, setUnsaved, onClose],
  )
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
  const { pages, current, remove } = open
  return useMemo(
    () => (key: string) => {
      const at = pages.findIndex((page) => page.key === key)
      const neighbour = pages[at + 1] ?? pages[at - 1]
      if (key === current) void navigate(neighbour ? neighbour.location : '/')
      // After the navigation, else the closed page would open again at its own address.
      setTimeout(() => remove(key))
    },
    [pages, current, remove, navigate],
  )
}
