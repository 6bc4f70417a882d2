import { isUuid, Refusal, type PreviewAnswer } from '#model'
import { act, submit } from '../../flow/approvals.ts'
import { readAct } from '../../flow/read-act.ts'
import { myTasks, previewPath, readApproval } from '../../flow/reading.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

/** Approvals: submit, see, act. Who may is judged by the engine from tasks and parties, and by rights for reading. */
export function flowRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.post('/api/flows/preview', config, async (request): Promise<PreviewAnswer> => {
    const { resource, draft } = bodyOf(request)
    if (typeof resource !== 'string' || typeof draft !== 'object' || draft === null) throw new Refusal('badRequest')
    return { path: await previewPath(kernel, await contextOf(request), resource, draft as Record<string, unknown>) }
  })
  app.post<{ Params: { resource: string } }>('/api/flows/submit/:resource', config, async (request, reply) => {
    const { draft, actId, signature, chosen } = bodyOf(request)
    if (typeof draft !== 'object' || draft === null || !isUuid(actId)) throw new Refusal('badRequest', '缺少 draft 或 actId')
    const ctx = await contextOf(request)
    kernel.access.need(ctx.actor, 'create', request.params.resource)
    reply.status(201)
    return submit(kernel, ctx, request.params.resource, draft as Record<string, unknown>, {
      actId,
      ...(isUuid(signature) ? { signature } : {}),
      ...(chosen && typeof chosen === 'object' ? { chosen: chosen as Record<string, string[]> } : {}),
    })
  })
  app.get<{ Params: { id: string } }>('/api/approvals/:id', config, async (request) =>
    readApproval(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<{ Params: { id: string } }>('/api/approvals/:id/acts', config, async (request) => {
    const given = readAct(bodyOf(request))
    return act(kernel, await contextOf(request), needId(request.params.id), given)
  })
  app.get<{ Querystring: { state?: string } }>('/api/tasks', config, async (request) =>
    myTasks(kernel, await contextOf(request), request.query.state === 'done' ? 'done' : 'open'),
  )
}
