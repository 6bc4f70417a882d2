// Who may call every route, written down a second time: from what a hospital wants of it, not from the code of the route. A route that stands here in no line
// fails the test by name.
import { strangersRoutes } from './routes/strangers.ts'
import { deskRoutes } from './routes/desk.ts'
import { messagesRoutes } from './routes/messages.ts'
import { workshopRoutes } from './routes/workshop.ts'
import { recordsRoutes } from './routes/records.ts'
import { approvalsRoutes } from './routes/approvals.ts'
import { officersRoutes } from './routes/officers.ts'
import { modulesRoutes } from './routes/modules.ts'
import type { RouteCase } from './stated.ts'

export type { RouteCase, Stated } from './stated.ts'
export const routeCases: Readonly<Record<string, RouteCase>> = {
  ...strangersRoutes,
  ...deskRoutes,
  ...messagesRoutes,
  ...workshopRoutes,
  ...recordsRoutes,
  ...approvalsRoutes,
  ...officersRoutes,
  ...modulesRoutes,
}
