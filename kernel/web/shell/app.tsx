import { QueryClient, QueryClientProvider, notifyManager } from '@tanstack/react-query'
import { RouterProvider, createBrowserRouter } from 'react-router'
import { place } from '../api/place.ts'
import { CatalogProvider } from '../definitions/use-catalog.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { ThemeProvider } from '../theme/theme-provider.tsx'
import { connection } from '../api/connection.ts'
import { NoticeGate } from '../personal/notice-gate.tsx'
import { SessionDialog } from './session-dialog.tsx'
import { Shell } from './shell.tsx'
import './shell.css'

// The client repeats reads by itself; what fails after that is shown with a way to try again.
const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 15_000, gcTime: 10 * 60_000 } } })
// Before the next paint: by its own timer a box just ticked would first fall back to what it was.
notifyManager.setScheduler(queueMicrotask)
let wasWell = true
connection.subscribe(() => {
  const isWell = !connection.isDown && !connection.isBusy
  if (isWell && !wasWell) void client.refetchQueries({ predicate: (query) => query.state.status === 'error' })
  wasWell = isWell
})

const router = createBrowserRouter([{ path: '*', element: <Shell /> }], { basename: place || '/' })

export function App() {
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <CatalogProvider
          fallback={(failure) => (failure ? <Failed error={failure.error} retry={failure.again} /> : <Skeleton rows={12} />)}
        >
          <NoticeGate>
            <RouterProvider router={router} />
          </NoticeGate>
        </CatalogProvider>
        <SessionDialog />
      </ThemeProvider>
    </QueryClientProvider>
  )
}
