import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify'
import { existsSync } from 'node:fs'
import { createHash, timingSafeEqual } from 'node:crypto'
import { today, Refusal, refusals, type Problem, type RefusalCode } from '#model'
import { Admission, type Signed } from '../access/clients/admission.ts'
import type { ApiClient } from '../access/clients/client.ts'
import { UseLog } from '../access/clients/use-log.ts'
import { type Session, Sessions } from '../access/sessions.ts'
import { auditAlone, RefusalMeter } from '../audit/audit.ts'
import type { Actor, Context } from '../context.ts'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import type { Kernel } from '../kernel.ts'
import { clientRequests } from './client-requests.ts'
import { type AllBounds, keepWithin, usualBounds } from './gate.ts'
import type { Lane } from './lane.ts'
import { openApi } from './openapi.ts'
import { takeAsked } from './asked.ts'
import { stopPromptly } from './stopping.ts'
import { stopReceiving } from './stop-receiving.ts'

/** Who may call a route. Stated by every route: one without does not start. `caller` is whoever is known, person or program: what he may do is asked further in. */
export type Who = 'public' | 'signedIn' | 'client' | 'caller' | { right: string }
declare module 'fastify' {
  interface FastifyContextConfig {
    who?: Who
    /** Open also to whoever still owes a password of his own or a second factor; everything else waits for it. */
    whileOwing?: boolean
    /** Asked by the page, not by whoever sits before it: does not keep the session alive. */
    background?: boolean
  }
  interface FastifyRequest {
    session: Session | null
    sessionToken: string | null
    client: ApiClient | null
    /** What a signed request has proved, and its claim. */
    signed: Signed | null
  }
}

