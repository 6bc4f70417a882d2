import { Refusal, type ApiKeysAnswer } from '#model'
import type { FastifyRequest } from 'fastify'
import { endKey, issueKey, keysOf } from '../../access/clients/keys.ts'
import { signaturePolicy } from '../../access/clients/signature-policy.ts'
import type { Context } from '../../context.ts'
import { getRecord } from '../../records/read.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

interface Params {
  id: string
  key: string
}
/** The keys of other programs: given, rotated and ended by whoever keeps the clients. */
export function apiKeyRoutes({ app, kernel, contextOf, admission }: Server): void {
  const config = { config: { who: { right: 'security.clients' } } } as const
  const open = async (request: FastifyRequest<{ Params: Params }>): Promise<Context> => {
    const ctx = await contextOf(request)
    if (ctx.actor.kind !== 'person') throw new Refusal('noRight')
    await getRecord(kernel, ctx, 'security.apiClient', needId(request.params.id))
    return ctx
  }
  app.get<{ Params: Params }>('/api/clients/:id/keys', config, async (request): Promise<ApiKeysAnswer> => {
    const ctx = await open(request)
    const { isRequired } = await signaturePolicy(kernel)
    return { keys: await keysOf(ctx.db, request.params.id, ctx.clock.now()), signatureRequired: isRequired }
  })
  app.post<{ Params: Params }>('/api/clients/:id/keys', config, async (request, reply) => {
    const ctx = await open(request)
    const issued = await issueKey(kernel, ctx, request.params.id, Number(bodyOf(request)['overlapDays'] ?? 0))
    admission.clients.forget()
    reply.status(201).header('cache-control', 'no-store')
    return issued
  })
  app.delete<{ Params: Params }>('/api/clients/:id/keys/:key', config, async (request, reply) => {
    await endKey(kernel, await open(request), request.params.id, request.params.key.slice(0, 80))
    admission.clients.forget()
    return reply.status(204).send()
  })
}
