import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify'
import { existsSync } from 'node:fs'
import { createHash, timingSafeEqual } from 'node:crypto'
import { today, Refusal } from '#model'
import { Admission, type Signed } from '../access/clients/admission.ts'
import type { ApiClient } from '../access/clients/client.ts'
import { UseLog } from '../access/clients/use-log.ts'
import { type Session, Sessions } from '../access/sessions.ts'
import type { Actor, Context } from '../context.ts'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import type { Kernel } from '../kernel.ts'
import { AdminListener } from './admin-listener.ts'
import { clientRequests } from './client-requests.ts'
import { type AllBounds, keepWithin, usualBounds } from './gate.ts'
import { goOn } from './go-on.ts'
import { standardHeaders } from './headers.ts'
import { readStrictly, strictOptions } from './input.ts'
import type { Lane } from './lane.ts'
import { loggedRequest } from './logged.ts'
import { takeOnce } from './once.ts'
import { openSealedPasswords } from './sealed-passwords.ts'
import { openApi } from './openapi.ts'
import { takeAsked } from './asked.ts'
import { servePage } from './page.ts'
import { refusalsAsProblems, sendProblem } from './problems.ts'
import { stopPromptly } from './stopping.ts'

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
  /** The listener of whoever administers, where it is apart from everybody's. */
  management: AdminListener
  kernel: Kernel
  sessions: Sessions
  /** Forgets what is held in memory of other programs and their keys, and counts what they do. */
  admission: Admission
  uses: UseLog
  /** The context of a request's act. */
  contextOf(request: FastifyRequest): Promise<Context>
  /** The address under which people reach the system: what the installation says, else as this request came. Stands in codes and links that leave it. */
  originOf(request: FastifyRequest): string
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
  /** Where the house is known to the world, `https://host[:port]`. */
  publicUrl?: string | null
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

/** Builds the HTTP side over a kernel. */
export async function buildServer(kernel: Kernel, options: ServerOptions): Promise<Server> {
  const app = Fastify({
    logger: options.logger ? { serializers: { req: loggedRequest } } : false,
    bodyLimit: longestBody,
    trustProxy: options.proxies?.length ? [...options.proxies] : false,
    routerOptions: { maxParamLength: 200 },
    ...strictOptions,
  })
  stopPromptly(app)
  const sessions = new Sessions(kernel)
  const [admission, uses] = [new Admission(kernel), new UseLog(kernel)]
  standardHeaders(app, { mayBeTls: Boolean(options.proxies?.length) })
  readStrictly(app)
  const management = new AdminListener(app)
  takeAsked(app)
  const served: RouteOptions[] = []
  const server: Server = {
    app,
    management,
    routes: served,
    kernel,
    sessions,
    admission,
    uses,
    lanes: keepWithin(app, { ...usualBounds, ...options.bounds }),
    contextOf: (request) => contextOf(kernel, request),
    originOf: (request) => options.publicUrl ?? `${request.protocol}://${request.host}`,
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
  app.addHook('onRequest', (_request, _reply, done) => kernel.keepDefinitions(done))
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      const pending = identify(kernel, sessions, admission, request)
      if (pending) void goOn(pending, done)
      else done()
    } catch (error) {
      done(error as Error)
    }
  })
  takeOnce(kernel, app)
  openSealedPasswords(kernel, app)
  clientRequests(kernel, app, uses)
  const hasPage = options.pageFolder !== undefined && existsSync(`${options.pageFolder}/index.html`)
  refusalsAsProblems(kernel, app)
  for (const routes of options.routes) await routes(server)
  app.get('/api/openapi.json', { config: { who: 'signedIn' } }, () => openApi(kernel.defs, served, options.version ?? '0'))
  const sendPage = hasPage ? await servePage(app, options.pageFolder!) : null
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !request.url.startsWith('/api') && !management.hidesPage(request)
    return sendPage && isPage ? sendPage(reply) : sendProblem(reply, new Refusal('unknownRoute'), request.id)
  })
  return server
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

/** ETag of an answer that is costly to send again. */
export const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
