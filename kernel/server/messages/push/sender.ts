import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Kernel } from '../../kernel.ts'

/** A token is good for so long; services take none of more than a day. */
const tokenMs = 12 * 3_600_000
const place = { resource: 'kernel.push_key', record: 'only', field: 'private' }
/** By what browsers know this hospital. `point`: as they are given it, base64url. */
export interface Sender {
  point: string
  key: KeyObject
}

/** The hospital's key, made when it is first asked for; of two processes that make it at once one prevails. */
export async function senderOf(kernel: Kernel): Promise<Sender> {
  const stored = await readSender(kernel)
  if (stored) return stored
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const jwk = privateKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(4), Buffer.from(jwk.x!, 'base64url'), Buffer.from(jwk.y!, 'base64url')]).toString('base64url')
  await kernel.db.query(`INSERT INTO kernel.push_key (public, private, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    point,
    kernel.protector.seal(place, JSON.stringify(jwk)),
    kernel.clock.now().toISOString(),
  ])
  return (await readSender(kernel))!
}
async function readSender(kernel: Kernel): Promise<Sender | null> {
  const [row] = await kernel.db.query<{ public: string; private: Buffer }>(`SELECT public, private FROM kernel.push_key`)
  if (!row) return null
  return {
    point: row.public,
    key: createPrivateKey({ key: JSON.parse(kernel.protector.open(place, row.private)) as JsonWebKey, format: 'jwk' }),
  }
}

/** Says to a service who sends (VAPID, RFC 8292): good for that service alone, and not for long. */
export function authorization({ point, key }: Sender, endpoint: string, subject: string, now: Date): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const said = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: new URL(endpoint).origin, exp: Math.floor((now.getTime() + tokenMs) / 1000), sub: subject })}`
  const signature = sign('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return `vapid t=${said}.${signature}, k=${point}`
}