export interface Server {
  app: FastifyInstance
  kernel: Kernel
  sessions: Sessions
  /** Forgets what is held in memory of other programs and their keys, and counts what they do. */
  admission: Admission
  uses: UseLog
  /** The context of a request's act. */
  contextOf(request: FastifyRequest): Promise<Context>
  /** Routes that take files. Only these carry the hooks that watch over uploads: every other answer would pay for them. */
  takingFiles(routes: (app: FastifyInstance) => void): void
  /** Every route that is served, with who may call it. */
  routes: readonly RouteOptions[]
  /** How much is being worked on and waits, by lane. */
  lanes: ReadonlyMap<string, Lane>
}
export type Routes = (server: Server) => void | Promise<void>
export interface ServerOptions {
  routes: readonly Routes[]
  /** Folder of the built page; without it only the API is served. */
  pageFolder?: string
  logger?: boolean
  version?: string
  /** Addresses or ranges of the proxies before it: only what these say of where a request comes from is believed. */
  proxies?: readonly string[] | undefined
  /** How much is worked on at once, and how much waits; see `gate.ts`. */
  bounds?: Partial<AllBounds> | undefined
}
export const sessionCookie = 'xinglin_session'
/** A browser that has passed a second factor. */
export const deviceCookie = 'xinglin_device'
/** Bytes of a body; much less of somebody of whom nothing is known yet. */
const [longestBody, longestOfStrangers] = [16 * 1024 * 1024, 256 * 1024]
const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** What the log holds of a request: no query and no token, which prove somebody on his way back from another system or open what was shared. */
export const loggedRequest = ({ method, url, ip }: Pick<FastifyRequest, 'method' | 'url' | 'ip'>): Record<string, string> => ({
  method,
  url: url.replace(/[?#].*$/, '').replace(/^(\/api)?\/s\/[^/]+/, '$1/s/…'),
  remoteAddress: ip,
})

/** Builds the HTTP side over a kernel. */
export async function buildServer(kernel: Kernel, options: ServerOptions): Promise<Server> {
  const app = Fastify({
    logger: options.logger ? { serializers: { req: loggedRequest } } : false,
    bodyLimit: longestBody,
    trustProxy: options.proxies?.length ? [...options.proxies] : false,
    routerOptions: { maxParamLength: 200 },
  })
  stopPromptly(app)
  const sessions = new Sessions(kernel)
  const [admission, uses] = [new Admission(kernel), new UseLog(kernel)]
  // Headers first, so that refusals have them and a route may say otherwise. In callback form, because every answer passes here.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/api/') ? answerHeaders : pageHeaders)
    done()
  })
  takeAsked(app)
  const served: RouteOptions[] = []
  const server: Server = {
    app,
    routes: served,
    kernel,
    sessions,
    admission,
    uses,
    lanes: keepWithin(app, { ...usualBounds, ...options.bounds }),
    contextOf: (request) => contextOf(kernel, request),
    takingFiles: (uploads) =>
      void app.register(async (scope) => {
        scope.addHook('onRoute', (route) => void (route.config = { lane: 'files', ...route.config }))
        await scope.register(multipart, { limits: { fileSize: 200 * 1024 * 1024, files: 1, fields: 20 } })
        uploads(scope)
      }),
  }
  await app.register(cookie)
  app.decorateRequest('session', null)
  app.decorateRequest('sessionToken', null)
  app.decorateRequest('client', null)
  app.decorateRequest('signed', null)
  app.addHook('onRoute', (route) => {
    served.push(route)
    if (route.config?.who === 'public') route.bodyLimit ??= longestOfStrangers
    if (route.url.startsWith('/api') && !route.config?.who)
      throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`)
  })
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      const pending = identify(kernel, sessions, admission, request)
      if (pending) void goOn(pending, done)
      else done()
    } catch (error) {
      done(error as Error)
    }
  })
  clientRequests(kernel, app, uses)
  const hasPage = options.pageFolder !== undefined && existsSync(`${options.pageFolder}/index.html`)
  refusalsAsProblems(kernel, app, hasPage)
  for (const routes of options.routes) await routes(server)
  app.get('/api/openapi.json', { config: { who: 'signedIn' } }, () => openApi(kernel.defs, served, options.version ?? '0'))
  if (hasPage) await servePage(app, options.pageFolder!)
  return server
}

async function goOn(pending: Promise<void>, done: (error?: Error) => void): Promise<void> {
  let fault: Error | undefined
  try {
    await pending
  } catch (error) {
    fault = error as Error
  }
  done(fault)
}
/** What an answer of the API is not: a page, a frame, another type than it says. */
const answerHeaders = {
  'x-content-type-options': 'nosniff',
  // No disk keeps what somebody has read here.
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
const pageHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-src 'self' blob:; object-src 'self'; base-uri 'self'; frame-ancestors 'none'",
  'permissions-policy': 'geolocation=(self), microphone=(), camera=(self)',
}

/** Finds out who calls, and refuses whom the route does not admit. Nothing to wait for where a key has just been read: answers null. */
function identify(kernel: Kernel, sessions: Sessions, admission: Admission, request: FastifyRequest): Promise<void> | null {
  const who = request.routeOptions.config.who
  if (!who || who === 'public') return null
  if (!admission.isForClient(request)) return admitSession(kernel, sessions, request, who)
  const admitted = admission.admit(request)
  if (admitted instanceof Promise) return admitted.then((signed) => admitClient(kernel, request, who, signed))
  admitClient(kernel, request, who, admitted)
  return null
}
function admitClient(kernel: Kernel, request: FastifyRequest, who: Who, signed: Signed | null): void {
  request.signed = signed
  if (who === 'signedIn' || (typeof who === 'object' && !kernel.access.mayUse(request.client!.actor, who.right)))
    throw new Refusal('noRight')
}
async function admitSession(kernel: Kernel, sessions: Sessions, request: FastifyRequest, who: Who): Promise<void> {
  if (who === 'client') throw new Refusal('badKey', '请签名，或在 Authorization 头中提供接口密钥')
  const token = request.cookies[sessionCookie]
  request.session = token
    ? await sessions.find(token, {
        address: request.ip,
        isActive: !request.routeOptions.config.background && request.headers['x-background'] === undefined,
      })
    : null
  if (!request.session) throw new Refusal('notSignedIn')
  request.sessionToken = token!
  if (writing.has(request.method)) checkCsrf(request, request.session)
  const { owes } = request.session
  if (owes && !request.routeOptions.config.whileOwing) throw new Refusal(owes === 'password' ? 'passwordMustChange' : 'secondFactorMissing')
  if (typeof who === 'object' && !kernel.access.mayUse(actorOf(kernel, await kernel.directory(), request), who.right))
    throw new Refusal('noRight')
}
function checkCsrf(request: FastifyRequest, session: Session): void {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''))
  const expected = Buffer.from(session.csrf)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refusal('csrf')
}

function actorOf(kernel: Kernel, directory: DirectorySnapshot, request: FastifyRequest): Actor {
  if (request.client) return request.client.actor
  const session = request.session
  if (!session?.person) throw new Refusal('noRight', '该账号未关联人员')
  const person = session.person
  if (!directory.isActive(person)) throw new Refusal('accountDisabled', '该人员已离职，账号不能使用')
  return {
    kind: 'person',
    person,
    account: session.account,
    name: directory.nameOf(person),
    roles: directory.rolesOf(person, today(kernel.clock)),
  }
}
async function contextOf(kernel: Kernel, request: FastifyRequest): Promise<Context> {
  const origin = request.client ? 'api' : /Mobile|Android|iPhone|wxwork/i.test(request.headers['user-agent'] ?? '') ? 'phone' : 'web'
  const directory = await kernel.directory()
  return kernel.contextIn(directory, actorOf(kernel, directory, request), origin, { address: request.ip })
}

/** Every refusal and fault leaves as problem+json; refusals of people are audited in a transaction of their own. */
function refusalsAsProblems(kernel: Kernel, app: FastifyInstance, hasPage: boolean): void {
  const meter = new RefusalMeter()
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = asRefusal(error)
    request.refusal = refusal.code
    if (refusal.code === 'tooLarge') stopReceiving(request, reply)
    if (refusal.code === 'fault') request.log.error(error)
    await noteRefusal(kernel, meter, request, refusal).catch(() => undefined)
    return sendProblem(reply, refusal, request.id)
  })
  app.setNotFoundHandler(async (request, reply) => {
    if (request.url.startsWith('/api') || request.method !== 'GET') return sendProblem(reply, new Refusal('unknownRoute'), request.id)
    return hasPage
      ? reply.type('text/html').header('cache-control', 'no-cache').sendFile('index.html')
      : sendProblem(reply, new Refusal('unknownRoute'), request.id)
  })
}
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const { statusCode, code, validation } = error as {
    statusCode?: number
    code?: string
    validation?: { instancePath: string; message?: string }[]
  }
  if (code === 'FST_REQ_FILE_TOO_LARGE' || statusCode === 413) return new Refusal('tooLarge')
  if (validation)
    return new Refusal('badRequest', undefined, {
      problems: validation.map((v) => ({ field: v.instancePath.slice(1).replaceAll('/', '.'), message: v.message ?? '' })),
    })
  if (statusCode && statusCode >= 400 && statusCode < 500) return new Refusal('badRequest')
  return new Refusal('fault')
}
export function sendProblem(reply: FastifyReply, refusal: Refusal, requestId: string): FastifyReply {
  const problem: Problem = {
    type: `/problems/${refusal.code}`,
    title: refusal.message,
    status: refusal.status,
    code: refusal.code,
    requestId,
    ...refusal.detail,
  }
  const retryAfter = refusal.detail['retryAfter'] as number | undefined
  if (retryAfter !== undefined || refusal.status === 503 || refusal.code === 'tooManyRequests')
    reply.header('retry-after', String(retryAfter ?? 2))
  return reply.status(refusals[refusal.code][0]).type('application/problem+json').send(JSON.stringify(problem))
}

const audited = new Set<RefusalCode>([
  'noRight', 'notFound', 'csrf', 'badKey', 'notSignedIn', 'signatureRequired', 'badSignature', 'clockSkew', 'replayed', 'outsideNetwork', 'clientDisabled', 'tooManyRequests',
]) // prettier-ignore
async function noteRefusal(kernel: Kernel, meter: RefusalMeter, request: FastifyRequest, { code }: Refusal): Promise<void> {
  if (!audited.has(code)) return
  const now = kernel.clock.now()
  const act = `${request.method} ${request.routeOptions.url ?? ''}`
  const isStranger = !request.session && !request.client
  if (isStranger && code === 'tooManyRequests') return
  // Counted together are those of a stranger by his address, of a program by its name and route; each by its reason.
  const counted = (act: string, name: string | null) =>
    meter.note(JSON.stringify([act, name, request.ip, code]), now.getTime(), (count) =>
      auditAlone(kernel.db, now, { actor: null, name, address: request.ip }, { act, outcome: 'refused', detail: { code, count } }),
    )
  if (isStranger) return counted('request', null)
  if (request.client) return counted(act, request.client.name)
  const params = request.params as { resource?: string; id?: string } | undefined
  const id = params?.id && /^[0-9a-f-]{36}$/.test(params.id) ? params.id : null
  await auditAlone(
    kernel.db,
    now,
    { actor: request.session?.person ?? null, name: request.session?.accountName ?? null, address: request.ip },
    { act, outcome: 'refused', resource: params?.resource ?? null, record: id, detail: { code } },
  )
}

/** The built page. Files with a hash in their name never change. */
async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    index: ['index.html'],
    setHeaders: (reply, path) =>
      void reply.header('cache-control', /\/assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
}

/** ETag of an answer that is costly to send again. */
export const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
