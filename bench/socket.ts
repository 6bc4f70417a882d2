// Two thousand people whose pages stand open, on one process: changes seen, rights taken away, all back after a restart.
import { join } from 'node:path'
import { bench, benchDatabase, claim, fill, p95, serveOurs, type BenchDatabase, type Served } from './harness.ts'
import { OpenPage, type Headers, type House } from './open-page.ts'
import { id, idOf, prepareRegister, signInAs } from './register-data.ts'
import { sessionsOf } from './sessions.ts'

const everybody = 2000
const perSecond = 200
/** Of them so many lose what they see, and so many are shut out. */
const losing = 20

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = join(import.meta.dirname, 'visits')
    await using database = await benchDatabase('socket')
    await prepareRegister(database)
    const people = await prepare(database)
    let served: Served = await serveOurs(database)
    const house: House = { url: served.url }
    const head = await signInAs(house.url, 'head')
    const desks = people.map((headers, n) => new Desk(house, headers, n))
    const began = performance.now()
    await inTurn(desks, (desk) => desk.open())
    ctx.log(`  ${everybody} pages open after ${((performance.now() - began) / 1000).toFixed(1)} s`)
    const { seen, lost } = await changeAndSee(house, head, desks, ctx.quick ? 10 : 30)
    ctx.log(`  ${seen.length} changes, seen after P50 ${middle(seen)} P95 ${Math.round(p95(seen))} most ${Math.round(Math.max(...seen))} ms, lost ${lost}`)
    const late = await takeAway(house, head, desks)
    ctx.log(`  heard of after the right was gone: ${late}`)
    const shut = await shutOut(desks)
    ctx.log(`  shut out: no stream after ${Math.round(shut)} ms at most`)
    const left = desks.filter((desk) => !desk.isShut)
    const closed = performance.now()
    await served[Symbol.asyncDispose]()
    served = await serveOurs(database)
    house.url = served.url
    await Promise.all(left.map((desk) => desk.back()))
    const back = (performance.now() - closed) / 1000
    for (const desk of left) desk.leave()
    await served[Symbol.asyncDispose]()
    return [
      claim(ctx, 'socket.people', lost === 0 ? everybody : 0, '', '>=2000'),
      claim(ctx, 'socket.seen_p99_ms', seen.toSorted((a, b) => a - b)[Math.floor(seen.length * 0.99)]!, 'ms', '<=1000'),
      claim(ctx, 'socket.revoked_heard', late, '', '<=0'),
      claim(ctx, 'socket.shut_out_ms', shut, 'ms', '<=1000'),
      claim(ctx, 'socket.back_s', back, 's', '<=30'),
    ]
  },
}) // prettier-ignore

const middle = (values: readonly number[]): number => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0)
/** Fifty at a time. */
async function inTurn(desks: readonly Desk[], work: (desk: Desk) => Promise<void>): Promise<void> {
  for (let n = 0; n < desks.length; n += 50) await Promise.all(desks.slice(n, n + 50).map(work))
}

/** Everybody with an account that is signed in, three to-dos and a record of his own; the head may change all records. */
async function prepare(database: BenchDatabase): Promise<Headers[]> {
  const envelope = `1, 'approved', now(), now()`
  await fill(
    database,
    `INSERT INTO directory.person (id, version, state, created_at, updated_at, name, staff_number, unit, status)
       SELECT ${id('person', 'n')}, ${envelope}, '人员' || n, lpad(n::text, 5, '0'), ${id('unit', 'n % 600')}, 'active' FROM generate_series(600, ${everybody}) n;
     INSERT INTO directory.role_assignment (id, version, state, created_at, updated_at, status, role, person) VALUES (${id('assignment', '1')}, ${envelope}, 'active', 'medicalOffice', ${id('person', '0')});
     INSERT INTO visits.visit (id, version, state, created_at, updated_at, doctor, department, topic)
       SELECT ${id('visit', 'n')}, ${envelope}, ${id('person', 'n')}, ${id('unit', 'n % 600')}, '会诊' || n FROM generate_series(1, ${everybody}) n;
     INSERT INTO kernel.todo (id, person, resource, record, title, link, due, opened_at, once_key)
       SELECT gen_random_uuid(), ${id('person', 'n')}, 'visits.visit', ${id('visit', 'n')}, '请核对', '/', current_date + k, now(), 'bench/' || n || '/' || k FROM generate_series(1, ${everybody}) n, generate_series(1, 3) k; ANALYZE`,
  )
  const signed = await sessionsOf(
    database,
    'desk',
    Array.from({ length: everybody }, (_, n) => idOf('person', n + 1)),
  )
  return signed.map(({ cookie, csrf }) => ({ cookie, 'x-csrf-token': csrf }))
}

