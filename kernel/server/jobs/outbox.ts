import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import type { OutboxEvent } from '../service.ts'

interface EventRow extends OutboxEvent {
  tx: string
}
const page = 500
/** Committed events not seen under `last`: by snapshot, never by sequence, because a lower number may commit later. */
export async function eventsSince(db: Queryable, last: string): Promise<{ events: OutboxEvent[]; snapshot: string }> {
  // One statement reads the snapshot and the rows it shows.
  const rows = await db.query<EventRow & { snapshot: string }>(
    `WITH s AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
     SELECT s.snapshot::text AS snapshot, o.seq, o.at, o.topic, o.resource, o.record, o.payload FROM s LEFT JOIN kernel.outbox o
       ON o.tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(o.tx, $1::pg_snapshot) AND pg_visible_in_snapshot(o.tx, s.snapshot)
     ORDER BY o.seq`,
    [last],
  )
  return { snapshot: rows[0]!.snapshot, events: rows.filter((row) => row.seq !== null) }
}
export async function currentSnapshot(db: Queryable): Promise<string> {
  const [row] = await db.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot')
  return row!.snapshot
}

/** Runs `work` again and again until stopped; a failing round is tried again later, never the end of the loop. */
export function repeatEvery(
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void = () => undefined,
): () => Promise<void> {
  let stopped = false
  let wake: (() => void) | null = null
  const loop = (async () => {
    while (!stopped) {
      await work().catch(onError)
      if (stopped) break
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return async () => {
    stopped = true
    wake?.()
    await loop
  }
}

/** Tells this process's memory, and whoever listens in it, what has changed anywhere: each process has its own reader that begins now. */
export async function watchChanges(
  kernel: Kernel,
  listen: (events: readonly OutboxEvent[]) => Promise<void> = () => Promise.resolve(),
): Promise<() => Promise<void>> {
  let last = await currentSnapshot(kernel.db)
  return repeatEvery(300, async () => {
    const { events, snapshot } = await eventsSince(kernel.db, last)
    last = snapshot
    for (const table of new Set(events.map((e) => e.resource))) if (table) kernel.changed(table)
    await listen(events)
  })
}

/** So long an event stays after everybody has had it: to be looked at when something went wrong. */
const keptMs = 7 * 86_400_000
const atOnce = 10_000
/** Forgets events that are old and that every reader has gone past; one that waits for its handler stays, however old. */
export async function forgetEvents(kernel: Kernel): Promise<void> {
  const before = new Date(kernel.clock.now().getTime() - keptMs).toISOString()
  for (let gone = atOnce; gone === atOnce;) {
    // The oldest are the first by number: nothing is searched for.
    const rows = await kernel.db.query(
      `DELETE FROM kernel.outbox WHERE seq IN (
         SELECT o.seq FROM (SELECT seq, at, tx FROM kernel.outbox ORDER BY seq LIMIT ${atOnce}) o
         WHERE o.at < $1 AND NOT EXISTS (SELECT 1 FROM kernel.outbox_reader r WHERE NOT pg_visible_in_snapshot(o.tx, r.snapshot))) RETURNING 1`,
      [before],
    )
    gone = rows.length
  }
}

const reader = 'handlers'
/** Hands committed events to the modules' handlers, at least once, one process at a time. Answers how many there were. */
export async function handleEvents(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now().toISOString()
  await kernel.db.query(`INSERT INTO kernel.outbox_reader VALUES ($1, pg_current_snapshot(), $2) ON CONFLICT DO NOTHING`, [reader, now])
  return kernel.db.transaction(async (tx) => {
    const [place] = await tx.query<{ snapshot: string }>(
      `SELECT snapshot::text AS snapshot FROM kernel.outbox_reader WHERE name = $1 FOR UPDATE SKIP LOCKED`,
      [reader],
    )
    if (!place) return 0
    const snapshot = await currentSnapshot(tx)
    let [count, after] = [0, 0]
    for (;;) {
      const events = await eventsBetween(tx, [place.snapshot, snapshot], after)
      for (const event of events) await handleOne(kernel, event)
      count += events.length
      if (events.length < page) break
      after = events.at(-1)!.seq
    }
    await tx.query(`UPDATE kernel.outbox_reader SET snapshot = $2::pg_snapshot, at = $3 WHERE name = $1`, [reader, snapshot, now])
    return count
  })
}
/** A page of what the later of two snapshots shows and the earlier does not: between two snapshots lies a fixed set, which is read to its end by number. */
export const eventsBetween = (db: Queryable, [last, now]: readonly [string, string], after: number): Promise<OutboxEvent[]> =>
  db.query<EventRow & object>(
    `SELECT o.seq, o.at, o.topic, o.resource, o.record, o.payload FROM kernel.outbox o
     WHERE o.tx >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(o.tx, $1::pg_snapshot) AND pg_visible_in_snapshot(o.tx, $2::pg_snapshot) AND o.seq > $3
     ORDER BY o.seq LIMIT ${page}`,
    [last, now, after],
  )
async function handleOne(kernel: Kernel, event: OutboxEvent): Promise<void> {
  for (const s of kernel.services) {
    const handler = s.on?.[event.resource ?? ''] ?? s.on?.[event.topic]
    if (!handler) continue
    const [done] = await kernel.db.query(`SELECT 1 FROM kernel.event_handled WHERE seq = $1 AND handler = $2`, [event.seq, s.name])
    if (done) continue
    await handler(kernel, event)
    await kernel.db.query(`INSERT INTO kernel.event_handled VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
      event.seq,
      s.name,
      kernel.clock.now().toISOString(),
    ])
  }
}
