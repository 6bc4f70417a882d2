import type { ServerResponse } from 'node:http'
import { today } from '#model'
import { personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'
import { answerHeaders } from './headers.ts'
import type { Server } from './server.ts'

/** Topic of what changes the work or the messages of people; its payload names them. */
export const workTopic = 'flow.work'
const beatMs = 25_000
/** A stream ends after this long: whoever opens it again is asked again who he is. */
const lifeMs = 10 * 60_000
const maxStreams = 8

/** So many pages may ask anew in the same instant; of more, each waits by chance a part of the stretch in which they are asked to come. */
const askAtOnce = 100
const askEveryMs = 1
const longestMs = 8000
/** What so many pages are told: that their counts have changed, and within how many milliseconds to ask. */
export function newsFor(pages: number): { counts: true; within?: number } {
  const within = Math.min(Math.max(pages - askAtOnce, 0) * askEveryMs, longestMs)
  return { counts: true, ...(within ? { within } : {}) }
}

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
    const people = new Set(events.flatMap((event) => (event.topic === workTopic ? (event.payload['people'] as string[]) : [])))
    if (people.size === 0) return
    const deputies = await this.deputiesOf([...people])
    const told = [...new Set([...people, ...deputies])].flatMap((person) => [...(this.streams.get(person) ?? [])])
    const line = `data: ${JSON.stringify(newsFor(told.length))}\n\n`
    for (const { response } of told) response.write(line)
  }
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
