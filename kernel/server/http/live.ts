import type { ServerResponse } from 'node:http'
import { today } from '#model'
import { personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'
import { talkTopic } from '../talk/append.ts'
import { answerHeaders } from './headers.ts'
import type { Server } from './server.ts'

/** Topic of what changes the work or the messages of people; its payload names them. */
export const workTopic = 'flow.work'
const beatMs = 25_000
/** A stream ends after this long: whoever opens it again is asked again who he is. */
const lifeMs = 10 * 60_000
const maxStreams = 8

interface Stream {
  person: string
  response: ServerResponse
  timers: NodeJS.Timeout[]
}
/** Tells open pages that their counts have changed: what it is they ask for themselves, under their own rights. */
export class Live {
  private readonly streams = new Map<string, Set<Stream>>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  /** Keeps a person's page informed until it goes away. */
  join(person: string, response: ServerResponse): void {
    const stream: Stream = { person, response, timers: [] }
    const own = this.streams.get(person) ?? new Set()
    this.streams.set(person, own.add(stream))
    // Tabs without number would keep sockets without number: the oldest goes.
    if (own.size > maxStreams) this.leave(own.values().next().value!)
    response.on('close', () => this.leave(stream))
    response.write('retry: 2000\nevent: open\ndata: {}\n\n')
    stream.timers.push(
      setInterval(() => response.write('event: beat\ndata: {}\n\n'), beatMs),
      setTimeout(() => this.leave(stream), lifeMs),
    )
    for (const timer of stream.timers) timer.unref()
  }
  private leave(stream: Stream): void {
    for (const timer of stream.timers) clearTimeout(timer)
    const own = this.streams.get(stream.person)
    own?.delete(stream)
    if (own?.size === 0) this.streams.delete(stream.person)
    stream.response.end()
  }

  /** What has been committed anywhere: those concerned hear of it once, however much it was. */
  async tell(events: readonly OutboxEvent[]): Promise<void> {
    if (this.streams.size === 0) return
    await this.tellTalks(events.filter((event) => event.topic === talkTopic))
    const people = new Set(events.flatMap((event) => (event.topic === workTopic ? (event.payload['people'] as string[]) : [])))
    if (people.size === 0) return
    const deputies = await this.deputiesOf([...people])
    for (const person of new Set([...people, ...deputies]))
      for (const { response } of this.streams.get(person) ?? []) response.write('data: {"counts":true}\n\n')
  }
  /** Something was said, or changed, in these conversations: who belongs to one hears which it is, once however much it was. Relies on the key of talk and person. */
  private async tellTalks(events: readonly OutboxEvent[]): Promise<void> {
    if (events.length === 0) return
    const seats = await this.kernel.db.query<{ talk: string; person: string }>(
      `SELECT talk, person FROM kernel.talk_member WHERE talk = ANY ($1::uuid[]) AND person = ANY ($2::uuid[]) AND left_at IS NULL`,
      [[...new Set(events.map(({ payload }) => payload['talk']))], [...this.streams.keys()]],
    )
    const left = events.flatMap(({ payload }) => ((payload['people'] ?? []) as string[]).map((person) => ({ talk: payload['talk'] as string, person })))
    for (const [person, own] of Map.groupBy([...seats, ...left], (one) => one.person)) {
      const talks = [...new Set(own.map(({ talk }) => talk))]
      for (const { response } of this.streams.get(person) ?? []) response.write(`data: ${JSON.stringify({ talks })}\n\n`)
    }
  } // prettier-ignore
  /** What changes for somebody changes for whom he has put in his place as well. */
  private async deputiesOf(people: readonly string[]): Promise<string[]> {
    const rows = await this.kernel.db.query<{ deputy: string }>(
      `SELECT DISTINCT deputy FROM kernel.stand_in WHERE person = ANY ($1::uuid[]) AND ended_at IS NULL AND "from" <= $2::date AND "to" >= $2::date`,
      [people, today(this.kernel.clock)],
    )
    return rows.map((row) => row.deputy)
  }
  /** Ends every stream, so that the server can stop. */
  close(): void {
    for (const own of this.streams.values()) for (const stream of own) this.leave(stream)
  }

  /** GET /api/live: Server-Sent Events for the page of whoever is signed in. */
  routes = ({ app, contextOf }: Server): void => {
    app.addHook('preClose', (done) => {
      this.close()
      done()
    })
    app.get('/api/live', { config: { who: 'signedIn', lane: 'free', background: true } }, async (request, reply) => {
      const person = personOf((await contextOf(request)).actor)!
      reply.hijack()
      // Proxies must hand on each line as it comes.
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        ...answerHeaders,
        'x-accel-buffering': 'no',
      })
      this.join(person, reply.raw)
    })
  }
}
