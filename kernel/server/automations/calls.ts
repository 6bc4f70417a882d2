import { randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { backOff, claimSeconds, sendSigned, signatureOf } from '../signed-calls.ts'
import type { Acting } from './acts.ts'

const atOnce = 20

const place = (table: string, record: string, field: string) => ({ resource: table, record, field })
const secretPlace = (name: string) => place('kernel.automation', name, 'secret')
/** Makes a new secret of an automation; the one before counts no more. It is shown this once. */
export async function newSecret(kernel: Kernel, db: Queryable, name: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await db.query(
    `INSERT INTO kernel.automation (name, secret, secret_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, secret_at = excluded.secret_at`,
    [name, kernel.protector.seal(secretPlace(name), secret), kernel.clock.now().toISOString()],
  )
  return secret
}
async function secretOf(kernel: Kernel, db: Queryable, name: string): Promise<string | null> {
  const [row] = await db.query<{ secret: Buffer | null }>(`SELECT secret FROM kernel.automation WHERE name = $1`, [name])
  return row?.secret ? kernel.protector.open(secretPlace(name), row.secret) : null
}
/** The signature of a call in: its number is covered, or whoever overhears a call could send it again under another one. */
export const hookSignature = (
  secret: string,
  { timestamp, delivery, body }: { timestamp: string; delivery: string; body: string | Buffer },
): string => signatureOf(secret, `${timestamp}.${delivery}`, body)
/** Is this what the automation's other side has signed? */
export async function isSigned(kernel: Kernel, name: string, given: { timestamp: string; delivery: string; signature: string; body: Buffer }): Promise<boolean> {
  const secret = await secretOf(kernel, kernel.db, name)
  // Of a name that nobody knows as much is worked out as of any other.
  const expected = Buffer.from(hookSignature(secret ?? 'none', given))
  const said = Buffer.from(given.signature)
  return expected.length === said.length && timingSafeEqual(expected, said) && secret !== null
} // prettier-ignore

const bodyPlace = (id: string) => place('kernel.automation_call', id, 'body')
/** What another system is told. */
export const callBody = ({ name, automation, stored, tx }: Acting, values: Readonly<Record<string, unknown>>): object => ({
  automation: name,
  label: automation.label,
  event: automation.when.kind,
  at: tx.clock.now().toISOString(),
  resource: automation.resource || null,
  record: stored?.id ?? null,
  values,
})
/** Puts down what is to be sent, with the run: nothing leaves before the run is committed. */
export async function noteCall(kernel: Kernel, tx: Context, { run, name }: Acting, act: number, url: string, body: object): Promise<void> {
  const id = uuidv7()
  await tx.db.query(
    `INSERT INTO kernel.automation_call (id, run, automation, act, url, body, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, run, name, act, url, kernel.protector.seal(bodyPlace(id), JSON.stringify({ delivery: id, ...body })), tx.clock.now().toISOString()],
  )
} // prettier-ignore

interface Claimed {
  id: string
  automation: string
  url: string
  body: Buffer
  attempts: number
}
/** Sends what is due. Answers how many were tried. */
export async function sendCalls(kernel: Kernel): Promise<number> {
  const now = kernel.clock.now()
  const claimed = await kernel.db.query<Claimed & object>(
    `UPDATE kernel.automation_call t SET attempts = t.attempts + 1, due_at = $2 WHERE t.id IN (
       SELECT id FROM kernel.automation_call WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED) RETURNING t.id, t.automation, t.url, t.body, t.attempts`,
    [now.toISOString(), new Date(now.getTime() + claimSeconds * 1000).toISOString()],
  )
  await Promise.all(claimed.map((one) => send(kernel, one)))
  return claimed.length
}
async function send(kernel: Kernel, one: Claimed): Promise<void> {
  let problem: string | null = '系统内部错误'
  try {
    problem = await attempt(kernel, one)
  } finally {
    await noteAttempt(kernel, one, problem)
  }
}
async function noteAttempt(kernel: Kernel, { id, attempts }: Claimed, problem: string | null): Promise<void> {
  const wait = backOff[attempts - 1]
  const state = problem === null ? 'sent' : wait === undefined ? 'failed' : 'waiting'
  const due = state === 'waiting' ? new Date(kernel.clock.now().getTime() + wait! * 1000).toISOString() : null
  // What is sent no more is kept no longer.
  await kernel.db.query(
    `UPDATE kernel.automation_call SET state = $2, problem = $3, due_at = $4, body = CASE WHEN $2 = 'waiting' THEN body ELSE '' END WHERE id = $1`,
    [id, state, problem, due],
  )
}
async function attempt(kernel: Kernel, { id, automation, url, body }: Claimed): Promise<string | null> {
  const secret = await secretOf(kernel, kernel.db, automation)
  if (secret === null) return '没有密钥，不能签名'
  const text = kernel.protector.open(bodyPlace(id), body)
  return (await sendSigned(kernel, { url, secret, id, body: text })).problem
}
