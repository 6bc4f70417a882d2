import { timingSafeEqual } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { v4 as uuidv4 } from 'uuid'
import { dayOf, Refusal, type PasswordKey } from '#model'
import type { Kernel } from '../kernel.ts'

/** A challenge is answered within this, ms: it is asked for as the form is sent. */
const answeredWithin = 60_000
/** What a sealed password looks like in a body: the mark, the day of the key, the challenge, C1C3C2 in hex. */
const form = /^sm2:(\d{4}-\d{2}-\d{2}):([0-9a-f-]{36}\.\d{13}\.[0-9a-f]{32}):((?:[0-9a-f]{2}){97,1200})$/
/** The order of the curve (GB/T 32918.5-2017). */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const hashFirst = 1

interface Pair {
  day: string
  secret: string
  open: string
}
const pairs = new WeakMap<Kernel, Pair[]>()
/** The day's pair of keys: of the hospital's secret, so that every process has the same and none is kept anywhere. */
function pairOf(kernel: Kernel, day: string): Pair {
  const known = pairs.get(kernel) ?? []
  const found = known.find((one) => one.day === day)
  if (found) return found
  const scalar = (BigInt(`0x${kernel.protector.blind('kernel.sign_in', 'sm2', day).toString('hex')}`) % (order - 1n)) + 1n
  const secret = scalar.toString(16).padStart(64, '0')
  const made = { day, secret, open: sm2.getPublicKeyFromPrivateKey(secret) }
  pairs.set(kernel, [made, ...known].slice(0, 2))
  return made
}
const sealOf = (kernel: Kernel, number: string, until: string): Buffer =>
  kernel.protector.blind('kernel.sign_in', 'challenge', `${number}.${until}`).subarray(0, 16)

/** A key to seal passwords with (SM2, GB/T 32918), and the challenge that must be sealed along: used once, and within a minute. */
export function passwordKey(kernel: Kernel): PasswordKey {
  const now = kernel.clock.now()
  const [number, until] = [uuidv4(), String(now.getTime() + answeredWithin)]
  const { day, open } = pairOf(kernel, dayOf(now))
  return { id: day, key: open, challenge: `${number}.${until}.${sealOf(kernel, number, until).toString('hex')}` }
}

export const isSealed = (value: unknown): value is string => typeof value === 'string' && value.startsWith('sm2:')

/**
 * Opens what a page sealed; answers the passwords in their order. All of one body stand under one challenge, which is used up by it.
 * @throws {Refusal} when one was made for another challenge, with another key, too long ago, or was used before.
 */
export async function openPasswords(kernel: Kernel, sealed: readonly string[]): Promise<string[]> {
  const parts = sealed.map((one) => form.exec(one)?.slice(1) as [string, string, string] | undefined)
  const challenge = parts[0]?.[1] ?? ''
  const [number = '', until = '', mac = ''] = challenge.split('.')
  if (!mac || !timingSafeEqual(Buffer.from(mac, 'hex'), sealOf(kernel, number, until))) throw unreadable()
  const now = kernel.clock.now()
  if (Number(until) < now.getTime()) throw new Refusal('badRequest', '提交超过了一分钟，请重新提交')
  const opened = parts.map((part) => {
    if (part?.[1] !== challenge || Math.abs(Date.parse(part[0]) - now.getTime()) > 2 * 86_400_000) throw unreadable()
    return opensTo(pairOf(kernel, part[0]).secret, part[2], challenge)
  })
  const taken = await kernel.db.query(`INSERT INTO kernel.used_once VALUES ($1::uuid, $1::uuid, $2) ON CONFLICT DO NOTHING RETURNING 1`, [number, now.toISOString()]) // prettier-ignore
  if (taken.length === 0) throw new Refusal('alreadySent')
  return opened
}
const unreadable = () => new Refusal('badRequest', '密码的加密无法识别，请刷新页面后重试')
function opensTo(secret: string, cipher: string, challenge: string): string {
  let text = ''
  try {
    text = sm2.doDecrypt(cipher, secret, hashFirst, { output: 'string' })
  } catch {
    throw unreadable()
  }
  // The library answers an empty text when the hash within does not fit.
  if (!text.startsWith(`${challenge}\n`)) throw unreadable()
  return text.slice(challenge.length + 1)
}
