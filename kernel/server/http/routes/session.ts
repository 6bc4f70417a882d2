import { Refusal, today, type Me } from '#model'
import { changePassword, signIn, type Session } from '../../access/sessions.ts'
import type { Kernel } from '../../kernel.ts'
import { readSettings } from '../../settings.ts'
import { sessionCookie, type Server } from '../server.ts'

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', secure: 'auto' } as const

/** Sign-in, sign-out, who am I. */
export function sessionRoutes({ app, kernel, sessions }: Server): void {
  const mine = { who: 'signedIn', withFirstPassword: true } as const
  app.post<{ Body: { account?: unknown; password?: unknown } }>('/api/sign-in', { config: { who: 'public' } }, async (request, reply) => {
    const { account, password } = request.body ?? {}
    if (typeof account !== 'string' || typeof password !== 'string' || account.length > 100 || password.length > 500)
      throw new Refusal('wrongPassword')
    const { token, session } = await signIn(kernel, {
      account: account.trim(),
      password,
      address: request.ip,
      agent: request.headers['user-agent'] ?? '',
    })
    reply.setCookie(sessionCookie, token, { ...cookieOptions, secure: request.protocol === 'https' })
    return me(kernel, session)
  })
  app.post('/api/sign-out', { config: mine }, async (request, reply) => {
    await sessions.end(request.sessionToken!)
    reply.clearCookie(sessionCookie, cookieOptions)
    return { done: true }
  })
  app.get('/api/me', { config: mine }, (request) => me(kernel, request.session!))
  app.post<{ Body: { current?: unknown; next?: unknown } }>('/api/password', { config: mine }, async (request) => {
    const { current, next } = request.body ?? {}
    if (typeof current !== 'string' || typeof next !== 'string') throw new Refusal('badRequest')
    await changePassword(kernel, request.session!, request.sessionToken!, current, next)
    sessions.forget()
    return { done: true }
  })
}

async function me(kernel: Kernel, session: Session): Promise<Me> {
  const directory = await kernel.directory()
  const person = session.person ? directory.people.get(session.person) : undefined
  const day = today(kernel.clock)
  const actor = person
    ? ({
        kind: 'person',
        person: person.id,
        account: session.account,
        name: person.name,
        roles: directory.rolesOf(person.id, day),
      } as const)
    : null
  const roles = actor ? kernel.access.rolesOf(actor) : []
  const settings = await readSettings(kernel.db)
  return {
    person: person ? { id: person.id, name: person.name, unit: person.unit, unitName: directory.unitName(person.unit) || null } : null,
    account: { id: session.account, name: session.accountName, mustChangePassword: session.mustChange },
    roles: roles.map((name) => ({
      name,
      label: (kernel.defs.roles.get(name)?.label ?? name).replaceAll('{medicalOffice}', settings.medicalOffice),
    })),
    rights: actor ? kernel.access.rightsOf(actor) : [],
    hospital: { name: settings.hospitalName, medicalOffice: settings.medicalOffice },
    today: day,
    csrf: session.csrf,
  }
}
