import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSealed, openPasswords } from '../access/sealed-passwords.ts'
import type { Kernel } from '../kernel.ts'
import { goOn } from './go-on.ts'

/** Where passwords come, what the page has sealed is opened before the route sees it. */
export function openSealedPasswords(kernel: Kernel, app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const { lane } = request.routeOptions.config
    const body = request.body
    if (lane !== 'passwords' || typeof body !== 'object' || body === null) return done()
    const sealed = Object.entries(body).filter(([, value]) => isSealed(value)) as [string, string][]
    if (sealed.length === 0) done()
    else void goOn(open(kernel, request, sealed), done)
  })
}
async function open(kernel: Kernel, request: FastifyRequest, sealed: readonly (readonly [string, string])[]): Promise<void> {
  const opened = await openPasswords(kernel, sealed.map(([, value]) => value)) // prettier-ignore
  request.body = { ...(request.body as object), ...Object.fromEntries(sealed.map(([key], at) => [key, opened[at]])) }
}
