// The load of a bench, in its own process: so many connections, each sending its next request when it has the answer.
import { Client } from 'undici'

export interface LoadPlan {
  url: string
  connections: number
  seconds?: number
  /** Ends after so many, if sooner. */
  requests?: number
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  /** Sent in turn, each connection from a place of its own. */
  calls: readonly { path: string; body?: string }[]
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
  const began = performance.now()
  const until = began + (plan.seconds ?? 3600) * 1000
  const one = async (number: number) => {
    const client = new Client(plan.url, { pipelining: 1 })
    let at = Math.floor((plan.calls.length / plan.connections) * number)
    while (performance.now() < until && (!plan.requests || sent++ < plan.requests)) {
      const call = plan.calls[at++ % plan.calls.length]!
      const start = performance.now()
      const { statusCode, body } = await client.request({
        path: call.path,
        method: plan.method,
        headers: plan.headers ?? {},
        body: call.body ?? null,
      })
      const text = await body.text()
      times.push(performance.now() - start)
      if (statusCode < 200 || statusCode > 299 || (plan.expect && !text.includes(plan.expect))) {
        failed++
        firstFailure ??= `${statusCode} ${text.slice(0, 300)}`
      }
    }
    await client.close()
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

process.once('message', (plan) => void run(plan as LoadPlan).then((result) => process.send?.(result)))
