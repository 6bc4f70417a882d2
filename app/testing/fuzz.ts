// Every route, every role, requests that are right and requests that somebody might try: whatever is sent is answered, and nothing breaks.
import fc from 'fast-check'
import { withClient } from '#kernel/server/database/roles.ts'
import { routeCases } from '#kernel/server/access/matrix/routes.ts'
import { mutate, mutation, type Mutation, type Sent } from './fuzz-mutate.ts'
import { makers, plain, type Valid } from './fuzz-valid.ts'
import { testPassword, type HttpSession } from './hospital.ts'
import { matrixHospital, type MatrixHospital } from './matrix-hospital.ts'

export interface FuzzResult {
  requests: number
  /** Answers that say the program broke: route, request and what broke. */
  broken: string[]
  /** Faults that were written to the log. */
  faults: string[]
  /** By route: answers that let in. */
  letIn: Map<string, number>
  byStatus: Map<number, number>
  /** By route: why its own request was not let in last. */
  refused: Map<string, string>
}
export interface FuzzWorld {
  password: string
  /** Whose password is tried: nobody works under this account. */
  tried: string
  next(): number
  person(role: string): string
  unit(): string
  /** Of whoever's password is tried, and a program. */
  account(): string
  client(): string
  /** A type that the office reads; another each time. */
  readable(): string
  row(make: (type: string, id: string) => Valid): Valid
  /** Asks, and fails where that is refused. */
  need<T>(valid: Valid): Promise<T>
}

/** The hospital of the rights' tests, with everybody signed in. */
export class Fuzz implements AsyncDisposable {
  readonly result: FuzzResult = { requests: 0, broken: [], faults: [], letIn: new Map(), byStatus: new Map(), refused: new Map() }
  private readonly h: MatrixHospital
  private readonly sessions = new Map<string, Promise<HttpSession>>()
  private readonly program: (method: string, url: string, body?: unknown) => Promise<{ status: number }>
  private readonly world: FuzzWorld
  /** Whose password is tried. */
  private readonly tried: string
  private readonly clientId: string
  private count = 0
  private constructor(h: MatrixHospital, tried: string, clientId: string, program: Fuzz['program']) {
    this.h = h
    this.tried = tried
    this.clientId = clientId
    this.program = program
    this.world = this.makeWorld()
    this.h.house.server.app.log.error = (error: unknown) => void this.result.faults.push(said(error))
  }
  static async open(): Promise<Fuzz> {
    const h = await matrixHospital({ bounds: { people: wide, passwords: wide, programs: wide, files: wide } })
    const program = await h.client('手麻', ['privileges.check', 'privileges.feed'])
    const [client] = await h.kernel.db.query<{ id: string }>(`SELECT id FROM security.api_client WHERE name = '手麻'`)
    return new Fuzz(h, await h.person('丁一'), client!.id, program)
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
  }

