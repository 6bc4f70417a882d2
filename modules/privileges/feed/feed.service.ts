import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { dayOf, isDay, Refusal } from '#model'
import type { Server } from '#kernel/server/http/server.ts'
import { repeatEvery } from '#kernel/server/jobs/outbox.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'
import { keeperOf } from '../check/keeper.ts'
import { changesAfter, reading } from './changes.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { fullLines, reconcile, standing, type FullEnd } from './full.ts'
import { deliverDue, fanOut } from './webhooks.ts'

/** What other systems are told of privileges: changes as they come, everything once a night, and whether their copy agrees. */
export default service({
  name: 'privileges.feed',
  routes: feedRoutes,
  start(kernel) {
    return Promise.resolve(
      repeatEvery(1000, async () => {
        await fanOut(kernel)
        while ((await deliverDue(kernel)) > 0);
      }),
    )
  },
  daily: { 'privileges.fullSnapshot': keepFullSnapshot },
  checks: {
    'privileges.webhook': (kernel, _ctx, { url }) => {
      const problem = typeof url === 'string' ? kernel.outgoing.problemOf(url) : null
      return Promise.resolve(problem === null ? [] : [{ field: 'url', message: problem }])
    },
  },
})

const mostChanges = 1000
function feedRoutes({ app, kernel }: Server): void {
  const config = { config: { who: { right: 'privileges.feed' } } } as const
  app.get<{ Querystring: { since?: string; limit?: string } }>('/api/privileges/changes', config, async (request) => {
    const limit = Number(request.query.limit ?? 200)
    if (!Number.isInteger(limit) || limit < 1 || limit > mostChanges) throw new Refusal('badRequest', `limit 须为 1–${mostChanges}`)
    return reading(kernel, async (tx, now) => {
      const { changes, next, more } = await changesAfter(tx, readCursor(request.query.since, now.epoch), now.snapshot, limit)
      return { epoch: now.epoch, changes, cursor: writeCursor(next), more }
    })
  })
  app.get<{ Querystring: { day?: string } }>('/api/privileges/snapshot', config, async (request, reply) => {
    reply.header('content-type', 'application/x-ndjson; charset=utf-8').header('cache-control', 'no-store')
    const { day } = request.query
    if (day !== undefined) return reply.send(await keptSnapshot(kernel, day))
    const now = kernel.clock.now()
    return reply.send(Readable.from(fullLines(await standing(keeperOf(kernel), now, dayOf(now)))))
  })
  app.post('/api/privileges/reconcile', config, async (request) => {
    const keeper = keeperOf(kernel)
    const now = kernel.clock.now()
    return reconcile(keeper, await standing(keeper, now, dayOf(now)), request.body)
  })
}

async function keptSnapshot(kernel: Kernel, day: string): Promise<Readable> {
  const [kept] = isDay(day)
    ? await kernel.db.query<{ body: Buffer }>(`SELECT body FROM privileges.full_snapshot WHERE day = $1`, [day])
    : []
  if (!kept) throw new Refusal('notFound', '没有这一天的全量快照')
  return Readable.from([kept.body]).pipe(createGunzip())
}

const keptDays = 14
/** Makes the day's full snapshot and keeps it a fortnight. Made again on the same day, the later one stays. */
export async function keepFullSnapshot(kernel: Kernel): Promise<void> {
  const now = kernel.clock.now()
  const whole = await standing(keeperOf(kernel), now, dayOf(now))
  let end: FullEnd = { practitioners: 0, grants: 0, checksum: '' }
  const parts: Buffer[] = []
  // Line by line through the compressor: the HIS is answered in between.
  const lines = Readable.from(fullLines(whole, (done) => (end = done)))
  await pipeline(lines, createGzip(), async (compressed: AsyncIterable<Buffer>) => {
    for await (const part of compressed) parts.push(part)
  })
  await kernel.db.query(
    `INSERT INTO privileges.full_snapshot VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (day) DO UPDATE SET made_at = excluded.made_at, cursor = excluded.cursor, practitioners = excluded.practitioners, checksum = excluded.checksum, body = excluded.body`,
    [whole.day, whole.at, whole.cursor, end.practitioners, end.checksum, Buffer.concat(parts)],
  )
  await kernel.db.query(`DELETE FROM privileges.full_snapshot WHERE day < $1::date - ${keptDays}`, [whole.day])
}
