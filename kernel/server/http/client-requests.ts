import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '#model'
import { needSignedBody, watchBody, type Signed } from '../access/clients/admission.ts'
import { settle, take, type Claim, type KeptAnswer, type NumberedRequest } from '../access/clients/claims.ts'
import type { ApiClient } from '../access/clients/client.ts'
import type { UseLog } from '../access/clients/use-log.ts'
import type { Kernel } from '../kernel.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's work takes `request.claim` in the commit of its answer; else the server takes the claim of a signed request before. */
    claims?: 'withAnswer'
  }
  interface FastifyRequest {
    /** Why it was refused. */
    refusal: RefusalCode | null
    /** What the route's own work is to take. */
    claim: Claim | null
    /** The number under which the answer is to be kept by the server. */
    toSettle: NumberedRequest | null
  }
}

/** What happens to requests of other programs beside their work: the body is held against the signature, the claim is taken, the answer kept, the use counted. */
export function clientRequests(kernel: Kernel, app: FastifyInstance, uses: UseLog): void {
  app.decorateRequest('refusal', null)
  app.decorateRequest('claim', null)
  app.decorateRequest('toSettle', null)
  // In callback form, because every request passes here.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.signed) watchBody(request, request.signed)
    done(null, payload)
  })
  app.addHook('preHandler', (request, reply, done) => {
    const { signed } = request
    if (signed) void begin(kernel, { request, reply, signed }, done)
    else done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.client) noteUse(uses, request, request.client, reply.statusCode)
    if (request.toSettle) void keep(kernel, { request, reply, payload, number: request.toSettle }, () => done(null, payload))
    else done(null, payload)
  })
}
// Not when the answer has left: waiting for that would cost every answer of everybody two listeners.
function noteUse(uses: UseLog, request: FastifyRequest, client: ApiClient, status: number): void {
  uses.note({
    client,
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    outcome: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
    code: request.refusal,
    address: request.ip,
  })
}

type Done = (fault?: Error) => void
interface Begun {
  request: FastifyRequest
  reply: FastifyReply
  signed: Signed
}
/** Lets the request go to work, or answers what was answered before to the same one. */
async function begin(kernel: Kernel, { request, reply, signed }: Begun, done: Done): Promise<void> {
  let [known, fault]: [KeptAnswer | null, Error | undefined] = [null, undefined]
  try {
    known = await claim(kernel, request, signed)
  } catch (error) {
    fault = error as Error
  }
  if (known) repeat(reply, known)
  else done(fault)
}
async function claim(kernel: Kernel, request: FastifyRequest, signed: Signed): Promise<KeptAnswer | null> {
  needSignedBody(signed)
  const { claim: own } = signed
  // An answer that is kept goes the usual way: the record of who asked what need not hold answers.
  if (request.routeOptions.config.claims === 'withAnswer' && !own.request) {
    request.claim = own
    return null
  }
  const known = await take(kernel, own)
  if (known?.body === null) throw new Refusal('requestAnswered')
  if (!known) request.toSettle = own.request
  return known
}
interface Kept {
  request: FastifyRequest
  reply: FastifyReply
  payload: unknown
  number: NumberedRequest
}
async function keep(kernel: Kernel, { request, reply, payload, number }: Kept, done: Done): Promise<void> {
  request.toSettle = null
  const type = reply.getHeader('content-type')
  const body = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) ? payload.toString() : payload ? null : ''
  try {
    await settle(kernel, number, { status: reply.statusCode, type: type === undefined ? null : String(type), body })
  } catch (error) {
    // What was done is answered all the same; asked again, it is said that the answer is not known.
    request.log.error(error)
  }
  done()
}
function repeat(reply: FastifyReply, { status, type, body }: KeptAnswer): void {
  if (type !== null) reply.type(type)
  reply.status(status).header('x-xinglin-repeated', 'true').send(body)
}