/** Somebody's open page with a record of his own. */
class Desk {
  readonly visit: string
  version = 1
  /** How often it heard that the record changed. */
  heard = 0
  isShut = false
  whenSeen: (version: number) => void = () => undefined
  whenShut: () => void = () => undefined
  private page: OpenPage
  private readonly house: House
  private readonly headers: Headers
  constructor(house: House, headers: Headers, n: number) {
    this.house = house
    this.headers = headers
    this.visit = idOf('visit', n + 1)
    this.page = new OpenPage(house, headers)
  }
  async open(): Promise<void> {
    this.page = new OpenPage(this.house, this.headers)
    this.page.heard = ({ records }) => {
      if (!records?.some((one) => one.id === this.visit)) return
      this.heard++
      void this.look()
    }
    this.page.ended = () => {
      this.isShut = true
      this.whenShut()
    }
    const { stream } = await this.page.open()
    await this.page.ask('PUT', `/api/live/${stream}`, { records: [{ resource: 'visits.visit', id: this.visit }] })
    await this.page.ask('GET', '/api/counts')
    this.isShut = false
  }
  private async look(): Promise<void> {
    const answer = await this.page.ask<{ record: { version: number } }>('GET', `/api/records/visits.visit/${this.visit}`).catch(() => null)
    if (answer) this.whenSeen(answer.record.version)
  }
  /** Again and again, in the pauses of the product's page, until the stream stands and the counts are there. */
  async back(): Promise<void> {
    const pauses = [1000, 2000, 5000, 10_000, 30_000]
    for (let failures = 0; ; failures++) {
      await new Promise((done) => setTimeout(done, pauses[Math.min(failures, 4)]! * (0.5 + Math.random())))
      if (await this.open().then(() => true, () => false)) return // prettier-ignore
    }
  }
  signOut = () => this.page.ask('POST', '/api/sign-out', {})
  leave(): void {
    this.page.ended = () => undefined
    this.page.close()
  }
}

/** Changes records of one after another, so many a second, and measures from the change's sending until its page has the new one, ms. */
async function changeAndSee(
  house: House,
  head: Headers,
  desks: readonly Desk[],
  seconds: number,
): Promise<{ seen: number[]; lost: number }> {
  const office = new OpenPage(house, head)
  const seen: number[] = []
  const all: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1000) / perSecond
    if (due > performance.now()) await new Promise((done) => setTimeout(done, due - performance.now()))
    all.push(changeOne(office, desks[(n * 7) % desks.length]!).then((ms) => void (ms !== null && seen.push(ms))))
  }
  await Promise.all(all)
  return { seen, lost: perSecond * seconds - seen.length }
}
/** Null: not seen within ten seconds. */
async function changeOne(office: OpenPage, desk: Desk): Promise<number | null> {
  const { version } = desk
  const sent = performance.now()
  const { promise, resolve } = Promise.withResolvers<number | null>()
  const giveUp = setTimeout(() => resolve(null), 10_000)
  desk.whenSeen = (now) => {
    if (now > version) resolve(performance.now() - sent)
  }
  await office.ask('PATCH', `/api/records/visits.visit/${desk.visit}`, { version, changes: { note: `第 ${version} 次` } })
  desk.version = version + 1
  return promise.finally(() => clearTimeout(giveUp))
}

/** Gives records to another doctor, and changes them a second later: how often their former owners still hear of it. */
async function takeAway(house: House, head: Headers, desks: readonly Desk[]): Promise<number> {
  const office = new OpenPage(house, head)
  const those = desks.slice(0, losing)
  const patch = (desk: Desk, changes: object) => office.ask('PATCH', `/api/records/visits.visit/${desk.visit}`, { version: desk.version++, changes })
  await Promise.all(those.map((desk) => patch(desk, { doctor: idOf('person', 0) })))
  await new Promise((done) => setTimeout(done, 1000))
  const before = those.map(({ heard }) => heard)
  for (let n = 0; n < 3; n++) await Promise.all(those.map((desk) => patch(desk, { note: `又 ${n} 次` })))
  await new Promise((done) => setTimeout(done, 2000))
  return those.reduce((sum, desk, n) => sum + desk.heard - before[n]!, 0)
} // prettier-ignore

/** Signs people out; answers the longest time until their streams ended, ms. */
async function shutOut(desks: readonly Desk[]): Promise<number> {
  const times = await Promise.all(
    desks.slice(losing, 2 * losing).map(async (desk) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      desk.whenShut = resolve
      await desk.signOut()
      const began = performance.now()
      await promise
      return performance.now() - began
    }),
  )
  return Math.max(...times)
}
