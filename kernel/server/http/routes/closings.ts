import { listClosings, moveClosing } from '../../closings/closings.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

/** 封账: closing periods of record types, opening them again, and who did. */
export function closingRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/closings', { config: { who: { right: 'closing.read' } } }, async (request) => ({
    closings: await listClosings(kernel, await contextOf(request)),
  }))
  app.post<{ Params: { resource: string } }>('/api/closings/:resource', { config: { who: 'signedIn' } }, async (request) => {
    await moveClosing(kernel, await contextOf(request), request.params.resource, bodyOf(request))
    return { done: true }
  })
}
