// Many people at their work, in a process of its own: each on his own connection thinks, asks for a list, reads a record out of it or writes one.
import { randomUUID } from 'node:crypto'
import { Answers, bytesOf, open } from './wire.ts'

export interface Person {
  cookie: string
  csrf: string
  id: string
  department: string
  /** Writes in the large register, too. */
  isOfficer: boolean
}
export interface CrowdPlan {
  url: string
  people: readonly Person[]
  /** Of each person so many. */
  times: number
  /** Between two acts of one, on average; the time is even from none to twice that, ms. */
  thinkMs: number
  seconds: number
  lists: readonly string[]
}
/** When it was sent since the beginning, how long it took, ms, and what came; 0 where the connection broke. */
export type Sample = readonly [at: number, ms: number, status: number]
export interface CrowdResult {
  samples: Sample[]
  /** Ids of records by what became of their writing. */
  written: { done: string[]; refused: string[]; unknown: string[] }
  firstFailure: string | null
}

const registers = 49
const share = { list: 0.7, read: 0.2 }
const one = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

async function run(plan: CrowdPlan): Promise<CrowdResult> {
  const result: CrowdResult = { samples: [], written: { done: [], refused: [], unknown: [] }, firstFailure: null }
  const askers = plan.people.flatMap((person) => Array.from({ length: plan.times }, () => new Asker(plan, person)))
  await connectAll(askers)
  const began = performance.now()
  const until = began + plan.seconds * 1000
  const pause = (ms: number) => new Promise((done) => setTimeout(done, Math.min(ms, Math.max(0, until - performance.now()))))
  const live = async (asker: Asker) => {
    // Nobody begins at the same instant.
    await pause(Math.random() * 2 * plan.thinkMs)
    while (performance.now() < until) {
      const ask = asker.next()
      const start = performance.now()
      const answer = await asker.send(ask.bytes)
      const status = answer?.status ?? 0
      result.samples.push([start - began, performance.now() - start, status])
      if (ask.id) result.written[status === 0 ? 'unknown' : status < 300 ? 'done' : 'refused'].push(ask.id)
      if (status !== 503 && (status < 200 || status > 299))
        result.firstFailure ??= `${status} ${ask.what}: ${answer?.body.toString('utf8', 0, 300)}`
      if (answer && ask.list && status === 200) asker.look(ask.list, answer.body)
      await pause(Math.random() * 2 * plan.thinkMs)
    }
    asker.close()
  }
  await Promise.all(askers.map(live))
  return result
}
/** Browsers keep their connections: what is measured is the load of requests. */
async function connectAll(askers: readonly Asker[]): Promise<void> {
  const waiting = [...askers]
  const worker = async () => {
    for (let asker = waiting.pop(); asker; asker = waiting.pop()) await asker.connect()
  }
  await Promise.all(Array.from({ length: 32 }, worker))
}

interface Ask {
  what: string
  bytes: Buffer
  /** The list asked for. */
  list?: string
  /** The record to be written. */
  id?: string
}
/** One person's way through the system, over one connection that is opened again when it breaks. */
class Asker {
  private readonly plan: CrowdPlan
  private readonly person: Person
  private answers: Answers | null = null
  private socket: Awaited<ReturnType<typeof open>> | null = null
  private seen: { resource: string; ids: string[] } | null = null
  constructor(plan: CrowdPlan, person: Person) {
    this.plan = plan
    this.person = person
  }
  next(): Ask {
    const chance = Math.random()
    if (chance < share.list || (chance < share.list + share.read && !this.seen?.ids.length)) return this.get(one(this.plan.lists), true)
    if (chance < share.list + share.read) return this.get(`${this.seen!.resource}/${one(this.seen!.ids)}`, false)
    return this.write()
  }
  private get(path: string, isList: boolean): Ask {
    const bytes = bytesOf(this.plan.url, 'GET', `/api/records/${path}`, { cookie: this.person.cookie })
    return { what: path, bytes, ...(isList ? { list: path.split('?')[0]! } : {}) }
  }
  private write(): Ask {
    const id = randomUUID()
    const { cookie, csrf, id: practitioner, department, isOfficer } = this.person
    const resource = isOfficer && Math.random() < 0.5 ? 'large.case' : `crowd.register${Math.floor(Math.random() * registers)}`
    const common = { department, name: '登记', status: 'open', happenedOn: '2026-05-01', amount: '1200.50' }
    const draft = resource === 'large.case' ? { ...common, doctor: practitioner, level: 'first' } : { ...common, practitioner, level: 'hospital' } // prettier-ignore
    const headers = { cookie, 'x-csrf-token': csrf, 'x-act-id': id, 'content-type': 'application/json' }
    return { what: resource, bytes: bytesOf(this.plan.url, 'POST', `/api/records/${resource}`, headers, JSON.stringify(draft)), id }
  }
  async connect(): Promise<void> {
    this.socket = await open(this.plan.url)
    this.answers = new Answers(this.socket)
  }
  async send(bytes: Buffer): Promise<{ status: number; body: Buffer } | null> {
    try {
      if (!this.socket || this.socket.destroyed) await this.connect()
      this.socket!.write(bytes)
      return await this.answers!.next()
    } catch {
      this.close()
      return null
    }
  }
  /** Some ids of a list that has come. */
  look(resource: string, body: Buffer): void {
    const ids: string[] = []
    for (let at = body.indexOf('"id":"'); at >= 0 && ids.length < 5; at = body.indexOf('"id":"', at + 400)) ids.push(body.toString('latin1', at + 6, at + 42)) // prettier-ignore
    this.seen = { resource, ids }
  }
  close(): void {
    this.socket?.destroy()
    this.socket = null
  }
}

process.once('message', (plan) => void run(plan as CrowdPlan).then((result) => process.send?.(result)))
