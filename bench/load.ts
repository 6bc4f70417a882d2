// The load of a bench, in its own process: so many connections, each sending its next request when it has the answer.
// On two cores the load must be cheap, or it is the load that is measured: prepared bytes out, the least reading of HTTP/1.1 in.
import { connect, type Socket } from 'node:net'

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
  const { hostname, port } = new URL(plan.url)
  const calls = plan.calls.map((call) => bytesOf(plan, call))
  const expected = plan.expect ? Buffer.from(plan.expect) : null
  const began = performance.now()
  const until = began + (plan.seconds ?? 3600) * 1000
  const one = async (number: number) => {
    const socket = connect(Number(port), hostname).setNoDelay(true)
    await new Promise<void>((done, wrong) => socket.once('connect', done).once('error', wrong))
    const answers = new Answers(socket)
    let at = Math.floor((calls.length / plan.connections) * number)
    while (performance.now() < until && (!plan.requests || sent++ < plan.requests)) {
      const start = performance.now()
      socket.write(calls[at++ % calls.length]!)
      const { status, body } = await answers.next()
      times.push(performance.now() - start)
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

function bytesOf(plan: LoadPlan, call: LoadPlan['calls'][number]): Buffer {
  const headers = {
    host: new URL(plan.url).host,
    ...plan.headers,
    ...(call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${plan.method} ${call.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${call.body ?? ''}`)
}

interface Answer {
  status: number
  body: Buffer
}
/** Reads one answer after the other off a connection; each must say its length. */
class Answers {
  private held: Buffer = Buffer.alloc(0)
  private waiting: { done: (answer: Answer) => void; wrong: (error: Error) => void } | null = null

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.held = this.held.length ? Buffer.concat([this.held, chunk]) : chunk
      this.look()
    })
    const broken = (error?: Error) => this.waiting?.wrong(error ?? new Error('the server closed the connection'))
    socket.on('error', broken).on('close', () => broken())
  }
  next(): Promise<Answer> {
    return new Promise((done, wrong) => {
      this.waiting = { done, wrong }
      this.look()
    })
  }
  private look(): void {
    const end = this.waiting ? this.held.indexOf('\r\n\r\n') : -1
    if (end < 0) return
    const head = this.held.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) return this.waiting!.wrong(new Error(`no content-length: ${head.slice(0, 200)}`))
    if (this.held.length < end + 4 + length) return
    const { done } = this.waiting!
    this.waiting = null
    const body = this.held.subarray(end + 4, end + 4 + length)
    this.held = this.held.subarray(end + 4 + length)
    done({ status: Number(head.slice(9, 12)), body })
  }
}

process.once('message', (plan) => void run(plan as LoadPlan).then((result) => process.send?.(result)))
