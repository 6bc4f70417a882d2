// The hospital that is asked: everybody signed in, strangers from everywhere, and what else has to be there for a route to let somebody in.
import { v7 as uuidv7 } from 'uuid'
import { waysFromEnvironment } from '#kernel/server/access/outside/from-environment.ts'
import { sendDue } from '#kernel/server/access/sms/queue.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import type { ApprovalAnswer } from '#model'
import { CasService } from './cas-service.ts'
import { fuzzModule, namedInFlow } from './fuzz-sample.ts'
import { as, type FuzzWorld, type Newcomer, type StrangerAnswer, type Valid } from './fuzz-world.ts'
import { testPassword, type HttpSession } from './hospital.ts'
import { insert, matrixHospital, type MatrixHospital } from './matrix-hospital.ts'
import { SmsService } from './sms-service.ts'

type Program = Awaited<ReturnType<MatrixHospital['client']>>
const wide = { atOnce: 1000, waiting: 10_000, waitMs: 60_000 }

export class FuzzHospital implements AsyncDisposable {
  readonly h: MatrixHospital
  readonly world: FuzzWorld
  private readonly sms: SmsService
  private readonly cas: CasService
  private readonly signInWays: ReturnType<typeof waysFromEnvironment>
  private readonly sessions = new Map<string, Promise<HttpSession>>()
  private readonly newcomers = new Set<string>()
  private readonly madeOnce = new Map<string, Promise<unknown>>()
  private program: Program = () => Promise.reject(new Error('no program yet'))
  private count = 0
  private constructor(h: MatrixHospital, sms: SmsService, cas: CasService, ways: ReturnType<typeof waysFromEnvironment>) {
    this.h = h
    this.sms = sms
    this.cas = cas
    this.signInWays = ways
    this.world = this.makeWorld()
  }
  static async open(): Promise<FuzzHospital> {
    const [sms, cas] = [new SmsService(), new CasService()]
    await Promise.all([sms.start(), cas.start()])
    const signIn = waysFromEnvironment({ XINGLIN_SMS_URL: `${sms.url}/send`, XINGLIN_SMS_SECRET: sms.secret, XINGLIN_CAS: `${cas.url}/cas`, XINGLIN_URL: 'http://house.example:8080' }) // prettier-ignore
    const bounds = { people: wide, passwords: wide, programs: wide, files: wide }
    const hospital = new FuzzHospital(await matrixHospital({ bounds, signIn, more: [fuzzModule] }), sms, cas, signIn)
    const { h, world } = hospital
    hospital.program = await h.client('手麻', [
      'privileges.check',
      'privileges.feed',
      'organisation.bedNews',
      'flows.start:fuzz.money',
      'flows.act:fuzz.money',
      'library.read',
      'library.offer',
    ])
    world.tried = await h.person('丁一')
    world.keeper = await h.person('丁二')
    world.client = (await world.query<{ id: string }>(`SELECT id FROM security.api_client WHERE name = '手麻'`))[0]!.id
    const named = { name: '戊一', unit: world.unit, staffNumber: 'F0001', status: 'active', category: 'doctor' }
    await insert(h, h.kernel.defs.resource('staff.practitioner'), named, namedInFlow)
    return hospital
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
    await Promise.all([this.sms.stop(), this.cas.stop()])
  }