  /** Every route this often as it should be asked, then this many requests of all kinds. */
  async run({ each, mutated, seed }: { each: number; mutated: number; seed: number }): Promise<FuzzResult> {
    const onLost = (reason: unknown) => void this.result.faults.push(said(reason))
    process.on('unhandledRejection', onLost)
    try {
      for (const route of this.routes()) for (let at = 0; at < each; at++) await this.send(route, await this.validFor(route, at), true)
      const plan = fc.record({ route: fc.constantFrom(...this.routes()), role: fc.nat(50), isAllowed: fc.boolean(), mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }) })
      for (let left = mutated, part = 0; left > 0; left -= batch, part++)
        await Promise.all(fc.sample(plan, { numRuns: Math.min(batch, left), seed: seed + part }).map((one) => this.tryOne(one)))
    } finally {
      process.off('unhandledRejection', onLost)
    }
    return this.result
  } // prettier-ignore
  /** Routes that were let in less often than asked. */
  short = (least: number): string[] => this.routes().filter((route) => (this.result.letIn.get(route) ?? 0) < least)
  routes = (): string[] => Object.keys(routeCases).filter((route) => !routeCases[route]!.endless)

  private async tryOne({ route, role, isAllowed, mutations }: { route: string; role: number; isAllowed: boolean; mutations: Mutation[] }) {
    const valid = await this.validFor(route, role)
    const { readers } = this.h
    const by = isAllowed ? valid.by : readers[role % readers.length]!.name
    await this.send(route, { ...mutate(valid, mutations), by })
  }
  private async validFor(route: string, at: number): Promise<Valid> {
    const maker = makers[route]
    try {
      if (maker) return await maker(this.world)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.result.refused.set(route, error.message)
    }
    const { stated } = routeCases[route]!
    const { readers } = this.h
    const by = stated.kind === 'public' ? 'stranger' : stated.kind === 'program' ? 'program' : stated.kind === 'right' ? (this.holder(stated.rights[0]!) ?? 'medicalOffice') : at % 3 === 2 ? readers[at % readers.length]!.name : 'medicalOffice' // prettier-ignore
    return plain(route, by, this.world.readable())
  }
  private holder = (right: string): string | undefined =>
    this.h.readers.find(({ roles }) => roles.length === 1 && this.h.kernel.defs.modules.some((m) => m.roles?.[roles[0]!]?.some(({ on, actions }) => on === right && actions.includes('use'))))?.name // prettier-ignore

  private async send(route: string, valid: Valid & Sent, isOwn = false): Promise<void> {
    const { by, method, url, body, headers } = valid
    const { status, text } = await this.ask(by, method, url, body, headers)
    const { result } = this
    result.requests++
    result.byStatus.set(status, (result.byStatus.get(status) ?? 0) + 1)
    if (status >= 200 && status < 300) result.letIn.set(route, (result.letIn.get(route) ?? 0) + 1)
    if (isOwn && status >= 300 && !result.refused.has(route))
      result.refused.set(route, `${by} ${method} ${url}: ${status} ${text.slice(0, 300)}`)
    if (status >= 500) result.broken.push(`${route} ${status} by ${by}: ${url.slice(0, 300)} ${JSON.stringify(body)?.slice(0, 300)} ${JSON.stringify(headers ?? {})} ${text.slice(0, 200)}`) // prettier-ignore
  }
  private async ask(by: string, method: string, url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; text: string }> {
    // Strangers come from everywhere: what one address may ask is counted.
    if (by === 'stranger' || by === 'program') {
      const given = by === 'program' ? await this.program(method, url, body) : await this.raw(method, url, body, headers)
      return { status: given.status, text: 'text' in given ? String(given.text) : '' }
    }
    const session = await this.sessionOf(by)
    const answer = await session.call(method, url, body, headers)
    if (answer.status === 401 && answer.text.includes('notSignedIn')) this.sessions.delete(by)
    return answer
  } // prettier-ignore
  private async raw(method: string, url: string, body: unknown, headers: Readonly<Record<string, string>>) {
    const n = ++this.count
    const answer = await this.h.house.server.app.inject({ method: method as 'GET', url, headers: { ...headers }, remoteAddress: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, ...(body === undefined ? {} : { payload: body as object }) })
    return { status: answer.statusCode, text: answer.body }
  } // prettier-ignore
  /** One sign-in at a time each, however many ask. */
  private sessionOf(name: string): Promise<HttpSession> {
    const known = this.sessions.get(name) ?? this.signIn(name)
    this.sessions.set(name, known)
    return known
  }
  private async signIn(name: string, left = 50): Promise<HttpSession> {
    // Passwords are tried from the same address, just now too.
    await withClient(this.h.database.adminUrl, (admin) => admin.query('DELETE FROM kernel.sign_in_failure'))
    return this.h.signIn(this.personOf(name)).catch((error: unknown) => {
      if (left === 0) throw error
      return this.signIn(name, left - 1)
    })
  }
  private personOf = (name: string): string => (this.h.readers.find((one) => one.name === name) ?? this.h.readers[0]!).person

  private makeWorld(): FuzzWorld {
    const { h } = this
    const types = [...h.rows.keys()].filter((type) => h.kernel.access.can(office(h), 'read', type))
    const next = () => ++this.count
    return {
      password: testPassword,
      tried: this.tried,
      next,
      person: this.personOf,
      unit: () => h.colleagues.get('骨科')!.unit!,
      account: () => h.rows.get('security.account')!.find((row) => row['person'] === h.colleagues.get('骨科')!.person)!.id,
      client: () => this.clientId,
      readable: () => types[next() % types.length]!,
      row: (make) => {
        const type = ['sample.case', 'sample.note'][next() % 2]!
        return make(type, h.rows.get(type)![next() % 3]!.id)
      },
      need: async <T>(valid: Valid) => {
        const { status, text } = await this.ask(valid.by, valid.method, valid.url, valid.body, valid.headers)
        if (status >= 400) throw new Refused(`${valid.method} ${valid.url}: ${text}`)
        return (text ? JSON.parse(text) : null) as T
      },
    }
  }
}
class Refused extends Error {}
const batch = 40
const wide = { atOnce: 1000, waiting: 10_000, waitMs: 60_000 }
const office = (h: MatrixHospital) => {
  const { person } = h.readers.find(({ name }) => name === 'medicalOffice')!
  return { kind: 'person', person, account: person, name: '', roles: ['medicalOffice'] } as const
}
const said = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)).slice(0, 1200)
