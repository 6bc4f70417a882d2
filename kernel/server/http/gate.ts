import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusals } from '#model'
import { answerHeaders } from './headers.ts'
import { type Bounds, Lane } from './lane.ts'

/**
 * In which queue a route's requests stand: those of people; those that look at a password, which is slow on purpose, so that a flood of them holds up nobody
 * else; those of programs that must not wait behind people; files on their way, which last as long as the other side's line is slow. `free` ones stand in
 * none: streams that only wait.
 */
export type LaneName = 'people' | 'passwords' | 'programs' | 'files' | 'free'
export type AllBounds = Record<Exclude<LaneName, 'free'>, Bounds>
declare module 'fastify' {
  interface FastifyContextConfig {
    /** `people` when not said. */
    lane?: LaneName
  }
  interface FastifyRequest {
    /** The request's place among those worked on; null when it has none. */
    place: Place | null
  }
}

/** More at once than there are connections to the database, so that none idles; no more waiting than are answered within the time. */
export const usualBounds: AllBounds = {
  people: { atOnce: 48, waiting: 400, waitMs: 1500 },
  // One hash at a time, ten or so a second.
  passwords: { atOnce: 8, waiting: 150, waitMs: 10_000 },
  programs: { atOnce: 256, waiting: 2000, waitMs: 1000 },
  files: { atOnce: 100, waiting: 200, waitMs: 5000 },
}
/** Work whose asker has gone ends by itself: no statement lasts longer than half of this, ms. */
const longestAfterLeaving = 30_000

type Done = () => void
/** Puts a queue before all work of the API. What is beyond its bounds is refused before anybody is asked who he is. Answers the lanes by name. */
export function keepWithin(app: FastifyInstance, bounds: AllBounds): ReadonlyMap<string, Lane> {
  const lanes = new Map(Object.entries(bounds).map(([name, one]) => [name, new Lane(one)]))
  const laneOf = (request: FastifyRequest): Lane | undefined => {
    const { config } = request.routeOptions
    // Pages and unknown addresses cost no work.
    return config.who ? lanes.get(config.lane ?? 'people') : undefined
  }
  app.decorateRequest('place', null)
  app.addHook('onRequest', (request, reply, done) => {
    const lane = laneOf(request)
    if (!lane) done()
    else if (!hasBodyFirst(request)) take(lane, request, reply, done)
    else if (lane.isFull) refuse(lane, request, reply)
    else done()
  })
  app.addHook('preValidation', (request, reply, done) => {
    const lane = request.place ? undefined : laneOf(request)
    if (lane) take(lane, request, reply, done)
    else done()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    request.place?.answered()
    done(null, payload)
  })
  return lanes
}
/** A body is received before its request takes a place: whoever sends slowly holds up nobody. Files are worked on as they come. */
const hasBodyFirst = ({ method, routeOptions }: FastifyRequest): boolean =>
  method !== 'GET' && method !== 'HEAD' && routeOptions.config.lane !== 'files'

function take(lane: Lane, request: FastifyRequest, reply: FastifyReply, done: Done): void {
  const place = (request.place = new Place())
  reply.raw.once('close', () => place.gone())
  place.leave = lane.enter((isIn) => {
    place.isAtWork = isIn
    if (isIn) done()
    else refuse(lane, request, reply)
  })
}
const [status, title] = refusals.busy
/** The same problem as any refusal, by the shortest way: what refuses the many must cost next to nothing. */
function refuse(lane: Lane, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const body = `{"type":"/problems/busy","title":"${title}","status":${status},"code":"busy","requestId":"${request.id}"}`
  reply.raw.writeHead(status, {
    ...answerHeaders,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(lane.retryAfter),
  })
  reply.raw.end(body)
}

/** Held until the answer has left; where the asker has gone before, until the work for him has ended. */
class Place {
  isAtWork = false
  leave: () => void = () => undefined
  private isAnswered = false
  private isGone = false
  answered(): void {
    this.isAnswered = true
    if (this.isGone) this.leave()
  }
  gone(): void {
    this.isGone = true
    if (this.isAnswered || !this.isAtWork) this.leave()
    else setTimeout(() => this.leave(), longestAfterLeaving).unref()
  }
}
