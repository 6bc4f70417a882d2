import { createECDH } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { Refusal, type PushDevice } from '#model'
import { isSecure } from '../../access/outside/address.ts'
import { audit } from '../../audit/audit.ts'
import { personOf, type Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import { curve } from './encrypt.ts'

/** Where a browser is reached, and by which keys. */
export interface PushWay {
  endpoint: string
  /** base64url, as the browser gives them. */
  p256dh: string
  auth: string
}
const mostDevices = 10
const longestEndpoint = 2000
const placeOf = (record: string) => ({ resource: 'kernel.push_device', record, field: 'way' })

/** The browsers of these people, by person; whoever has none is left out. */
export async function devicesOf(db: Queryable, people: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db.query<{ id: string; person: string }>(`SELECT id, person FROM kernel.push_device WHERE person = ANY ($1::uuid[])`, [people])
  return new Map([...Map.groupBy(rows, ({ person }) => person)].map(([person, those]) => [person, those.map(({ id }) => id)]))
} // prettier-ignore
/** Where these browsers are reached, as JSON; those that are gone are left out. */
export async function waysOf(kernel: Kernel, devices: readonly string[]): Promise<Map<string, string>> {
  const rows = await kernel.db.query<{ id: string; way: Buffer }>(`SELECT id, way FROM kernel.push_device WHERE id = ANY ($1::uuid[])`, [devices])
  return new Map(rows.map(({ id, way }) => [id, kernel.protector.open(placeOf(id), way)]))
} // prettier-ignore
/** One's own. */
export const ownDevices = (ctx: Context): Promise<PushDevice[]> =>
  ctx.db.query<PushDevice & object>(`SELECT id, device, at FROM kernel.push_device WHERE person = $1::uuid ORDER BY at, id`, [
    personOf(ctx.actor),
  ])

/** What a browser says of itself. @throws {Refusal} in words. */
function readWay(kernel: Kernel, given: unknown): PushWay {
  const { endpoint, keys } = (given ?? {}) as { endpoint?: unknown; keys?: { p256dh?: unknown; auth?: unknown } }
  const { p256dh, auth } = keys ?? {}
  if (typeof endpoint !== 'string' || typeof p256dh !== 'string' || typeof auth !== 'string' || endpoint.length > longestEndpoint)
    throw new Refusal('badRequest', '浏览器给出的推送地址不完整，请关闭后重新开启')
  const problem = kernel.outgoing.problemOf(endpoint) ?? (isSecure(endpoint) ? null : '推送地址须以 https:// 开头')
  if (problem) throw new Refusal('badRequest', problem)
  if (!isPoint(p256dh) || Buffer.from(auth, 'base64url').length !== 16) throw new Refusal('badRequest', '浏览器给出的推送密钥不对，请关闭后重新开启')
  return { endpoint, p256dh, auth }
} // prettier-ignore
/** Is it a point of the curve, in full form? */
function isPoint(text: string): boolean {
  const point = Buffer.from(text, 'base64url')
  const any = createECDH(curve)
  any.generateKeys()
  try {
    return point.length === 65 && any.computeSecret(point).length > 0
  } catch {
    return false
  }
}

/** Switches a browser on for the actor. A browser tells one person: whoever had switched it on before is told by it no more. */
export async function switchOn(kernel: Kernel, ctx: Context, given: unknown, device: string): Promise<{ id: string }> {
  const way = readWay(kernel, given)
  const person = personOf(ctx.actor)!
  const mark = kernel.protector.blind('kernel.push_device', 'endpoint', way.endpoint)
  return kernel.transaction(ctx, async (tx) => {
    // One after another, so that nobody gets beyond the bound by asking twice at once.
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7102))`, [person])
    const [known] = await tx.db.query<{ id: string; person: string }>(`SELECT id, person FROM kernel.push_device WHERE mark = $1 FOR UPDATE`, [mark]) // prettier-ignore
    if (known?.person !== person && (await ownDevices(tx)).length >= mostDevices)
      throw new Refusal('badRequest', `最多在 ${mostDevices} 个浏览器上接收推送，请先停用不再用的`)
    if (known) await tx.db.query(`DELETE FROM kernel.push_device WHERE id = $1::uuid`, [known.id])
    const id = known?.person === person ? known.id : uuidv7()
    await tx.db.query(`INSERT INTO kernel.push_device (id, person, device, mark, way, at) VALUES ($1, $2, $3, $4, $5, $6)`, [
      id, person, device, mark, kernel.protector.seal(placeOf(id), JSON.stringify(way)), tx.clock.now().toISOString(),
    ]) // prettier-ignore
    if (known?.person !== person) await audit(tx, { act: 'message.pushOn', outcome: 'done', detail: { device } })
    return { id }
  })
}
/** Switches one's own browser off. */
export async function switchOff(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [gone] = await tx.db.query<{ device: string }>(`DELETE FROM kernel.push_device WHERE id = $1::uuid AND person = $2::uuid RETURNING device`, [id, personOf(ctx.actor)]) // prettier-ignore
    if (!gone) throw new Refusal('notFound', '这个浏览器已经停用')
    await audit(tx, { act: 'message.pushOff', outcome: 'done', detail: { device: gone.device } })
  })
}
/** The service knows it no more. */
export async function forgetDevice(db: Queryable, id: string): Promise<void> {
  await db.query(`DELETE FROM kernel.push_device WHERE id = $1::uuid`, [id])
}
