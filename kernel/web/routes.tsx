import { lazy, type ComponentType } from 'react'
import type { RouteObject } from 'react-router'

const page = (load: () => Promise<{ default: ComponentType }>) => {
  const Page = lazy(load)
  return <Page />
}

/** The kernel's own pages: one line each, loaded when opened. A module's pages need none (`pages.ts`). */
export const routes: RouteObject[] = [
  { path: '/', element: page(() => import('./home/home-page.tsx')) },
  { path: '/r/:resource', element: page(() => import('./list/list-page.tsx')) },
  { path: '/r/:resource/new', element: page(() => import('./form/new-page.tsx')) },
  { path: '/r/:resource/duplicates', element: page(() => import('./merging/duplicates-page.tsx')) },
  { path: '/r/:resource/merge', element: page(() => import('./merging/merge-page.tsx')) },
  { path: '/r/:resource/:id', element: page(() => import('./detail/detail-page.tsx')) },
  { path: '/r/:resource/:id/edit', element: page(() => import('./form/edit-page.tsx')) },
  { path: '/import/:name', element: page(() => import('./exchange/import-page.tsx')) },
  { path: '/approvals/:id', element: page(() => import('./approvals/approval-page.tsx')) },
  { path: '/approvals/:id/mend', element: page(() => import('./approvals/mend-page.tsx')) },
  { path: '/approvals/:id/print', element: page(() => import('./approvals/print-page.tsx')) },
  { path: '/audit', element: page(() => import('./audit/audit-page.tsx')) },
  { path: '/bin', element: page(() => import('./bin/bin-page.tsx')) },
  { path: '/dictionary', element: page(() => import('./dictionary/dictionary-page.tsx')) },
  { path: '/closings', element: page(() => import('./closings/closings-page.tsx')) },
  { path: '/reports', element: page(() => import('./reporting/reports-page.tsx')) },
  { path: '/reports/:id', element: page(() => import('./reporting/report-page.tsx')) },
  { path: '/shares', element: page(() => import('./sharing/all-shares-page.tsx')) },
  { path: '/me/shares', element: page(() => import('./sharing/my-shares-page.tsx')) },
  { path: '/me/exports', element: page(() => import('./exports/exports-page.tsx')) },
  { path: '/me/follows', element: page(() => import('./sharing/follows-page.tsx')) },
  { path: '/me/shortcuts', element: page(() => import('./shortcuts/shortcuts-page.tsx')) },
  { path: '/shared/:token', element: page(() => import('./sharing/shared-page.tsx')) },
  { path: '/settings', element: page(() => import('./settings/settings-page.tsx')) },
  { path: '/indexes', element: page(() => import('./indexes/indexes-page.tsx')) },
  { path: '/start', element: page(() => import('./flows/start-page.tsx')) },
  { path: '/flows/design', element: page(() => import('./flows/design/designs-page.tsx')) },
  { path: '/flows/design/:flow', element: page(() => import('./flows/design/design-page.tsx')) },
  { path: '/flows/bindings', element: page(() => import('./flows/bindings-page.tsx')) },
  { path: '/flows/versions', element: page(() => import('./flows/versions-page.tsx')) },
  { path: '/flows/incidents', element: page(() => import('./flows/incidents-page.tsx')) },
  { path: '/flows/seals', element: page(() => import('./flows/seals-page.tsx')) },
  { path: '/me/prepared', element: page(() => import('./flows/prepared-page.tsx')) },
  { path: '/me/together', element: page(() => import('./flows/together-page.tsx')) },
  { path: '/me/stand-ins', element: page(() => import('./flows/stand-ins-page.tsx')) },
  { path: '/tasks', element: page(() => import('./tasks/tasks-page.tsx')) },
  { path: '/messages', element: page(() => import('./messages/messages-page.tsx')) },
  { path: '/me/personal', element: page(() => import('./personal/own-page.tsx')) },
  { path: '/me/security', element: page(() => import('./security/own-page.tsx')) },
  { path: '/rights', element: page(() => import('./rights/rights-page.tsx')) },
  { path: '/emergency', element: page(() => import('./emergency/emergency-page.tsx')) },
  { path: '/watermark', element: page(() => import('./marks/watermark-page.tsx')) },
  { path: '/export-mark', element: page(() => import('./marks/trace-page.tsx')) },
  { path: '/protection', element: page(() => import('./security/protection-page.tsx')) },
  { path: '/me', element: page(() => import('./home/me-page.tsx')) },
  { path: '/all', element: page(() => import('./home/all-page.tsx')) },
  { path: '*', element: page(() => import('./shell/module-page.tsx')) },
]
