import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, today, type Me, type SignInPageFacts } from '#model'
import type { SignInWays } from '../../access/outside/from-environment.ts'
import { accountOf, changePassword } from '../../access/own-password.ts'
import { passwordKey } from '../../access/sealed-passwords.ts'
import { endsSoon, type Session } from '../../access/sessions.ts'
import { captchaFor, signIn, signInSecond, type SignedIn } from '../../access/sign-in.ts'
import type { Kernel } from '../../kernel.ts'
import { likingsOf } from '../../likings.ts'
import { mustReadNotice } from '../../personal/consent.ts'
import { fillLabel, readSettings } from '../../settings.ts'
import { AddressMeter } from '../address-meter.ts'
import { deviceCookie, sessionCookie, type Server } from '../server.ts'
import { bodyOf } from './records.ts'

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict' } as const
/** Pictures for one address within a minute: many people stand behind one proxy. */
const mostCaptchas = 300
const longestDevice = 365 * 86_400
export const setSessionCookie = (request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply =>
  reply.setCookie(sessionCookie, token, { ...cookieOptions, secure: request.protocol === 'https' })
/** A text of the body, no longer than that; refuses anything else, and what no database holds as a text. */
export function textOf(body: Readonly<Record<string, unknown>>, key: string, most = 500): string {
  const value = body[key]
  if (typeof value !== 'string' || value.length > most || value.includes('\u0000') || !value.isWellFormed()) throw new Refusal('badRequest')
  return value
}
/** Where a request to sign in comes from. */
export const factsOf = (request: FastifyRequest) => ({
  address: request.ip,
  agent: request.headers['user-agent'] ?? '',
  device: request.cookies[deviceCookie],
})

/** Sign-in in one or two steps, sign-out, who am I, the own password. */
export const sessionRoutes =
  ({ ways, sms }: SignInWays) =>
  (server: Server): void => {
    const { app, kernel, sessions } = server
    const open = { config: { who: 'public' } } as const
    const proving = { config: { who: 'public', lane: 'passwords' } } as const
    const captchas = new AddressMeter(mostCaptchas)
    const mine = { config: { who: 'signedIn', whileOwing: true } } as const
    app.get('/api/sign-in', open, async (): Promise<SignInPageFacts> => {
      const [settings, policy] = await Promise.all([readSettings(kernel.db), kernel.protection.policy()])
      return {
        hospital: settings.hospitalName,
        captcha: policy.captcha === 'always',
        ways: ways.map(({ provider, label }) => ({ provider, label })),
        reset: sms !== null,
      }
    })
    app.post('/api/sign-in/captcha', open, (request) => {
      captchas.take(request.ip, kernel.clock.now().getTime())
      return captchaFor(kernel)
    })
    app.get('/api/password-key', open, () => passwordKey(kernel))
    app.post('/api/sign-in', proving, async (request, reply) => {
      const body = bodyOf(request)
      const given = {
        account: textOf(body, 'account', 100).trim(),
        password: textOf(body, 'password'),
        captcha: captchaOf(body['captcha']),
      }
      return answerSignIn(server, request, reply, await signIn(kernel, { ...given, ...factsOf(request) }))
    })
    app.post('/api/sign-in/second', open, async (request, reply) => {
      const body = bodyOf(request)
      const done = await signInSecond(kernel, { ticket: textOf(body, 'ticket', 100), code: textOf(body, 'code', 40), ...factsOf(request) })
      return answerSignIn(server, request, reply, done)
    })
    app.post('/api/sign-out', mine, async (request, reply) => {
      await sessions.end(request.sessionToken!)
      // Whatever lies in this browser of him goes with him; browsers heed it on https only, so the page does the same.
      reply.clearCookie(sessionCookie, cookieOptions).header('clear-site-data', '"cache", "storage"')
      return { done: true }
    })
    app.get('/api/me', mine, (request) => me(kernel, request.session!))
    app.post('/api/password', { config: { ...mine.config, lane: 'passwords' } }, async (request, reply) => {
      const body = bodyOf(request)
      await changePassword(kernel, request.session!, { current: textOf(body, 'current'), next: textOf(body, 'next'), ...factsOf(request) })
      setSessionCookie(request, reply, await sessions.rotate(request.sessionToken!))
      return { done: true }
    })
  }
/** The picture that was read, where one was asked. */
export function captchaOf(given: unknown): { id: string; answer: string } | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { id, answer } = given as Record<string, unknown>
  return typeof id === 'string' && typeof answer === 'string' ? { id, answer: answer.slice(0, 20) } : undefined
}

/** Sets the cookies of a sign-in that is done and says who came; else answers the ticket for the second factor. */
export async function answerSignIn({ kernel, sessions }: Server, request: FastifyRequest, reply: FastifyReply, done: SignedIn): Promise<Me | { ticket: string }> {
  if ('ticket' in done) return done
  setSessionCookie(request, reply, done.token)
  if (done.device) reply.setCookie(deviceCookie, done.device, { ...cookieOptions, secure: request.protocol === 'https', maxAge: longestDevice })
  const session = await sessions.find(done.token, { address: request.ip, isActive: true })
  if (!session) throw new Refusal('notSignedIn')
  return me(kernel, session)
} // prettier-ignore

async function me(kernel: Kernel, session: Session): Promise<Me> {
  const directory = await kernel.directory()
  const person = session.person ? directory.people.get(session.person) : undefined
  const day = today(kernel.clock)
  const actor = person ? ({ kind: 'person', person: person.id, account: session.account, name: person.name, roles: directory.rolesOf(person.id, day) } as const) : null // prettier-ignore
  const roles = actor ? kernel.access.rolesOf(actor) : []
  const [settings, policy, account, likings] = await Promise.all([readSettings(kernel.db), kernel.protection.policy(), accountOf(kernel, session), likingsOf(kernel.db, session.account)])
  const mustRead = await mustReadNotice(kernel, kernel.db, session.person)
  return {
    person: person ? { id: person.id, name: person.name, unit: person.unit, unitName: directory.unitName(person.unit) || null } : null,
    account: { id: session.account, name: session.accountName, owes: session.owes, endsSoon: endsSoon(account, policy, kernel.clock.now()), idleMinutes: policy.idleMinutes },
    roles: roles.map((name) => ({ name, label: fillLabel(kernel.defs.roles.get(name)?.label ?? name, settings) })),
    rights: actor ? kernel.access.rightsOf(actor) : [],
    hospital: { name: settings.hospitalName, medicalOffice: settings.medicalOffice },
    mustReadNotice: mustRead && !kernel.trial,
    likings,
    today: day,
    trial: kernel.trial,
    csrf: session.csrf,
  }
} // prettier-ignore
