import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isUuid, Refusal } from '#model'
import type { Kernel } from '../kernel.ts'
import { goOn } from './go-on.ts'

/** Under which the page numbers each sending of a write, beside the token of the session. */
export const onceHeader = 'x-once'
const nobody = '00000000-0000-0000-0000-000000000000'
/** Longer than any session lasts. */
const keptMs = 3 * 86_400_000
const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * A request that was caught on its way and is sent again does nothing: its number is used up. What the page itself repeats, because no answer came, has
 * another number and the same act id, and gets the first answer. Programs sign theirs (`access/clients`).
 */
export function takeOnce(kernel: Kernel, app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    if (!isNumbered(request)) done()
    else void goOn(take(kernel, request), done)
  })
}
const isNumbered = ({ method, headers, client }: FastifyRequest): boolean =>
  headers[onceHeader] !== undefined && !client && writing.has(method)

async function take(kernel: Kernel, request: FastifyRequest): Promise<void> {
  const number = request.headers[onceHeader]
  if (!isUuid(number)) throw new Refusal('badRequest', '请求编号不对')
  const taken = await kernel.db.query(`INSERT INTO kernel.used_once VALUES ($1::uuid, $2::uuid, $3) ON CONFLICT DO NOTHING RETURNING 1`, [
    request.session?.id ?? nobody,
    number,
    kernel.clock.now().toISOString(),
  ])
  if (taken.length === 0) throw new Refusal('alreadySent')
}
/** Forgets numbers of sessions that have long ended. */
export async function forgetOnce(kernel: Kernel): Promise<void> {
  await kernel.db.query(`DELETE FROM kernel.used_once WHERE at < $1`, [new Date(kernel.clock.now().getTime() - keptMs).toISOString()])
}
