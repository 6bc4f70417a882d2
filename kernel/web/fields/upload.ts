import { partBytes, partsOf, type FileValue, type Problem, type UploadState } from '#model'
import { here } from '../api/place.ts'
import { api } from '../api/client.ts'
import { ApiError, Unreachable } from '../api/problem.ts'
import { session } from '../api/session.ts'
import { crc32, crcText } from './crc32.ts'

/** How an upload is watched and held. */
export interface Transfer {
  /** From 0 to 1. */
  onProgress: (share: number) => void
  /** What it waits for, as people read it; null: nothing. */
  onWait: (why: string | null) => void
  signal: AbortSignal
  gate: Gate
}
/** Lets an upload go on, or holds it. */
export class Gate {
  isHeld = false
  private waiting: (() => void)[] = []
  private stops = new Set<() => void>()
  hold(): void {
    this.isHeld = true
    for (const stop of this.stops) stop()
  }
  open(): void {
    this.isHeld = false
    for (const go of this.waiting.splice(0)) go()
  }
  passed = (): Promise<void> => (this.isHeld ? new Promise((go) => void this.waiting.push(go)) : Promise.resolve())
  /** Called when it is held; answers how to be called no more. */
  onHold(stop: () => void): () => void {
    this.stops.add(stop)
    return () => void this.stops.delete(stop)
  }
}

/** Sends one file: small ones at once, larger ones in parts that need not be sent again after a cut, a reload or a restart of the server. */
export async function upload(file: File, watched: Partial<Transfer> = {}): Promise<FileValue> {
  const transfer = { onProgress: () => {}, onWait: () => {}, signal: new AbortController().signal, gate: new Gate(), ...watched }
  const stored = await (file.size > partBytes ? inParts(file, transfer) : atOnce(file, transfer))
  // Without a small picture the picture itself is shown: no reason to keep anybody waiting or to tell of a fault.
  await sendThumbnail(file, stored).catch(() => undefined)
  return stored
}
async function sendThumbnail(file: File, { id, type }: FileValue): Promise<void> {
  const small = type.startsWith('image/') ? await drawn(file, thumbnailSide, 0.78) : null
  if (small && small.size < file.size) await api.put(`/api/files/${id}/thumbnail`, { picture: await base64(small) })
}
const base64 = async (blob: Blob): Promise<string> =>
  btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''))

async function atOnce(file: File, transfer: Transfer): Promise<FileValue> {
  const form = new FormData()
  form.append('file', file, file.name)
  return (await ask(transfer, { method: 'POST', path: '/api/files', body: form, onSent: (bytes) => transfer.onProgress(Math.min(1, bytes / file.size)) })) as FileValue // prettier-ignore
}
async function inParts(file: File, transfer: Transfer): Promise<FileValue> {
  const begun = { name: file.name, bytes: file.size, mark: String(file.lastModified) }
  const { id, parts } = (await ask(transfer, { method: 'POST', path: '/api/uploads', json: begun })) as UploadState
  const there = new Map(parts.map(({ part, crc32 }) => [part, crc32]))
  const path = `/api/uploads/${id}`
  transfer.signal.addEventListener('abort', () => void send({ method: 'DELETE', path }), { once: true })
  let whole = 0
  for (let part = 0; part < partsOf(file.size); part++) {
    await transfer.gate.passed()
    const from = part * partBytes
    const piece = file.slice(from, from + partBytes)
    const bytes = new Uint8Array(await readPiece(piece))
    whole = crc32(bytes, whole)
    const crc = crcText(crc32(bytes))
    const onSent = (sent: number) => transfer.onProgress((from + Math.min(sent, bytes.length)) / file.size)
    if (there.get(part) !== crc)
      await ask(transfer, { method: 'PUT', path: `${path}/parts/${part}`, body: piece, headers: { 'content-type': 'application/octet-stream', 'x-crc32': crc }, onSent }) // prettier-ignore
    onSent(bytes.length)
  }
  return (await ask(transfer, { method: 'POST', path: `${path}/finish`, json: { crc32: crcText(whole) } })) as FileValue
}
const readPiece = (piece: Blob): Promise<ArrayBuffer> =>
  piece.arrayBuffer().catch(() => Promise.reject(new ApiError({ type: 'about:blank', code: 'fault', status: 400, title: '文件在本机已被移动或改动，请重新选择' }))) // prettier-ignore

