import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { parseInstant, type Clock, type Definitions, type Profile, type RecordAnswer } from '#model'
import { createAccount } from '#kernel/server/access/accounts.ts'
import { createClient } from '#kernel/server/access/clients/keys.ts'
import { hashPassword } from '#kernel/server/access/passwords.ts'
import type { Context } from '#kernel/server/context.ts'
import type { SignInWays } from '#kernel/server/access/outside/from-environment.ts'
import type { Scanning } from '#kernel/server/files/scanner.ts'
import type { AllBounds } from '#kernel/server/http/gate.ts'
import type { Service } from '#kernel/server/service.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import type { WriteOptions } from '#kernel/server/records/write-rights.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { productDefinitions } from '../definitions.ts'
import { openHouse, type House } from '../house.ts'
import { ensureTemplate, freshDatabase, type TestDatabase } from './database.ts'

/** A clock that a test sets. Days mean noon in the hospital's zone. */
export interface TestClock extends Clock {
  set(at: string): void
}
export interface TestHospital extends AsyncDisposable {
  house: House
  kernel: House['kernel']
  clock: TestClock
  database: TestDatabase
  /** Where keys and files lie: a second process of the same hospital needs it. */
  dataFolder: string
  campus: string
  institution: string
  /** The unit of this name, made when it is new. */
  unit(name: string, more?: Record<string, unknown>): Promise<string>
  /** A person; with roles he also gets an account of his name in the tests' way. */
  person(name: string, more?: { unit?: string; roles?: string[]; post?: string } & Record<string, unknown>): Promise<string>
  create(resource: string, draft: Record<string, unknown>, options?: WriteOptions): Promise<RecordAnswer['record']>
  /** A context in which this person acts. */
  as(person: string): Promise<Context>
  system(): Promise<Context>
  /** Signs this person in over HTTP. */
  signIn(person: string): Promise<HttpSession>
  client(name: string, rights: readonly string[]): Promise<(method: string, url: string, body?: unknown) => Promise<HttpAnswer>>
}
export interface HttpAnswer {
  status: number
  headers: Record<string, unknown>
  text: string
  /** The answer's bytes, where it is no text. */
  raw: Buffer
  // The tests know what they asked for.
  json<T = Record<string, unknown>>(): T
}
export interface HttpSession {
  csrf: string
  cookie: string
  call(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>
}
export interface HospitalOptions {
  defs?: Definitions
  services?: readonly Service[]
  at?: string
  pageFolder?: string
  scanning?: Scanning
  /** Ways to sign in beside account and password; none when not given. */
  signIn?: SignInWays
  /** Connections to the database; 8 when not given. */
  poolSize?: number
  /** How many requests are worked on at once, and how many wait. */
  bounds?: Partial<AllBounds>
  proxies?: readonly string[]
  /** Networks inside that webhooks may be sent to; this machine when not given. */
  outgoing?: readonly string[]
  /** Level 2 in an intranet when not given: whoever signs in needs no second factor. */
  profile?: Profile
}
export const testPassword = 'Ceshi@2026-xl'

/** Test files of the same tables share a template; one declaration that differs makes another. */
const templateOf = (defs: Definitions): string =>
  createHash('sha256')
    .update(JSON.stringify(defs.modules.map((m) => [m.name, m.resources])))
    .digest('hex')
    .slice(0, 16)

/** A fresh hospital of its own: one institution, one campus, an empty house; people and units by name. */
export async function hospital(options: HospitalOptions = {}): Promise<TestHospital> {
  const defs = options.defs ?? productDefinitions()
  let now = new Date(options.at ?? '2026-06-15T04:00:00Z')
  const clock: TestClock = {
    now: () => now,
    set: (at) => void (now = parseInstant(at) ?? new Date(`${at}T12:00:00+08:00`)),
  }
  const template = await ensureTemplate(templateOf(defs), async (ownerUrl) => void (await migrate(ownerUrl, defs, '2026-06-15')))
  const database = await freshDatabase(template)
  const dataFolder = await mkdtemp(join(tmpdir(), 'xinglin-test-'))
  const house = await openHouse({
    appUrl: database.appUrl, sealerUrl: database.sealerUrl, dataFolder, defs, clock, poolSize: options.poolSize ?? 8, profile: options.profile ?? { level: 'level2', exposure: 'intranet' },
    ...(options.scanning ? { scanning: options.scanning } : {}),
    ...(options.signIn ? { signIn: options.signIn } : {}),
    ...(options.bounds ? { bounds: options.bounds } : {}), proxies: options.proxies, outgoing: options.outgoing ?? ['127.0.0.0/8'],
    ...(options.services ? { services: options.services } : {}), ...(options.pageFolder ? { pageFolder: options.pageFolder } : {}),
  }) // prettier-ignore
  const { kernel } = house
  const system = () => kernel.context({ kind: 'system', reason: '测试' }, 'test')
  const create: TestHospital['create'] = async (resource, draft, more) =>
    (await createRecord(kernel, await system(), resource, draft, { system: true, ...more })).record
  const units = new Map<string, string>()
  const passwordHash = await quickHash
  const h: Omit<TestHospital, 'campus' | 'institution'> = {
    house,
    kernel,
    clock,
    database,
    dataFolder,
    create,
    system,
    async unit(name, more = {}) {
      const known = units.get(name)
      if (known) return known
      const parent = units.get('总院')
      const made = await create('directory.unit', {
        code: `U${units.size + 1}`,
        name,
        kind: 'department',
        ...(parent ? { parent } : {}),
        ...more,
      })
      units.set(name, made.id)
      return made.id
    },
    async person(name, { unit = '骨科', roles = [], post = 'member', ...more } = {}) {
      const unitId = await h.unit(unit)
      const fields = { name, unit: unitId, staffNumber: String(10_000 + numbers++), status: 'active', category: 'doctor', ...more }
      const made = await create('staff.practitioner', fields)
      await create('directory.membership', { person: made.id, unit: unitId, post, main: true })
      for (const role of roles) await create('directory.roleAssignment', { role, person: made.id })
      await createAccount(kernel, { name: made.id, person: made.id, passwordHash, mustChange: false })
      return made.id
    },
    async as(person) {
      const directory = await kernel.directory()
      const roles = directory.rolesOf(person, clock.now().toISOString().slice(0, 10))
      return kernel.context({ kind: 'person', person, account: person, name: directory.nameOf(person), roles }, 'test')
    },
    async signIn(person) {
      const answer = await house.server.app.inject({
        method: 'POST',
        url: '/api/sign-in',
        payload: { account: person, password: testPassword },
      })
      if (answer.statusCode !== 200) throw new Error(`sign-in: ${answer.body}`)
      const jar = { cookie: cookieOf(answer.headers)! }
      const { csrf } = answer.json<{ csrf: string }>()
      const call: HttpSession['call'] = async (method, url, body, headers) => {
        const given = await inject(house, method, url, body, { cookie: jar.cookie, 'x-csrf-token': csrf, ...headers })
        jar.cookie = cookieOf(given.headers) ?? jar.cookie
        return given
      }
      return { csrf, cookie: jar.cookie, call }
    },
    async client(name, rights) {
      const { secret } = await createClient(kernel, { name, rights })
      return (method, url, body) => inject(house, method, url, body, { authorization: `Bearer ${secret}` })
    },
    async [Symbol.asyncDispose]() {
      await house.close()
      await database.drop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
  const institution = await h.unit('人民医院', { kind: 'institution', code: 'H1', licence: 'L1' })
  const campus = await h.unit('总院', { kind: 'campus', code: 'C1', parent: institution, licence: 'L1' })
  return { ...h, institution, campus }
}
/** The session that an answer sets, as a browser would send it back. */
const cookieOf = (headers: Record<string, unknown>): string | undefined => [headers['set-cookie']].flat().map((one) => /^xinglin_session=[^;]+/.exec(String(one))?.[0]).find((one) => one !== undefined) // prettier-ignore
let numbers = 1
const quickHash = hashPassword(testPassword)
export const newActId = (): string => uuidv7()

async function inject(house: House, method: string, url: string, body: unknown, headers: Record<string, string>): Promise<HttpAnswer> {
  const answer = await house.server.app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, raw: answer.rawPayload, json: () => answer.json() }
}
