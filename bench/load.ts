// The load of a bench, in its own process: so many connections, each sending its next request when it has the answer.
// On two cores the load must be cheap, or it is the load that is measured.
import { randomBytes } from 'node:crypto'
import { signedHeaders } from '#kernel/server/access/clients/signature.ts'
import { Answers, bytesOf, open } from './wire.ts'

export interface LoadPlan {
  url: string
  connections: number
  seconds?: number
  /** Milliseconds that each connection waits after an answer: people read what they have asked for. */
  pause?: number
  /** Ends after so many, if sooner. */
  requests?: number
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  /** Sent in turn, each connection from a place of its own. */
  calls: readonly { path: string; body?: string }[]
  /** Each request is signed by this key and sent once: so many are signed before the clock runs, for the load must be cheap. */
  sign?: { key: string; secret: string; count: number }
  /** What an answer must contain. */
  expect?: string
}
export interface LoadResult {
  perSecond: number
  count: number
  p50: number
  p95: number
  p99: number
  max: number
  failed: number
  firstFailure: string | null
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const times: number[] = []
  let [failed, firstFailure, sent] = [0, null as string | null, 0]
  const { sign } = plan
  const calls = sign
    ? Array.from({ length: sign.count }, (_, i) => signedCall(plan, sign, plan.calls[i % plan.calls.length]!))
    : plan.calls.map(({ path, body }) => bytesOf(plan.url, plan.method, path, plan.headers, body))
  let next = 0
  const expected = plan.expect ? Buffer.from(plan.expect) : null
  const began = performance.now()
  const until = began + (plan.seconds ?? 3600) * 1000
  const one = async (number: number) => {
    const socket = await open(plan.url)
    const answers = new Answers(socket)
    let at = Math.floor((calls.length / plan.connections) * number)
    while (!isStopped && performance.now() < until && (!plan.requests || sent++ < plan.requests)) {
      const start = performance.now()
      if (sign && next === calls.length) throw new Error(`${calls.length} signed requests are not enough`)
      socket.write(calls[sign ? next++ : at++ % calls.length]!)
      const { status, body } = await answers.next()
      times.push(performance.now() - start)
      if (plan.pause) await new Promise((done) => setTimeout(done, plan.pause))
      if (status < 200 || status > 299 || (expected && body.indexOf(expected) < 0)) {
        failed++
        firstFailure ??= `${status} ${body.toString('utf8', 0, 300)}`
      }
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: plan.connections }, (_, number) => one(number)))
  const took = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return {
    perSecond: times.length / took,
    count: times.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: times.at(-1) ?? 0,
    failed,
    firstFailure,
  }
}

function signedCall({ url, method, headers }: LoadPlan, { key, secret }: { key: string; secret: string }, { path, body }: LoadPlan['calls'][number]): Buffer {
  const signed = signedHeaders({ key, secret, method, target: path, nonce: randomBytes(12).toString('hex'), at: new Date(), ...(body === undefined ? {} : { body }) })
  return bytesOf(url, method, path, { ...headers, ...signed }, body)
} // prettier-ignore

let isStopped = false
process.on('message', (said) => {
  if (said === 'stop') isStopped = true
  else void run(said as LoadPlan).then((result) => process.send?.(result))
})
