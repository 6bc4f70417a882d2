import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LoopbackAnswer {
  status?: number
  headers?: Record<string, string>
  body?: string
}
/** A small service of another system on the loopback, for tests: real HTTP, answers by one function. */
export abstract class Loopback implements AsyncDisposable {
  url = ''
  private server: Server | undefined
  private port = 0
  /** Begins to listen; after `stop` on the same port again. */
  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      void bytesOf(request)
        .then((bytes) => this.answer(request, new URL(request.url!, this.url), bytes.toString('utf8'), bytes))
        .then(({ status = 200, headers = {}, body = '' }) => response.writeHead(status, headers).end(body))
        .catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
    this.url = `http://127.0.0.1:${this.port}`
    return this
  }
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.server!.close(resolve))
    this.server!.closeAllConnections()
    await gone
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
  protected abstract answer(request: IncomingMessage, url: URL, body: string, bytes: Buffer): LoopbackAnswer | Promise<LoopbackAnswer>
}
export const jsonAnswer = (body: unknown, status = 200): LoopbackAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
