import type { FastifyReply, FastifyRequest } from 'fastify'
import { isUuid, Refusal, type OutsideStep } from '#model'
import { endOwnBinding, judgeBinding, type BindingVerdict } from '../../access/outside/bindings.ts'
import { beginErrand, bindErrand, finishErrand, takeErrand } from '../../access/outside/errands.ts'
import type { SignInWays } from '../../access/outside/from-environment.ts'
import type { OutsideWay } from '../../access/outside/way.ts'
import { AddressMeter } from '../address-meter.ts'
import { deviceCookie, type Server } from '../server.ts'
import { bodyOf } from './records.ts'
import { answerSignIn, captchaOf, factsOf, textOf } from './session.ts'

const errandCookie = 'xinglin_errand'
const folder = '/api/sign-in/outside'
/** Begun by one address within a minute: many people stand behind one proxy. */
const mostBegun = 600
/** Tells the page that somebody, or a refusal, waits to be taken; and that the way back was no answer to anything. */
const [taking, failed] = ['#signing-in', '#sign-in-failed']

/** Sign-in through other systems, and which account belongs to whom there. */
export const outsideRoutes = ({ ways }: SignInWays) => (server: Server): void => {
  const { app, kernel, originOf } = server
  const open = { config: { who: 'public' } } as const
  const meter = new AddressMeter(mostBegun)
  // Lax: the browser comes back from another site, with nothing but this.
  const cookieFor = (request: FastifyRequest) => ({ path: folder, httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const
  for (const way of ways) {
    const callbackOf = (request: FastifyRequest) => `${originOf(request)}${folder}/${way.provider}/back`
    app.get(`${folder}/${way.provider}`, open, async (request, reply) => {
      const begun = await begin(way, request, reply, callbackOf(request))
      if (!begun) return reply
      reply.setCookie(errandCookie, begun.token, { ...cookieFor(request), maxAge: 900 })
      return reply.redirect(begun.url)
    })
    app.get(`${folder}/${way.provider}/back`, open, async (request, reply) => {
      const search = request.url.replace(/^[^?]*/, '')
      const onRefused = ({ message, detail }: Refusal) => request.log.warn({ provider: way.provider, cause: detail['cause'] }, message)
      const path = isTooMuch(request) ? null : await finishErrand(kernel, way, request.cookies[errandCookie], search, { ...factsOf(request), onRefused })
      return reply.redirect(path === null ? `/${failed}` : `${path}${taking}`)
    })
  }
  /** People stand before these doors, not programs: what is refused is told on the page. */
  function isTooMuch(request: FastifyRequest): boolean {
    try {
      meter.take(request.ip, kernel.clock.now().getTime())
      return false
    } catch (error) {
      if (error instanceof Refusal) return true
      throw error
    }
  }
  /** A system that is away is told on the page, not as a problem in an empty window. */
  async function begin(way: OutsideWay, request: FastifyRequest, reply: FastifyReply, callback: string): Promise<{ url: string; token: string } | null> {
    const { to } = request.query as { to?: unknown }
    try {
      meter.take(request.ip, kernel.clock.now().getTime())
      return await beginErrand(kernel, way, { callback, goesTo: typeof to === 'string' ? to : '/', agent: factsOf(request).agent })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      reply.redirect(`/#sign-in-away=${way.provider}`)
      return null
    }
  }
  const forget = (request: FastifyRequest, reply: FastifyReply) => void reply.clearCookie(errandCookie, cookieFor(request))
  app.post(folder, open, async (request, reply) => {
    const taken = await takeErrand(kernel, request.cookies[errandCookie], { ...factsOf(request), device: request.cookies[deviceCookie] })
    if ('binding' in taken) return taken
    forget(request, reply)
    return answerSignIn(server, request, reply, taken)
  })
  app.post(`${folder}/bind`, { config: { ...open.config, lane: 'passwords' } }, async (request): Promise<OutsideStep> => {
    const body = bodyOf(request)
    const given = { account: textOf(body, 'account', 100).trim(), password: textOf(body, 'password'), captcha: captchaOf(body['captcha']) }
    return bindErrand(kernel, request.cookies[errandCookie], { ...given, ...factsOf(request) })
  })
} // prettier-ignore

/** 账号绑定: decided by officers, ended also by whose they are. */
export function bindingRoutes({ app, kernel, contextOf }: Server): void {
  const idOf = (request: FastifyRequest): string => {
    const { id } = request.params as { id: string }
    if (!isUuid(id)) throw new Refusal('notFound')
    return id
  }
  const verdicts = new Set<unknown>(['approve', 'refuse', 'end'] satisfies BindingVerdict[])
  app.post('/api/bindings/:id/judge', { config: { who: { right: 'security.bindings' } } }, async (request) => {
    const body = bodyOf(request)
    if (!verdicts.has(body['verdict'])) throw new Refusal('badRequest')
    const reason = body['reason'] === undefined ? '' : textOf(body, 'reason', 200)
    await judgeBinding(kernel, await contextOf(request), idOf(request), body['verdict'] as BindingVerdict, reason)
    return { done: true }
  })
  app.post('/api/me/bindings/:id/end', { config: { who: 'signedIn' } }, async (request) => {
    await endOwnBinding(kernel, await contextOf(request), idOf(request))
    return { done: true }
  })
}
