import type { ServerResponse } from 'node:http'
import { v7 as newId } from 'uuid'
import { today } from '#model'
import { personOf } from '../context.ts'
import { releaseTable } from '../designs/standing.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'
import { talkTopic } from '../talk/append.ts'
import { answerHeaders } from './headers.ts'
import { readWatched, Watches } from './live-watches.ts'
import { bodyOf } from './routes/records.ts'
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
  id: string
  person: string
  session: string
  response: ServerResponse
  timers: NodeJS.Timeout[]
}
const write = ({ response }: Stream, news: object): boolean => response.write(`data: ${JSON.stringify(news)}\n\n`)
/** Tells open pages that their counts have changed: what it is they ask for themselves, under their own rights. */
export class Live {
  private readonly streams = new Map<string, Set<Stream>>()
  private readonly watches: Watches<Stream>
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.watches = new Watches(kernel)
  }

  /** Keeps a person's page informed until it goes away. */
  join(person: string, session: string, response: ServerResponse): void {
    const stream: Stream = { id: newId(), person, session, response, timers: [] }
    const own = this.streams.get(person) ?? new Set()
    this.streams.set(person, own.add(stream))
    // Tabs without number would keep sockets without number: the oldest goes.
    if (own.size > maxStreams) this.leave(own.values().next().value!)
    response.on('close', () => this.leave(stream))
    response.write(`retry: 2000\nevent: open\ndata: ${JSON.stringify({ stream: stream.id })}\n\n`)
    stream.timers.push(
      setInterval(() => response.write('event: beat\ndata: {}\n\n'), beatMs),
      setTimeout(() => this.leave(stream), lifeMs),
    )
    for (const timer of stream.timers) timer.unref()
  }
  private leave(stream: Stream): void {
    for (const timer of stream.timers) clearTimeout(timer)
    this.watches.drop(stream)
    const own = this.streams.get(stream.person)
    own?.delete(stream)
    if (own?.size === 0) this.streams.delete(stream.person)
    stream.response.end()
  }

  /** What has been committed anywhere: those concerned hear of it once, however much it was. */
  async tell(events: readonly OutboxEvent[]): Promise<void> {
    if (this.streams.size === 0) return
    if (events.some(({ resource }) => resource === releaseTable)) this.tellAll()
    const [said, others] = [events.filter((event) => event.topic === talkTopic), events.filter((event) => event.topic !== talkTopic)]
    for (const [stream, records] of await this.watches.concerned(others)) write(stream, { records })
    for (const [stream, beside] of await this.watches.concerned(said)) write(stream, { beside })
    await this.tellTalks(said)
    const people = new Set(events.flatMap((event) => (event.topic === workTopic ? (event.payload['people'] as string[]) : [])))
    if (people.size === 0) return
    const deputies = await this.deputiesOf([...people])
    const told = [...new Set([...people, ...deputies])].flatMap((person) => [...(this.streams.get(person) ?? [])])
    for (const stream of told) write(stream, newsFor(told.length))
  }
  /** Other definitions are in force: every page asks for its own. */
  private tellAll(): void {
    const streams = [...this.streams.values()].flatMap((own) => [...own])
    const { within } = newsFor(streams.length)
    for (const stream of streams) write(stream, { definitions: true, ...(within ? { within } : {}) })
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
      for (const stream of this.streams.get(person) ?? []) write(stream, { talks })
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
  /** Ends the streams of sessions that are no more: whoever was shut out hears nothing further. */
  async leaveEnded(): Promise<void> {
    const all = [...this.streams.values()].flatMap((own) => [...own])
    if (all.length === 0) return
    const rows = await this.kernel.db.query<{ id: string }>(
      `SELECT s.id FROM kernel.session s JOIN security.account a ON a.id = s.account WHERE s.id = ANY ($1::uuid[]) AND a.status = 'active' AND a.deleted_at IS NULL`,
      [[...new Set(all.map(({ session }) => session))]],
    )
    const open = new Set(rows.map(({ id }) => id))
    for (const stream of all) if (!open.has(stream.session)) this.leave(stream)
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
      const { id: session } = request.session!
      reply.hijack()
      // Proxies must hand on each line as it comes.
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        ...answerHeaders,
        'x-accel-buffering': 'no',
      })
      this.join(person, session, reply.raw)
    })
    // What the page shows now, in place of what it showed before: it hears when that changes.
    app.put<{ Params: { stream: string } }>('/api/live/:stream', { config: { who: 'signedIn', background: true } }, async (request) => {
      const own = this.streams.get(personOf((await contextOf(request)).actor)!)
      const stream = [...(own ?? [])].find(({ id, session }) => id === request.params.stream && session === request.session!.id)
      const watched = readWatched(this.kernel, bodyOf(request)['records'])
      // A stream that has ended meanwhile begins again by itself, and its page says anew what it shows.
      if (stream) this.watches.set(stream, watched)
      return { isWatching: stream !== undefined }
    })
  }
}
