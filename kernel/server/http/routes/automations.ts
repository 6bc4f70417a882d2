import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { isUuid, Refusal } from '#model'
import { listAutomations, openDesk, renewSecret, resume, runAgain, runsOf } from '../../automations/desk.ts'
import { mostHookBytes, takeHook } from '../../automations/hook.ts'
import { tryAutomation } from '../../automations/trial.ts'
import { AddressMeter } from '../address-meter.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

type Named = { Params: { name: string } }
const config = { config: { who: { right: 'designs.administer' } } } as const
const mostAMinute = 600

/** Automations beside what every design has: what they did, trying them, secrets, and the door for other systems. */
export function automationRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/automations', config, async (request) => listAutomations(kernel, await contextOf(request)))
  app.get<Named>('/api/automations/:name', config, async (request) => openDesk(kernel, await contextOf(request), request.params.name))
  app.get<Named & { Querystring: { before?: string } }>('/api/automations/:name/runs', config, async (request) =>
    runsOf(kernel, await contextOf(request), request.params.name, isUuid(request.query.before) ? request.query.before : null),
  )
  app.post<Named>('/api/automations/:name/try', config, async (request) => {
    const { content, record, hook } = bodyOf(request)
    return tryAutomation(kernel, await contextOf(request), request.params.name, { content, record, hook })
  })
  app.post<Named>('/api/automations/:name/secret', config, async (request) => renewSecret(kernel, await contextOf(request), request.params.name))
  app.post<Named>('/api/automations/:name/resume', config, async (request) => {
    await resume(kernel, await contextOf(request), request.params.name)
    return { done: true }
  })
  app.post<{ Params: { id: string } }>('/api/automation-runs/:id/again', config, async (request) => {
    await runAgain(await contextOf(request), needId(request.params.id))
    return { done: true }
  })

  // Whoever knows the secret proves it by a signature over the very bytes that he sends.
  const raw = new WeakMap<FastifyRequest, Buffer>()
  const meter = new AddressMeter(mostAMinute)
  app.post<Named>(
    '/api/automation-hooks/:name',
    {
      config: { who: 'public' },
      preParsing: async (request, _reply, payload) => {
        const body = await bytesOf(payload)
        raw.set(request, body)
        return Readable.from([body])
      },
    },
    async (request, reply) => {
      meter.take(request.ip, kernel.clock.now().getTime())
      bodyOf(request)
      const header = (name: string) => String(request.headers[`x-xinglin-${name}`] ?? '')
      reply.status(202)
      return takeHook(kernel, request.params.name, {
        timestamp: header('timestamp'),
        signature: header('signature'),
        delivery: header('delivery'),
        body: raw.get(request) ?? Buffer.alloc(0),
      })
    },
  )
} // prettier-ignore
async function bytesOf(payload: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of payload) {
    length += (piece as Buffer).length
    if (length > mostHookBytes) throw new Refusal('badRequest', '内容不超过 64 KB')
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces)
}