  async ask({ by, method, url, body, headers = {} }: Valid): Promise<{ status: number; text: string }> {
    if (by === 'stranger') return this.asStranger(method, url, body, headers)
    if (by === 'program') return this.program(method, url, body)
    const session = await this.sessionOf(by)
    const answer = await session.call(method, url, body, { ...headers })
    if (answer.status === 401 && answer.text.includes('notSignedIn') && !this.newcomers.has(by)) this.sessions.delete(by)
    return answer
  }
  /** Strangers come from everywhere: what one address may ask is counted. */
  private async asStranger(method: string, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<StrangerAnswer> {
    const n = ++this.count
    const answer = await this.h.house.server.app.inject({
      method: method as 'GET', url, headers: { ...headers },
      remoteAddress: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const cookie = answer.cookies.filter(({ value }) => value).map(({ name, value }) => `${name}=${value}`).join('; ')
    return { status: answer.statusCode, text: answer.body, location: String(answer.headers.location ?? ''), cookie }
  } // prettier-ignore
  /** One sign-in at a time each, however many ask. */
  private sessionOf(name: string): Promise<HttpSession> {
    const known = this.sessions.get(name) ?? this.signIn(this.personOf(name))
    this.sessions.set(name, known)
    return known
  }
  private signIn(person: string, left = 50): Promise<HttpSession> {
    return this.h.signIn(person).catch(async (error: unknown) => {
      if (left === 0) throw error
      await withClient(this.h.database.adminUrl, async (admin) => {
        // Passwords are tried from the same address, just now too; and one was changed, perhaps, in a request that was right.
        await admin.query('DELETE FROM kernel.sign_in_failure')
        await admin.query(
          `UPDATE kernel.credential c SET password = k.password FROM security.account a, kernel.credential k, security.account b WHERE a.id = c.account AND a.person = $1 AND b.id = k.account AND b.person = $2`,
          [person, this.world.keeper],
        )
      })
      return this.signIn(person, left - 1)
    })
  }
  private personOf = (name: string): string => (this.h.readers.find((one) => one.name === name) ?? this.h.readers[0]!).person

  private async newcomer(more: Record<string, unknown> = {}): Promise<Newcomer> {
    const [n, mobile] = [++this.count, `1370${String(1_000_000 + this.count)}`]
    const by = `newcomer ${n}`
    const person = await this.h.person(`新${n}`, { unit: '骨科', mobile, ...more })
    this.newcomers.add(by)
    this.sessions.set(by, this.signIn(person))
    const [account] = await this.world.query<{ id: string }>(`SELECT id FROM security.account WHERE person = $1::uuid`, [person])
    return { by, person, mobile, account: account!.id }
  }
  private async need<T>(valid: Valid): Promise<T> {
    const { status, text } = await this.ask(valid)
    if (status >= 400) throw new Error(`${valid.by} ${valid.method} ${valid.url}: ${text}`)
    return (text ? JSON.parse(text) : null) as T
  }
  private once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.madeOnce.get(name) ?? make()
    this.madeOnce.set(name, known)
    return known as Promise<T>
  }
  private async decision(by: string, instance: string, kind: string, more: object = {}): Promise<Valid> {
    const { version, my } = await this.need<ApprovalAnswer>(as(by, 'GET', `/api/approvals/${instance}`))
    return as(by, 'POST', `/api/approvals/${instance}/acts`, { kind, actId: uuidv7(), seenVersion: version, task: my.task?.id, ...more })
  }
  private makeWorld(): FuzzWorld {
    const { h } = this
    const { person } = h.readers.find(({ name }) => name === 'medicalOffice')!
    const officer = { kind: 'person', person, account: person, name: '', roles: ['medicalOffice'] } as const
    const types = [...h.rows.keys()].filter((type) => h.kernel.access.can(officer, 'read', type) && !type.startsWith('fuzz.'))
    const next = () => ++this.count
    const colleague = h.colleagues.get('骨科')!
    return {
      h, sms: this.sms, cas: this.cas, password: testPassword, tried: '', keeper: '', client: '', next,
      unit: colleague.unit!,
      account: h.rows.get('security.account')!.find((row) => row['person'] === colleague.person)!.id,
      person: this.personOf,
      readable: () => types[next() % types.length]!,
      row: (make) => {
        const type = ['sample.case', 'sample.note'][next() % 2]!
        return make(type, h.rows.get(type)![next() % 3]!.id)
      },
      signIn: (person) => this.signIn(person),
      newcomer: (more) => this.newcomer(more),
      need: (valid) => this.need(valid),
      answer: (valid) => this.ask(valid),
      stranger: (method, url, body, headers) => this.asStranger(method, url, body, headers),
      once: (name, make) => this.once(name, make),
      sendMessages: async () => void (await sendDue(h.kernel, this.signInWays.sms!)),
      decision: (by, instance, kind, more) => this.decision(by, instance, kind, more),
      staffNumber: async (role) => {
        const [row] = await h.kernel.db.query<{ number: string }>(`SELECT staff_number AS number FROM directory.person WHERE id = $1::uuid`, [this.personOf(role)])
        return row!.number
      },
      until: async (isSo) => {
        for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((done) => setTimeout(done, 5))) if (await isSo()) return
        throw new Error('never so')
      },
      query: (sql, values) => h.kernel.db.query(sql, [...(values ?? [])]),
    }
  } // prettier-ignore
}
