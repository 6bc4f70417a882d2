import { askedHeader, readAsked, Refusal } from '#model'
import type { FastifyInstance } from 'fastify'

/** What stands in the header of a question is read as if it stood in its address. */
export function takeAsked(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const text = request.headers[askedHeader]
    if (text === undefined) return done()
    const asked = typeof text === 'string' ? readAsked(text) : null
    if (!asked) return done(new Refusal('badRequest'))
    Object.assign(request.query as object, asked)
    done()
  })
}
