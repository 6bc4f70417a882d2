// HTTP/1.1 as cheaply as load needs it: prepared bytes out, the least reading in.
import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  body: Buffer
}
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setNoDelay(true)
  await new Promise<void>((done, wrong) => socket.once('connect', done).once('error', wrong))
  return socket
}
export function bytesOf(url: string, method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string): Buffer {
  const sent = {
    host: new URL(url).host,
    ...headers,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}
/** Reads one answer after the other off a connection; each must say its length. */
export class Answers {
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
