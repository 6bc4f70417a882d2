import { isUuid, Refusal, type PreviewAnswer, type TaskView } from '#model'
import { act } from '../../flow/act.ts'
import { listBindings, saveBindings } from '../../flow/bindings.ts'
import { listIncidents } from '../../flow/incidents.ts'
import { readAct } from '../../flow/read-act.ts'
import { previewPath, readApproval } from '../../flow/reading.ts'
import { createStandIn, endStandIn, listStandIns } from '../../flow/stand-ins.ts'
import { submit, submitChange, submitDeletion, type ChangeOptions } from '../../flow/submit.ts'
import { myWork } from '../../flow/todo.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const views: readonly TaskView[] = ['open', 'claim', 'standIn', 'mine', 'done', 'copied']

/** Approvals: submit, see, act. Who may is judged by the engine from tasks and parties, and by rights for reading. */
export function flowRoutes(server: Server): void {
  submitRoutes(server)
  actRoutes(server)
  standInRoutes(server)
  administratorRoutes(server)
}

function submitRoutes({ app, kernel, contextOf }: Server): void {
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
  app.post<{ Params: { resource: string; id: string } }>('/api/flows/change/:resource/:id', config, async (request, reply) => {
    const { changes, ...body } = bodyOf(request)
    if (typeof changes !== 'object' || changes === null) throw new Refusal('badRequest', '缺少 changes')
    const { resource, id } = request.params
    reply.status(201)
    return submitChange(kernel, await contextOf(request), resource, needId(id), changes as Record<string, unknown>, changeOptions(body))
  })
  app.post<{ Params: { resource: string; id: string } }>('/api/flows/delete/:resource/:id', config, async (request, reply) => {
    const { resource, id } = request.params
    reply.status(201)
    return submitDeletion(kernel, await contextOf(request), resource, needId(id), changeOptions(bodyOf(request)))
  })
}
function changeOptions({ actId, seenVersion, reason, signature, chosen }: Record<string, unknown>): ChangeOptions {
  if (!isUuid(actId) || typeof seenVersion !== 'number') throw new Refusal('badRequest', '缺少 actId 或 seenVersion')
  return {
    actId,
    seenVersion,
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 500) } : {}),
    ...(isUuid(signature) ? { signature } : {}),
    ...(chosen && typeof chosen === 'object' ? { chosen: chosen as Record<string, string[]> } : {}),
  }
}

function actRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get<{ Params: { id: string } }>('/api/approvals/:id', config, async (request) =>
    readApproval(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post<{ Params: { id: string } }>('/api/approvals/:id/acts', config, async (request) => {
    const given = readAct(bodyOf(request))
    return act(kernel, await contextOf(request), needId(request.params.id), given)
  })
  app.get<{ Querystring: { view?: string; cursor?: string; search?: string; flow?: string } }>('/api/tasks', config, async (request) => {
    const { view, ...query } = request.query
    return myWork(kernel, await contextOf(request), { ...query, view: views.find((one) => one === view) ?? 'open' })
  })
}

function standInRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  app.get('/api/stand-ins', config, async (request) => listStandIns(await contextOf(request)))
  app.post('/api/stand-ins', config, async (request, reply) => {
    reply.status(201)
    return createStandIn(kernel, await contextOf(request), bodyOf(request))
  })
  app.post<{ Params: { id: string } }>('/api/stand-ins/:id/end', config, async (request) => {
    await endStandIn(kernel, await contextOf(request), needId(request.params.id))
    return { done: true }
  })
  app.get('/api/flows', config, () => [...kernel.defs.flows.values()].map(({ name, label }) => ({ name, label })))
}

function administratorRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'flows.administer' } } } as const
  app.get('/api/flow-bindings', config, async (request) => listBindings(kernel, await contextOf(request)))
  app.put<{ Params: { resource: string; occasion: string } }>('/api/flow-bindings/:resource/:occasion', config, async (request) => {
    const { resource, occasion } = request.params
    await saveBindings(kernel, await contextOf(request), resource, occasion, bodyOf(request)['bindings'])
    return { done: true }
  })
  app.get('/api/incidents', config, async (request) => listIncidents(kernel, await contextOf(request)))
}
