import type { FastifyRequest } from 'fastify'
import { isUuid, Refusal, type AccountSignIn, type OwnSignIn, type SessionItem } from '#model'
import { accountById, keepAccount, mustHaveSecondFactor } from '../../access/accounts.ts'
import { deviceName } from '../../access/device-name.ts'
import { accountKey, failuresOf, forgetFailures } from '../../access/failures.ts'
import { placeOf } from '../../access/networks.ts'
import { accountOf } from '../../access/own-password.ts'
import { bindAuthenticator, confirmAuthenticator, renewRecoveryCodes, unbindAuthenticator } from '../../access/own-second-factor.ts'
import { passwordEnds } from '../../access/passwords.ts'
import { askReset, carryOutReset, judgeReset, openResets } from '../../access/resets.ts'
import { recoveryCodesLeft } from '../../access/second-factor.ts'
import { endSessionsOf, sessionsOf } from '../../access/sessions.ts'
import { audit } from '../../audit/audit.ts'
import type { Kernel } from '../../kernel.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'
import { factsOf, setSessionCookie, textOf } from './session.ts'

/** 登录与安全: the own sessions and second factor; and accounts as officers see them. */
export function accountRoutes(server: Server): void {
  ownRoutes(server)
  secondFactorRoutes(server)
  officerRoutes(server)
}

async function sessionItems(kernel: Kernel, account: string, current?: string): Promise<SessionItem[]> {
  const { networks } = await kernel.protection.current()
  return (await sessionsOf(kernel, account)).map(({ agent, ...one }) => ({
    ...one,
    place: placeOf(one.address, networks),
    device: deviceName(agent),
    isThis: one.id === current,
  }))
}
function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string }
  if (!isUuid(id)) throw new Refusal('notFound')
  return id
}

function ownRoutes({ app, kernel, sessions }: Server): void {
  const mine = { config: { who: 'signedIn' } } as const
  app.get('/api/me/sign-in', { config: { who: 'signedIn', whileOwing: true } }, async (request): Promise<OwnSignIn> => {
    const session = request.session!
    const account = await accountOf(kernel, session)
    const policy = await kernel.protection.policy()
    const directory = await kernel.directory()
    return {
      account: account.name,
      staffNumber: account.person ? (directory.people.get(account.person)?.staffNumber ?? null) : null,
      policy,
      passwordEnds: passwordEnds(account.passwordAt, policy),
      validUntil: account.validUntil,
      secondFactor: account.secondFactor,
      mustHaveSecondFactor: await mustHaveSecondFactor(kernel, policy, account.person),
      recoveryCodesLeft: await recoveryCodesLeft(kernel.db, account.id),
      sessions: await sessionItems(kernel, account.id, session.id),
    }
  }) // prettier-ignore
  app.post('/api/me/sessions/:id/end', mine, async (request) => {
    const ended = await endSessionsOf(kernel, request.session!.account, 'ended', { only: idOf(request) })
    sessions.forget()
    if (ended === 0) throw new Refusal('notFound', '该处已经退出')
    return { done: true }
  })
  app.post('/api/me/sessions/end-others', mine, async (request) => {
    const ended = await endSessionsOf(kernel, request.session!.account, 'ended', { but: request.session!.id })
    sessions.forget()
    return { ended }
  })
}

function secondFactorRoutes({ app, kernel, sessions }: Server): void {
  const owing = { config: { who: 'signedIn', whileOwing: true } } as const
  const mine = { config: { who: 'signedIn' } } as const
  const proofOf = (request: FastifyRequest) => {
    const body = bodyOf(request)
    const given = (key: string) => (body[key] === undefined ? '' : textOf(body, key))
    return { password: given('password'), code: given('code'), ...factsOf(request) }
  }
  app.post('/api/me/second-factor/start', { config: { ...owing.config, lane: 'passwords' } }, (request) =>
    bindAuthenticator(kernel, request.session!, proofOf(request)),
  )
  app.post('/api/me/second-factor/confirm', owing, async (request, reply) => {
    const codes = await confirmAuthenticator(kernel, request.session!, { code: textOf(bodyOf(request), 'code', 40), address: request.ip })
    // What proves him has changed: so does the token.
    setSessionCookie(request, reply, await sessions.rotate(request.sessionToken!))
    return codes
  })
  app.post('/api/me/second-factor/codes', mine, (request) => renewRecoveryCodes(kernel, request.session!, proofOf(request)))
  app.post('/api/me/second-factor/remove', mine, async (request) => {
    await unbindAuthenticator(kernel, request.session!, proofOf(request))
    return { done: true }
  })
}

function officerRoutes({ app, kernel, sessions, contextOf }: Server): void {
  const keeps = { config: { who: { right: 'security.accounts' } } } as const
  const confirms = { config: { who: { right: 'security.confirmResets' } } } as const
  app.get('/api/accounts/:id/sign-in', { config: { who: 'signedIn' } }, async (request): Promise<AccountSignIn> => {
    const ctx = await contextOf(request)
    if (!['security.accounts', 'security.confirmResets'].some((right) => kernel.access.mayUse(ctx.actor, right)))
      throw new Refusal('noRight')
    const account = await accountById(kernel.db, idOf(request))
    if (!account) throw new Refusal('notFound')
    const [failures] = await failuresOf(kernel.db, [accountKey(account, '')], ctx.clock.now())
    return {
      sessions: await sessionItems(kernel, account.id),
      lockedUntil: failures!.lockedUntil?.toISOString() ?? null,
      recoveryCodesLeft: await recoveryCodesLeft(kernel.db, account.id),
      resets: await openResets(kernel, ctx, account.id),
    }
  })
  app.post('/api/accounts/:id/unlock', keeps, async (request) => {
    const ctx = await contextOf(request)
    const account = await accountById(kernel.db, idOf(request))
    if (!account) throw new Refusal('notFound')
    await forgetFailures(kernel.db, [accountKey(account, '')])
    await keepAccount(kernel, ctx, account.id, { lockedUntil: null }, 'account.unlock')
    await audit(ctx, { act: 'account.unlock', outcome: 'done', resource: 'security.account', record: account.id })
    return { done: true }
  })
  app.post('/api/accounts/:id/sessions/end', keeps, async (request) => {
    const ctx = await contextOf(request)
    const ended = await endSessionsOf(kernel, idOf(request), 'ended')
    sessions.forget()
    await audit(ctx, {
      act: 'account.sessions.end',
      outcome: 'done',
      resource: 'security.account',
      record: idOf(request),
      detail: { ended },
    })
    return { ended }
  })
  app.post('/api/accounts/:id/reset', keeps, async (request) => {
    const body = bodyOf(request)
    if (body['what'] !== 'password' && body['what'] !== 'secondFactor') throw new Refusal('badRequest')
    const answer = await askReset(kernel, await contextOf(request), idOf(request), body['what'], textOf(body, 'reason', 200))
    sessions.forget()
    return answer
  })
  app.post('/api/account-resets/:id/judge', confirms, async (request) => {
    const isAgreed = bodyOf(request)['agree']
    if (typeof isAgreed !== 'boolean') throw new Refusal('badRequest')
    await judgeReset(kernel, await contextOf(request), idOf(request), isAgreed)
    return { done: true }
  })
  app.post('/api/account-resets/:id/carry-out', keeps, async (request) => {
    const answer = await carryOutReset(kernel, await contextOf(request), idOf(request))
    sessions.forget()
    return answer
  })
}
