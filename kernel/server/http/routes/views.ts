import { changeView, dropView, keepView, viewsOf } from '../../records/saved-views.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

/** Views of lists, kept by people for themselves and for others. Rights are judged by the list they belong to. */
export function viewRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get<{ Params: { resource: string } }>('/api/views/:resource', config, async (request) => ({
    views: await viewsOf(kernel, await contextOf(request), request.params.resource),
  }))
  app.post<{ Params: { resource: string } }>('/api/views/:resource', config, async (request, reply) => {
    reply.status(201)
    return keepView(kernel, await contextOf(request), request.params.resource, bodyOf(request)['view'])
  })
  app.put<{ Params: { resource: string; id: string } }>('/api/views/:resource/:id', config, async (request) => {
    const { view, version } = bodyOf(request)
    return changeView(kernel, await contextOf(request), request.params.resource, needId(request.params.id), view, version)
  })
  app.delete<{ Params: { resource: string; id: string } }>('/api/views/:resource/:id', config, async (request, reply) => {
    await dropView(kernel, await contextOf(request), request.params.resource, needId(request.params.id))
    return reply.status(204).send()
  })
}
