import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#model'
import { accountByPerson, createAccount } from '../access/accounts.ts'
import { hashPassword, oneTimePassword } from '../access/passwords.ts'
import { openSession, type Session, type Sessions } from '../access/sessions.ts'
import { sessionCookie, type Server } from '../http/server.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { currentTrial, isInvited, programMark, trialTable, type Trial } from './trials.ts'

/** A second house over the trial's database. */
export interface TrialHouse {
  kernel: Kernel
  server: Server
  startWork(): Promise<void>
  close(): Promise<void>
}
/** What is tried stands under this address: pages and, behind `/api`, requests. */
export const trialPath = '/trial'
/** Accounts, sign-in, publishing and what is kept of people belong to the live house: the space has none of it. */
const notWritten =
  /^\/api\/(sign-in|sign-out|password|reset|me\/second-factor|me\/sessions|me\/bindings|publishings|releases|designs|design-files|library|trial|flow-designs|reminders|messages\/push|shares|emergency|personal-requests|s)(\/|\?|$)/
const notAsked =
  /^\/api\/(accounts|account-resets|role-assignments|bindings|protection|settings|messaging|clients|indexes|rights|audit|library-api|flow-api)(\/|\?|$)/
const isHere = (method: string, url: string): boolean => !notAsked.test(url) && (method === 'GET' || !notWritten.test(url))

/** The space that is open, as this process serves it: its house, and for whom. */
export class Trials {
  private readonly kernel: Kernel
  private readonly openHouse: (trial: Trial) => Promise<TrialHouse>
  private open: { trial: Trial; house: TrialHouse } | null = null
  private isWorking = false
  private following: Promise<void> = Promise.resolve()
  private readonly tokens = new Map<string, Promise<string>>()
  constructor(kernel: Kernel, openHouse: (trial: Trial) => Promise<TrialHouse>) {
    this.kernel = kernel
    this.openHouse = openHouse
  }

  /** Opens the house of the space that is open, and closes that of one that has ended. One after the other. */
  follow(): Promise<void> {
    this.following = this.following.catch(() => undefined).then(() => this.look())
    return this.following
  }
  private async look(): Promise<void> {
    const trial = await currentTrial(this.kernel.db.aside)
    const wanted = trial?.state === 'open' && trial.program === programMark(this.kernel) ? trial : null
    if (this.open && this.open.trial.id !== wanted?.id) await this.leave()
    if (!wanted || this.open) return
    const house = await this.openHouse(wanted)
    await house.server.app.ready()
    if (this.isWorking) await house.startWork()
    this.open = { trial: wanted, house }
  }
  private async leave(): Promise<void> {
    const { house } = this.open!
    this.open = null
    this.tokens.clear()
    await house.close()
  }
  /** Goes on following; its house does the background work of this process, too. */
  start(onError: (error: unknown) => void): () => Promise<void> {
    this.isWorking = true
    this.kernel.whenChanged([trialTable], () => void this.follow().catch(onError))
    const stop = repeatEvery(5000, () => this.follow(), onError)
    return async () => {
      await stop()
      await this.close()
    }
  }
  async close(): Promise<void> {
    await this.following.catch(() => undefined)
    if (this.open) await this.leave()
  }

  /** Takes requests under the space's address away from the live house: whoever is signed in there and was chosen. Nobody else comes in, and no program. */
  routes = ({ app, sessions }: Server): void => {
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.url.startsWith(`${trialPath}/api/`)) return done()
      void this.take(request, reply, sessions, done)
    })
  }
  /** Goes on with the live house only where nothing was handed over. */
  private async take(request: FastifyRequest, reply: FastifyReply, sessions: Sessions, done: (error: Error) => void): Promise<void> {
    try {
      await this.hand(request, reply, sessions)
    } catch (error) {
      done(error as Error)
    }
  }
  private async hand(request: FastifyRequest, reply: FastifyReply, sessions: Sessions): Promise<void> {
    const token = request.cookies[sessionCookie]
    const isActive = request.headers['x-background'] === undefined
    const session = token ? await sessions.find(token, { address: request.ip, isActive }) : null
    if (!session || session.owes) throw new Refusal('notSignedIn')
    // Asked each time: what has ended is over at once, in every process.
    await this.follow()
    if (!this.open) throw new Refusal('notFound', '试用已经结束，其中的内容已清空')
    const { trial, house } = this.open
    if (!isInvited(trial, session.person)) throw new Refusal('noRight', '您不在这次试用的名单中')
    const url = request.url.slice(trialPath.length)
    if (!isHere(request.method, url)) throw new Refusal('noRight', '试用空间中不能做这件事，请回到正式系统')
    const inside = await this.tokenOf(house, session, { address: request.ip, agent: request.headers['user-agent'] ?? '' })
    reply.hijack()
    // The house of the space knows its own sessions only.
    Object.assign(request.raw.headers, { cookie: `${sessionCookie}=${inside}` })
    request.raw.url = url
    house.server.app.routing(request.raw, reply.raw)
  }
  /** The session of the space that stands for this live one; made where there is none any more. */
  private async tokenOf({ kernel, server }: TrialHouse, session: Session, facts: { address: string; agent: string }): Promise<string> {
    const known = await this.tokens.get(session.id)
    if (known && (await server.sessions.find(known, { address: facts.address, isActive: true }))) return known
    // Several requests that come together wait for one.
    const next = this.tokens.get(session.id)
    if (next && (await next) !== known) return next
    const made = this.newToken(kernel, session, facts)
    this.tokens.set(session.id, made)
    made.catch(() => this.tokens.delete(session.id))
    return made
  }
  private async newToken(kernel: Kernel, { person, accountName }: Session, facts: { address: string; agent: string }): Promise<string> {
    const account = (await accountByPerson(kernel.db, person!))?.id ?? (await createAccount(kernel, { name: accountName, person, passwordHash: await hashPassword(oneTimePassword()), mustChange: false }))
    return openSession(kernel, { id: account }, { name: accountName, ...facts }, { signIn: null, twoFactors: true })
  }
} // prettier-ignore
