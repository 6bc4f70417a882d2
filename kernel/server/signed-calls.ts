import { createHmac } from 'node:crypto'
import type { Kernel } from './kernel.ts'

/** Waits between attempts to tell another system something, in seconds; after the last one it has failed. */
export const backOff = [10, 60, 300, 1800, 7200, 21_600, 43_200] as const
/** An attempt that has not been written back after so many seconds belonged to a process that died. */
export const claimSeconds = 60
const patienceMs = 10_000

/** The signature covers time and body: whoever repeats an old message cannot make it new. */
export const signatureOf = (secret: string, timestamp: string, body: string | Buffer): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`

/** Tells another system something under a signature, once; answers what is wrong, in Chinese, or null. */
export async function sendSigned(
  kernel: Kernel,
  { url, secret, id, body }: { url: string; secret: string; id: string; body: string },
): Promise<{ status: number | null; problem: string | null }> {
  const timestamp = String(Math.floor(kernel.clock.now().getTime() / 1000))
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-xinglin-delivery': id,
    'x-xinglin-timestamp': timestamp,
    'x-xinglin-signature': signatureOf(secret, timestamp, body),
  }
  try {
    const { status } = await kernel.outgoing.ask(url, { method: 'POST', headers, body, patienceMs })
    return { status, problem: status >= 200 && status < 300 ? null : `对方答复 ${status}` }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { status: null, problem: `未能送达：${reason}`.slice(0, 300) }
  }
}
