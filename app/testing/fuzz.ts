// Every route, every role, requests that are right and requests that somebody might try: whatever is sent is answered, and nothing breaks.
import fc from 'fast-check'
import { routeCases } from '#kernel/server/access/matrix/routes.ts'
import { FuzzHospital } from './fuzz-hospital.ts'
import { mutate, mutation, type Mutation } from './fuzz-mutate.ts'
import { makers, plain } from './fuzz-valid.ts'
import type { Valid } from './fuzz-world.ts'

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
/** The hospital of the rights' tests, with everybody signed in. */
export class Fuzz implements AsyncDisposable {
  readonly result: FuzzResult = { requests: 0, broken: [], faults: [], letIn: new Map(), byStatus: new Map(), refused: new Map() }
  readonly hospital: FuzzHospital
  /** By route: the last right request, and how often it has been asked for. */
  private readonly last = new Map<string, { valid: Valid; asked: number }>()
  private constructor(hospital: FuzzHospital) {
    this.hospital = hospital
    hospital.h.house.server.app.log.error = (error: unknown) => void this.result.faults.push(said(error))
  }
  static open = async (): Promise<Fuzz> => new Fuzz(await FuzzHospital.open())
  async [Symbol.asyncDispose](): Promise<void> {
    await this.hospital[Symbol.asyncDispose]()
  }

  /** Every route this often as it should be asked, then this many requests of all kinds, then the right ones again until each route has let somebody in `least` times. */
  async run({ each, mutated, seed, least = 0 }: { each: number; mutated: number; seed: number; least?: number }): Promise<FuzzResult> {
    const onLost = (reason: unknown) => void this.result.faults.push(said(reason))
    process.on('unhandledRejection', onLost)
    try {
      for (const route of this.routes()) for (let at = 0; at < each; at++) await this.send(route, await this.validFor(route, at), true)
      const plan = fc.record({ route: fc.constantFrom(...this.routes()), role: fc.nat(50), isAllowed: fc.boolean(), mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }) })
      for (let left = mutated, part = 0; left > 0; left -= batch, part++)
        await Promise.all(fc.sample(plan, { numRuns: Math.min(batch, left), seed: seed + part }).map((one) => this.tryOne(one)))
      for (const route of this.short(least))
        for (let tries = 2 * least; tries > 0 && (this.result.letIn.get(route) ?? 0) < least; tries--) await this.send(route, await this.validFor(route, 0), true)
    } finally {
      process.off('unhandledRejection', onLost)
    }
    return this.result
  } // prettier-ignore
  /** Routes that were let in less often than asked. */
  short = (least: number): string[] => this.routes().filter((route) => (this.result.letIn.get(route) ?? 0) < least)
  routes = (): string[] => Object.keys(routeCases).filter((route) => !routeCases[route]!.endless)

  private async tryOne({ route, role, isAllowed, mutations }: { route: string; role: number; isAllowed: boolean; mutations: Mutation[] }) {
    const known = this.last.get(route)
    const isFresh = known && ++known.asked % remadeEvery !== 0
    const valid = isFresh ? known.valid : await this.validFor(route, role)
    const { readers } = this.hospital.h
    const by = isAllowed ? valid.by : readers[role % readers.length]!.name
    await this.send(route, { ...mutate(valid, mutations), by })
  }
  private async validFor(route: string, at: number): Promise<Valid> {
    const maker = makers[route]
    try {
      if (maker) return this.keep(route, await maker(this.hospital.world))
    } catch (error) {
      // Its story has failed: the route will fall short, and this says why.
      this.result.refused.set(route, said(error))
    }
    const { stated } = routeCases[route]!
    const { readers } = this.hospital.h
    const by = stated.kind === 'public' ? 'stranger' : stated.kind === 'program' ? 'program' : stated.kind === 'right' ? (this.holder(stated.rights[0]!) ?? 'medicalOffice') : at % 3 === 2 ? readers[at % readers.length]!.name : 'medicalOffice' // prettier-ignore
    return plain(route, by, this.hospital.world.readable())
  }
  private keep(route: string, valid: Valid): Valid {
    this.last.set(route, { valid, asked: 0 })
    return valid
  }
  private holder = (right: string): string | undefined =>
    this.hospital.h.readers.find(({ roles }) => roles.length === 1 && this.hospital.h.kernel.defs.modules.some((m) => m.roles?.[roles[0]!]?.some(({ on, actions }) => on === right && actions.includes('use'))))?.name // prettier-ignore

  private async send(route: string, valid: Valid, isOwn = false): Promise<void> {
    const { by, method, url, body, headers } = valid
    // An answer that is cut off in the middle is broken, too.
    const { status, text } = await this.hospital.ask(valid).catch((error: unknown) => ({ status: 599, text: said(error) }))
    const { result } = this
    result.requests++
    result.byStatus.set(status, (result.byStatus.get(status) ?? 0) + 1)
    if (status >= 200 && status < 300) result.letIn.set(route, (result.letIn.get(route) ?? 0) + 1)
    if (isOwn && status >= 300 && !result.refused.has(route))
      result.refused.set(route, `${by} ${method} ${url}: ${status} ${text.slice(0, 300)}`)
    if (status >= 500) result.broken.push(`${route} ${status} by ${by}: ${url.slice(0, 300)} ${JSON.stringify(body)?.slice(0, 300)} ${JSON.stringify(headers ?? {})} ${text.slice(0, 200)}`) // prettier-ignore
  }
}
const batch = 40
/** So many changed requests begin with the same right one: what makes it ready may be a long story. */
const remadeEvery = 8
const said = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)).slice(0, 1200)
