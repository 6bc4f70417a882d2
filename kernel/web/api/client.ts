import type { Me } from '#model'
import { askedHeader, splitAsked } from '#kernel/model/asked.ts'
import { here } from './place.ts'
import { isSomebodyThere } from './activity.ts'
import { connection } from './connection.ts'
import { ApiError, Unreachable, readProblem } from './problem.ts'
import { keepUnsaved, leave } from './leave.ts'
import { session } from './session.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Record<string, string | number | boolean | null | undefined>
export interface Ask {
  query?: Query | undefined
  body?: unknown
  /** Names this act: the server does it once, however often the request is repeated. */
  actId?: string | undefined
  signal?: AbortSignal | undefined
  /** Survives the page being closed (autosave on leaving). */
  keepalive?: boolean | undefined
}

const pauses = [400, 1000, 2500, 5000]
/** A busy server says when to come again; who was sent away before comes later still, and not all at the same instant. */
const busyTries = 6
const busyPause = (attempt: number, told: number): number =>
  Math.min((told > 0 ? told : 1) * 1000 * 1.6 ** attempt, 20_000) * (0.5 + Math.random())
const wait = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('aborted', 'AbortError'))
    })
  })

export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
  return given.length ? `${path}?${search}` : path
}

/** Sends a request until it is answered: waits for whoever must sign in again or owes something, and repeats what may be repeated when the server is away. */
export async function ask<T>(method: Method, path: string, options: Ask = {}): Promise<T> {
  const response = await send(method, path, options)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Like `ask`, for an answer that is a file; `later` is what is told in its place when it takes longer than a person waits. */
export async function askFile<T = unknown>(
  method: Method,
  path: string,
  options: Ask = {},
): Promise<{ blob: Blob; name: string | null; later: T | null }> {
  const response = await send(method, path, options)
  if (response.status === 202) return { blob: new Blob(), name: null, later: (await response.json()) as T }
  const named = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get('content-disposition') ?? '')
  return { blob: await response.blob(), name: named?.[1] ? decodeURIComponent(named[1]) : null, later: null }
}

/** Like `ask`, for an answer that comes as lines of JSON while the server works. */
export async function* askLines<T>(method: Method, path: string, options: Ask = {}): AsyncGenerator<T> {
  const response = await send(method, path, options)
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let left = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (left + piece.value).split('\n')
    left = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line) as T
  }
}

async function send(method: Method, path: string, options: Ask): Promise<Response> {
  let calm: (() => void) | undefined
  try {
    return await sendUntilAnswered(method, path, options, () => (calm ??= connection.busy()))
  } finally {
    calm?.()
  }
}
async function sendUntilAnswered(method: Method, path: string, options: Ask, onBusy: () => void): Promise<Response> {
  // A repeated read is harmless; a repeated write only when the server knows it by its act id.
  const mayRepeat = method === 'GET' || options.actId !== undefined
  let hasFreshToken = false
  for (let attempt = 0; ; attempt++) {
    const response = await once(method, path, options)
    if (response?.ok) {
      connection.report(false)
      return response
    }
    if (response && response.status !== 503 && response.status !== 502 && response.status !== 504) {
      connection.report(false)
      const problem = await readProblem(response)
      if (await session.settled(problem.code)) continue
      if (problem.code === 'csrf' && !hasFreshToken) {
        hasFreshToken = true
        session.set(await ask<Me>('GET', '/api/me'))
        continue
      }
      throw new ApiError(problem)
    }
    if (response?.status === 503 && (await isBusy(response))) {
      connection.report(false)
      if (!mayRepeat || attempt >= busyTries) throw new ApiError(await readProblem(response))
      onBusy()
      await wait(busyPause(attempt, Number(response.headers.get('retry-after'))), options.signal)
      continue
    }
    connection.report(true)
    const pause = pauses[attempt]
    if (!mayRepeat || pause === undefined) {
      if (response) throw new ApiError(await readProblem(response))
      throw new Unreachable()
    }
    const told = Number(response?.headers.get('retry-after'))
    await wait(told > 0 ? Math.min(told * 1000, 10_000) : pause, options.signal)
  }
}

/** Sent away for want of room, before anything was done; other reasons for 503 are named otherwise. */
async function isBusy(response: Response): Promise<boolean> {
  return (await readProblem(response.clone())).code === 'busy'
}

/** One try. Null when no answer came. */
async function once(method: Method, path: string, { query, body, actId, signal, keepalive }: Ask): Promise<Response | null> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const [plain, asked] = splitAsked(query)
  if (asked) headers[askedHeader] = asked
  const isForm = body instanceof FormData
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
  if (method !== 'GET' && session.me) headers['x-csrf-token'] = session.me.csrf
  if (actId) headers['x-act-id'] = actId
  // Each sending has a number of its own: one that was caught on its way is no use to anybody.
  if (method !== 'GET') headers['x-once'] = newId()
  if (!isSomebodyThere()) headers['x-background'] = '1'
  try {
    return await fetch(here(addressOf(path, plain)), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      ...(keepalive ? { keepalive } : {}),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    return null
  }
}

/** Who is signed in now; null when nobody is, or no answer came. Unlike everything else it does not wait for somebody. */
export async function whoIsThere(): Promise<Me | null> {
  const response = await once('GET', '/api/me', {})
  return response?.ok ? ((await response.json()) as Me) : null
}
export async function signOut(): Promise<void> {
  try {
    await keepUnsaved()
    session.leave()
    await api.post('/api/sign-out')
  } finally {
    await leave(signedOut)
  }
}
/** Where somebody comes who has signed out: what signs in by itself elsewhere waits to be asked. */
export const signedOut = '/?signed-out'

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => ask<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}, actId?: string) => ask<T>('POST', path, { body, actId }),
  put: <T>(path: string, body: unknown, keepalive?: boolean) => ask<T>('PUT', path, { body, keepalive }),
  patch: <T>(path: string, body: unknown) => ask<T>('PATCH', path, { body }),
  delete: <T>(path: string, query?: Query) => ask<T>('DELETE', path, { query }),
}

/** `crypto.randomUUID` exists only on https and localhost; hospitals also serve plain http inside. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
