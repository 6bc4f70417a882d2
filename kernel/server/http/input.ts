import { isUtf8 } from 'node:buffer'
import type { FastifyHttpOptions, FastifyInstance, FastifyRequest } from 'fastify'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { Refusal, refusals, type RefusalCode } from '#model'
import { answerHeaders } from './headers.ts'
import { sendProblem } from './problems.ts'
import { jsonProblem } from './strict-json.ts'

/** So long a request may take to arrive, body included, ms: who sends on and on, a byte a second, is cut off. */
const slowestRequest = 600_000
/** Connections of everybody together; what is worked on at once is bounded by `gate.ts`. */
const mostConnections = 10_000

/** What is refused before any route is asked: what is no HTTP, no address, no text, or means two things. */
export const strictOptions: FastifyHttpOptions<Server> = {
  requestTimeout: slowestRequest,
  http: { connectionsCheckingInterval: 5000 },
  // Before any hook has run, so the headers are set here.
  frameworkErrors: (_error, request, reply) => {
    void sendProblem(reply.headers({ ...answerHeaders }), new Refusal('badRequest', '地址无法识别'), request.id)
  },
  clientErrorHandler: answerNoHttp,
}

/** Reads bodies and addresses strictly. */
export function readStrictly(app: FastifyInstance): void {
  app.server.maxConnections = mostConnections
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  // Nobody sends plain text: taken for a body it would only be another shape to be wrong.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', (request, _reply, done) => {
    const problem = request.url.length > plainLength || strange.test(request.url) ? addressProblem(request) : null
    done(problem === null ? undefined : new Refusal('badRequest', problem))
  })
}
function readJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new Refusal('badRequest', '内容不是 UTF-8 文本')
  const text = body.toString('utf8')
  const problem = jsonProblem(text)
  if (problem) throw new Refusal('badRequest', problem)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Refusal('badRequest', '内容不是 JSON')
  }
}

/** Longer than most; and what only a query or an escape brings. */
const plainLength = 2000
const strange = /[?%]/
const longestAddress = 16_000
function addressProblem({ url, query, params }: FastifyRequest): string | null {
  if (url.length > longestAddress) return '地址过长'
  for (const [key, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    // A list where a text is read is a fault in waiting, and each reader would take another of them.
    if (Array.isArray(value)) return `参数“${key.slice(0, 60)}”出现了多次`
    if (isNoText(key) || isNoText(value)) return '地址中含有无法识别的字符'
  }
  return Object.values((params ?? {}) as Record<string, unknown>).some(isNoText) ? '地址中含有无法识别的字符' : null
}
const isNoText = (value: unknown): boolean => typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed())

const noHttp: Readonly<Record<string, RefusalCode>> = { HPE_HEADER_OVERFLOW: 'tooLarge' }
/** What is no HTTP reaches no route: it is answered as everything else, as far as the line still takes it. */
export function answerNoHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = noHttp[error.code ?? ''] ?? 'badRequest'
  const [status, words] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, '请求头过大'] : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, '请求发送得太慢'] : [400, refusals[code][1]] // prettier-ignore
  const body = JSON.stringify({ type: `/problems/${code}`, title: words, status, code })
  const lines = Object.entries({ ...answerHeaders, 'content-type': 'application/problem+json; charset=utf-8', 'content-length': String(Buffer.byteLength(body)), connection: 'close' }) // prettier-ignore
  socket.end(`HTTP/1.1 ${status} ${status === 431 ? 'Request Header Fields Too Large' : status === 408 ? 'Request Timeout' : 'Bad Request'}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`) // prettier-ignore
}
