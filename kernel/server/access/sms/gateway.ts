import { createHmac } from 'node:crypto'
import { wayTo, type NamedFetch } from '../../outgoing-named.ts'
import { addressFrom } from '../outside/address.ts'

export interface ShortMessage {
  /** The same however often it is sent: a gateway that has it already sends it no second time. */
  id: string
  mobile: string
  text: string
}
const patienceMs = 8000

/**
 * The hospital's gateway for short messages: POST `{id, mobile, text}` as JSON, with `x-xinglin-timestamp` (seconds) and `x-xinglin-signature`,
 * the HMAC-SHA256 (hex) of timestamp, a line feed and the body. 2xx: taken; another 4xx than 408 and 429: will never be; all else: asked again.
 */
export class SmsGateway {
  private readonly url: URL
  private readonly way: NamedFetch
  private readonly secret: string
  constructor(url: URL, secret: string) {
    this.url = url
    this.way = wayTo(url)
    this.secret = secret
  }
  /** What became of it; never fails, never takes longer than eight seconds. */
  async send(message: ShortMessage): Promise<'taken' | 'refused' | 'away'> {
    const body = JSON.stringify(message)
    const stamp = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', this.secret).update(`${stamp}\n${body}`).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-xinglin-timestamp': stamp, 'x-xinglin-signature': signature }
    try {
      const answer = await this.way(this.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) })
      await answer.body?.cancel()
      if (answer.ok) return 'taken'
      return answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429 ? 'refused' : 'away'
    } catch {
      return 'away'
    }
  }
}
/** The gateway that the environment names; null: there is none. */
export function smsFromEnvironment(env: Readonly<Record<string, string | undefined>>): SmsGateway | null {
  if (!env['XINGLIN_SMS_URL']) return null
  const secret = env['XINGLIN_SMS_SECRET']
  if (!secret || secret.length < 16) throw new Error('XINGLIN_SMS_SECRET 至少 16 位')
  return new SmsGateway(addressFrom(env, 'XINGLIN_SMS_URL'), secret)
}
