import type { Queryable } from '#kernel/server/database/database.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { backOff, claimSeconds, sendSigned } from '#kernel/server/signed-calls.ts'
import { recordId } from '../check/ids.ts'
import { changesAfter, reading } from './changes.ts'
import { writeCursor, type Cursor } from './cursor.ts'

const changesADelivery = 200

/** Puts what has changed since into deliveries, one series a receiver. A receiver begins with the changes after its own registration. */
export async function fanOut(kernel: Kernel): Promise<void> {
  const receivers = await kernel.db.query<{ id: string }>(
    `SELECT id FROM privileges.webhook WHERE active AND deleted_at IS NULL AND state = 'approved'`,
  )
  for (const { id } of receivers) await tell(kernel, id)
}
/** One transaction: what has been put into deliveries and how far that goes stand or fall together. */
async function tell(kernel: Kernel, webhook: string): Promise<void> {
  await reading(kernel, async (tx, now) => {
    const at = kernel.clock.now().toISOString()
    const [told] = await tx.query<{ epoch: string; told: string }>(
      `SELECT epoch, told::text AS told FROM privileges.webhook_cursor WHERE webhook = $1 FOR UPDATE SKIP LOCKED`,
      [webhook],
    )
    if (!told) {
      // New here, or another process is at it just now: then the insert meets its row and does nothing.
      await tx.query(`INSERT INTO privileges.webhook_cursor VALUES ($1, $2, $3::pg_snapshot) ON CONFLICT DO NOTHING`, [
        webhook,
        now.epoch,
        now.snapshot,
      ])
      return
    }
    const head = { epoch: now.epoch, at }
    // Another life of the database: what was told before may never have happened here.
    if (told.epoch !== now.epoch) await insertDelivery(tx, webhook, { kind: 'restart', ...head, changes: [], cursor: null }, at)
    let cursor: Cursor = { epoch: now.epoch, from: told.epoch === now.epoch ? told.told : now.snapshot, to: null, after: 0 }
    for (let more = true; more;) {
      const page = await changesAfter(tx, cursor, now.snapshot, changesADelivery)
      if (page.changes.length)
        await insertDelivery(tx, webhook, { kind: 'changes', ...head, changes: page.changes, cursor: writeCursor(page.next) }, at)
      more = page.next.to !== null
      cursor = page.next
    }
    await tx.query(`UPDATE privileges.webhook_cursor SET epoch = $2, told = $3::pg_snapshot WHERE webhook = $1`, [
      webhook,
      now.epoch,
      now.snapshot,
    ])
  })
}
interface Message {
  kind: 'changes' | 'restart'
  epoch: string
  at: string
  changes: readonly unknown[]
  cursor: string | null
}
async function insertDelivery(tx: Queryable, webhook: string, message: Message, at: string): Promise<void> {
  const id = recordId()
  await tx.query(
    `INSERT INTO privileges.webhook_delivery (id, version, state, created_at, updated_at, webhook, status, place, changes, body, attempts, due_at)
     SELECT $1, 1, 'approved', $2, $2, $3, 'waiting', coalesce(max(place), 0) + 1, $4, $5, 0, $2 FROM privileges.webhook_delivery WHERE webhook = $3`,
    [id, at, webhook, message.changes.length, JSON.stringify({ delivery: id, ...message })],
  )
}

interface Claimed {
  id: string
  webhook: string
  body: string
  attempts: number
}
/** Sends what is due, for each receiver in order: a later change never overtakes an earlier one. Answers how many were sent. */
export async function deliverDue(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  const claimed = await kernel.db.query<Claimed>(
    `UPDATE privileges.webhook_delivery t SET attempts = t.attempts + 1, due_at = $2, updated_at = $1 WHERE t.id IN (
       SELECT d.id FROM privileges.webhook_delivery d JOIN privileges.webhook w ON w.id = d.webhook AND w.active AND w.deleted_at IS NULL
       WHERE d.status = 'waiting' AND d.due_at <= $1
         AND NOT EXISTS (SELECT 1 FROM privileges.webhook_delivery e WHERE e.webhook = d.webhook AND e.place < d.place AND e.status = 'waiting')
       ORDER BY d.due_at LIMIT 20 FOR UPDATE OF d SKIP LOCKED)
     RETURNING t.id, t.webhook, t.body, t.attempts`,
    [now.toISOString(), new Date(now.getTime() + claimSeconds * 1000).toISOString()],
  )
  await Promise.all(claimed.map((one) => deliver(kernel, one)))
  return claimed.length
}
async function deliver(kernel: Kernel, { id, webhook, body, attempts }: Claimed): Promise<void> {
  const receiver = await loadRecord(kernel, kernel, kernel.resource('privileges.webhook'), webhook)
  if (!receiver) return
  const { status, problem } = await sendSigned(kernel, { url: String(receiver['url']), secret: String(receiver['secret']), id, body })
  const at = kernel.clock.now()
  const wait = backOff[attempts - 1]
  const next = problem === null ? 'delivered' : wait === undefined ? 'failed' : 'waiting'
  await kernel.db.query(
    `UPDATE privileges.webhook_delivery SET status = $2, http_status = $3, problem = $4, due_at = $5, delivered_at = $6, updated_at = $7, version = version + 1 WHERE id = $1`,
    [
      id,
      next,
      status,
      problem,
      next === 'waiting' ? new Date(at.getTime() + wait! * 1000).toISOString() : null,
      problem === null ? at.toISOString() : null,
      at.toISOString(),
    ],
  )
}
