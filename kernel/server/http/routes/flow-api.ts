import { actFromOutside, readFromOutside, startFromOutside, startRight } from '../../flow/outside.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

/** Approvals for other programs, by key: started, watched and answered. Rights are given flow by flow. */
export function flowApiRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'client' } } as const
  app.post<{ Params: { flow: string } }>('/api/flow-api/:flow', config, async (request, reply) => {
    const ctx = await contextOf(request)
    kernel.access.needUse(ctx.actor, startRight(request.params.flow))
    const answer = await startFromOutside(kernel, ctx, request.params.flow, bodyOf(request))
    reply.status(201).header('location', `/api/flow-api/instances/${answer.instance}`)
    return answer
  })
  app.get<{ Params: { id: string } }>('/api/flow-api/instances/:id', config, async (request) =>
    readFromOutside(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<{ Params: { id: string } }>('/api/flow-api/instances/:id/acts', config, async (request) =>
    actFromOutside(kernel, await contextOf(request), needId(request.params.id), bodyOf(request)),
  )
}
