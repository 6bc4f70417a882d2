import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ShortMessage } from '#kernel/server/access/sms/gateway.ts'
import { Loopback, type LoopbackAnswer } from './loopback.ts'

/** A gateway for short messages: proves the signature, keeps what it takes, sends what it knows no second time. */
export class SmsService extends Loopback {
  readonly secret = 'sms-secret-0123456789'
  readonly taken: ShortMessage[] = []
  /** What it says before it takes anything again; `lost`: it takes the message, and its answer never arrives. */
  readonly faults: (number | 'lost')[] = []
  asked = 0

  /** The code in the newest message to a number. */
  codeTo(mobile: string): string | undefined {
    return /验证码 (\d{6})/.exec(this.taken.findLast((one) => one.mobile === mobile)?.text ?? '')?.[1]
  }
  protected answer(request: IncomingMessage, _url: URL, body: string): LoopbackAnswer {
    this.asked++
    const stamp = String(request.headers['x-xinglin-timestamp'])
    const signature = createHmac('sha256', this.secret).update(`${stamp}\n${body}`).digest('hex')
    if (request.headers['x-xinglin-signature'] !== signature || Math.abs(Date.now() / 1000 - Number(stamp)) > 300) return { status: 401 }
    const fault = this.faults.shift()
    if (typeof fault === 'number') return { status: fault }
    const message = JSON.parse(body) as ShortMessage
    if (!this.taken.some(({ id }) => id === message.id)) this.taken.push(message)
    if (fault === 'lost') request.socket.destroy()
    return { status: 202 }
  }
}
