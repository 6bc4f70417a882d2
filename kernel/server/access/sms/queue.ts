import { v7 as uuidv7 } from 'uuid'
import { auditAlone } from '../../audit/audit.ts'
import type { Queryable } from '../../database/database.ts'
import { repeatEvery } from '../../jobs/outbox.ts'
import type { Kernel } from '../../kernel.ts'
import type { Place } from '../../protection/cipher.ts'
import type { SmsGateway } from './gateway.ts'

const placeOf = (record: string): Place => ({ resource: 'kernel.sms', record, field: 'content' })
const atOnce = 8
/** A process that has taken a message and dies gives it back after so long: longer than the gateway may take. */
const leaseMs = 20_000
/** Asked again after 5 s, 10 s, 20 s … and no more than a minute. */
const pauseMs = (tries: number): number => Math.min(5000 * 2 ** (tries - 1), 60_000)

/** Puts a short message into the queue, with the caller's transaction; not sent after `until`. */
export async function queueSms(kernel: Kernel, db: Queryable, message: { mobile: string; text: string; until: Date }): Promise<void> {
  const id = uuidv7()
  const content = kernel.protector.seal(placeOf(id), JSON.stringify({ mobile: message.mobile, text: message.text }))
  await db.query(`INSERT INTO kernel.sms (id, content, next_at, until) VALUES ($1, $2, $3, $4)`, [id, content, kernel.clock.now().toISOString(), message.until.toISOString()]) // prettier-ignore
}

/** Sends what is due, a few at once; what the gateway does not take now is tried again later. Answers how many were due. */
export async function sendDue(kernel: Kernel, gateway: SmsGateway): Promise<number> {
  const now = kernel.clock.now()
  await kernel.db.query(`DELETE FROM kernel.sms WHERE until <= $1`, [now.toISOString()])
  const due = await kernel.db.query<{ id: string; content: Buffer; tries: number }>(
    `UPDATE kernel.sms SET next_at = $2, tries = tries + 1 WHERE id IN (SELECT id FROM kernel.sms WHERE next_at <= $1 ORDER BY next_at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED) RETURNING id, content, tries`,
    [now.toISOString(), new Date(now.getTime() + leaseMs).toISOString()],
  )
  await Promise.all(due.map((one) => sendOne(kernel, gateway, one)))
  return due.length
}
async function sendOne(kernel: Kernel, gateway: SmsGateway, { id, content, tries }: { id: string; content: Buffer; tries: number }): Promise<void> {
  const { mobile, text } = JSON.parse(kernel.protector.open(placeOf(id), content)) as { mobile: string; text: string }
  const became = await gateway.send({ id, mobile, text })
  const now = kernel.clock.now()
  if (became === 'away') {
    await kernel.db.query(`UPDATE kernel.sms SET next_at = $2 WHERE id = $1`, [id, new Date(now.getTime() + pauseMs(tries)).toISOString()])
    return
  }
  await kernel.db.query(`DELETE FROM kernel.sms WHERE id = $1`, [id])
  if (became === 'refused') await auditAlone(kernel.db, now, { actor: null, name: '短信网关', address: null }, { act: 'sms', outcome: 'failed', detail: { id } })
} // prettier-ignore

/** Sends as long as the process runs. */
export const startSms = (kernel: Kernel, gateway: SmsGateway, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(500, async () => void (await sendDue(kernel, gateway)), onError)