interface Sending {
  method: string
  path: string
  body?: Blob | FormData
  json?: unknown
  headers?: Record<string, string>
  onSent?: (bytes: number) => void
}
const mostTries = 10
/** Asks until it is answered: waits longer after each failure, for a new session, and while it is held. Refusals are thrown. */
async function ask(transfer: Transfer, what: Sending): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    await transfer.gate.passed()
    const { status, body } = await send(what, transfer)
    if (transfer.signal.aborted) throw new DOMException('aborted', 'AbortError')
    if (status >= 200 && status < 300) {
      transfer.onWait(null)
      return body
    }
    if (status === held) tries--
    else if (await session.settled((body as Partial<Problem> | null)?.code)) continue
    else if (tries < mostTries && isPassing(status, body)) {
      transfer.onWait('网络不稳，正在重试')
      await pause(Math.min(30_000, 500 * 2 ** tries), transfer)
    } else if (status === 0) throw new Unreachable()
    else throw new ApiError({ type: 'about:blank', code: 'fault', title: '文件没有传上去', ...(body as Partial<Problem> | null), status })
  }
}
/** What may be otherwise a moment later: no answer, a server that restarts, a part damaged on the way. */
const isPassing = (status: number, body: unknown): boolean =>
  [0, 429, 502, 503, 504].includes(status) || (body as { refusal?: string } | null)?.refusal === 'damaged'
/** Waits so many milliseconds, less when the network comes back or nobody wants it any more. */
const pause = (ms: number, { signal }: Transfer): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })

/** Stands for a request that was cut off because the upload is held. */
const held = -1
/** By XMLHttpRequest, because fetch does not tell how much was sent. Status 0: no answer. */
function send(
  { method, path, body, json, headers = {}, onSent }: Sending,
  transfer?: Transfer,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open(method, here(path))
    request.responseType = 'json'
    if (session.me) request.setRequestHeader('x-csrf-token', session.me.csrf)
    if (json !== undefined) request.setRequestHeader('content-type', 'application/json')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    const stop = () => request.abort()
    const forget = transfer?.gate.onHold(stop)
    transfer?.signal.addEventListener('abort', stop)
    const end = (status: number) => {
      forget?.()
      transfer?.signal.removeEventListener('abort', stop)
      resolve({ status, body: request.response as unknown })
    }
    if (onSent) request.upload.onprogress = (event) => onSent(event.loaded)
    request.onload = () => end(request.status)
    request.onerror = () => end(0)
    request.onabort = () => end(held)
    request.send(json === undefined ? (body ?? null) : JSON.stringify(json))
  })
}

const longestSide = 2400
const thumbnailSide = 320
/** A phone's 12-megapixel picture is made small enough for evidence before it travels. */
export async function shrunk(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 1_500_000) return file
  const blob = await drawn(file, longestSide, 0.86)
  return blob && blob.size < file.size
    ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg', lastModified: file.lastModified })
    : file
}
/** A picture drawn anew, no side longer than this many pixels; null where the browser cannot. */
async function drawn(file: File, side: number, quality: number): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, side / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    const pen = canvas.getContext('2d')
    if (!pen) return null
    // What is transparent is white on paper, too.
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  } catch {
    return null
  }
}

/** Does a file fit `['image/*', 'application/pdf', '.docx']`? */
export const isAccepted = (file: { type: string; name: string }, accept: readonly string[] | undefined): boolean =>
  !accept ||
  accept.some((rule) =>
    rule.startsWith('.')
      ? file.name.toLowerCase().endsWith(rule.toLowerCase())
      : rule.endsWith('/*')
        ? file.type.startsWith(rule.slice(0, -1))
        : file.type === rule,
  )
