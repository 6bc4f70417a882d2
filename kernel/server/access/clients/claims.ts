import { hash } from 'node:crypto'
import { Refusal } from '#model'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import type { Place } from '../../protection/cipher.ts'

/** A slot of time, seconds; so many slots in the ring. */
export const slotSeconds = 300
export const slots = 8
/** A caller's own number of a request, and what was asked under it. */
export interface NumberedRequest {
  client: string
  id: string
  /** Hex: method, target and body. Another request under the same number is refused. */
  fingerprint: string
}
/** What a signed request takes for itself before, or together with, what it does: its number used once, and its own number where it has one. */
export interface Claim {
  slot: number
  /** 32 digits in hex: as a uuid is written. */
  digest: string
  request: NumberedRequest | null
}
/** `seconds`: the time that was signed. Who repeats a request repeats its time, so it falls into the same slot. */
export const claimOf = (key: string, seconds: number, nonce: string, request: NumberedRequest | null): Claim => ({
  slot: Math.floor(seconds / slotSeconds) % slots,
  digest: hash('sha256', `${key}\n${seconds}\n${nonce}`).slice(0, 32),
  request,
})

/** What was answered, as it went out. `body` null: it was too large to be kept. */
export interface KeptAnswer {
  status: number
  type: string | null
  body: string | null
}
const largestKept = 1024 * 1024
const placeOf = ({ client, id }: NumberedRequest): Place => ({ resource: 'kernel.apiAnswer', record: client, field: id })
/** The body as it is stored: under a data key, for answers show what their caller may see. Null when it is too large. */
export const sealAnswer = (kernel: Kernel, request: NumberedRequest, body: string): Buffer | null =>
  body.length > largestKept ? null : kernel.protector.seal(placeOf(request), body)

const claimed = `WITH nonce AS (INSERT INTO kernel.api_nonce (slot, digest) VALUES ($1, $2::uuid) ON CONFLICT DO NOTHING RETURNING 1),
    request AS (INSERT INTO kernel.api_answer (client, request, fingerprint, at) SELECT $3::uuid, $4, decode($5, 'hex'), $6::timestamptz FROM nonce WHERE $4::text IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM nonce) AS nonce, EXISTS (SELECT 1 FROM request) AS request`

/** Takes a claim in a statement of its own. Refuses one that was taken before; a request that was answered before gives that answer, null means: go to work. */
export async function take(kernel: Kernel, { slot, digest, request }: Claim): Promise<KeptAnswer | null> {
  const at = kernel.clock.now().toISOString()
  const values = [slot, digest, request?.client ?? null, request?.id ?? null, request?.fingerprint ?? null, at]
  const [taken] = await kernel.db.query<{ nonce: boolean; request: boolean }>(claimed, values)
  if (!taken!.nonce) throw new Refusal('replayed')
  return request && !taken!.request ? answered(kernel, request) : null
}

/** How long work may last before its request is taken for one that nobody works on any more, ms. */
const longestWork = 60_000
async function answered(kernel: Kernel, request: NumberedRequest): Promise<KeptAnswer> {
  const found = await keptAnswer(kernel, request)
  if (found) return found
  // Between two statements its work was refused: the next try begins anew.
  throw new Refusal('requestUnfinished', undefined, { retryAfter: 1 })
}
/** What was answered under this number; null when nothing was asked under it. Refuses another request of the same number, and one that is being worked on. */
export async function keptAnswer(kernel: Kernel, request: NumberedRequest): Promise<KeptAnswer | null> {
  const [row] = await kernel.db.query<{ fingerprint: string; at: string; status: number | null; type: string | null; body: Buffer | null }>(
    `SELECT encode(fingerprint, 'hex') AS fingerprint, at, status, type, body FROM kernel.api_answer WHERE client = $1::uuid AND request = $2`,
    [request.client, request.id],
  )
  if (!row) return null
  if (row.fingerprint !== request.fingerprint) throw new Refusal('requestIdReused')
  if (row.status === null) {
    if (kernel.clock.now().getTime() - Date.parse(row.at) < longestWork)
      throw new Refusal('requestUnfinished', undefined, { retryAfter: 2 })
    throw new Refusal('requestUncertain')
  }
  return { status: row.status, type: row.type, body: row.body && kernel.protector.open(placeOf(request), row.body) }
}

/** Keeps what was answered; what was refused or failed did nothing, and is forgotten so that it may be sent again under its number. */
export async function settle(kernel: Kernel, request: NumberedRequest, answer: KeptAnswer): Promise<void> {
  const isDone = answer.status >= 200 && answer.status < 300
  if (!isDone) return void (await kernel.db.query(`DELETE FROM kernel.api_answer WHERE client = $1::uuid AND request = $2 AND status IS NULL`, [request.client, request.id])) // prettier-ignore
  await kernel.db.query(`UPDATE kernel.api_answer SET status = $3, type = $4, body = $5 WHERE client = $1::uuid AND request = $2`, [
    request.client,
    request.id,
    answer.status,
    answer.type,
    answer.body === null ? null : sealAnswer(kernel, request, answer.body),
  ])
}

const keptHours = 24
/** Empties the parts whose time is over by more than twice the longest window, each as a whole; forgets answers after a day. */
export async function forgetOld(kernel: Kernel): Promise<void> {
  const now = kernel.clock.now().getTime()
  for (const slot of idleSlots(now)) await emptySlot(kernel.db, slot)
  await kernel.db.query(`DELETE FROM kernel.api_answer WHERE at < $1`, [new Date(now - keptHours * 3_600_000).toISOString()])
}
/** The slots of the ring that hold nothing that could still be accepted: two on either side of now may (a window of five minutes, and a clock that is off). */
export function idleSlots(now: number): number[] {
  const current = Math.floor(now / 1000 / slotSeconds)
  return Array.from({ length: slots - 5 }, (_, i) => (current + 3 + i) % slots)
}
async function emptySlot(db: Queryable, slot: number): Promise<void> {
  const table = `kernel.api_nonce_${slot}`
  const [found] = await db.query<{ some: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${table}) AS some`)
  if (found!.some) await db.once(`TRUNCATE ${table}`)
}
