import { open, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { wayTo, type NamedFetch } from '../outgoing-named.ts'
import { sha256, signed, type S3Keys } from './s3-signature.ts'
import type { Store } from './store.ts'

export interface S3Place extends S3Keys {
  /** Address of the service, as `https://s3.example`; the bucket stands in the path. */
  endpoint: string
  bucket: string
}
/** From this size on a file goes in pieces of this size, each held in memory once. At least 5 MiB, as S3 wants it. */
const pieceBytes = 16 * 1024 * 1024
const tries = 4

/** A bucket of an S3 service, addressed by path. */
export class S3Store implements Store {
  private readonly place: S3Place
  private readonly way: NamedFetch
  constructor(place: S3Place) {
    this.place = place
    this.way = wayTo(new URL(place.endpoint))
  }
  async take(key: string, path: string): Promise<void> {
    const handle = await open(path)
    try {
      const { size } = await handle.stat()
      if (size <= pieceBytes) await this.ask('PUT', key, { body: await piece(handle, 0, size) })
      else await this.takeLarge(key, handle, size)
    } finally {
      await handle.close()
    }
  }
  /** In pieces; nothing stands under the key until all are there, and nothing stays of those when one fails. */
  private async takeLarge(key: string, handle: FileHandle, size: number): Promise<void> {
    const begun = await (await this.ask('POST', key, { query: { uploads: '' } })).text()
    const uploadId = tagIn(begun, 'UploadId')
    if (!uploadId) throw new Error('S3 began no upload')
    try {
      const parts: string[] = []
      for (let at = 0; at < size; at += pieceBytes) {
        const number = parts.length + 1
        const answer = await this.ask('PUT', key, { query: { partNumber: String(number), uploadId }, body: await piece(handle, at, Math.min(pieceBytes, size - at)) }) // prettier-ignore
        await answer.body?.cancel()
        parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${answer.headers.get('etag') ?? ''}</ETag></Part>`)
      }
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`)
      const done = await (await this.ask('POST', key, { query: { uploadId }, body })).text()
      // Answered with 200 before it was done, and then not done.
      if (done.includes('<Error>')) throw new Error(`S3: ${tagIn(done, 'Code') ?? 'not completed'}`)
    } catch (error) {
      await this.ask('DELETE', key, { query: { uploadId } }).catch(() => undefined)
      throw error
    }
  }
  async read(key: string, part?: { start: number; end: number }): Promise<Readable> {
    const answer = await this.ask('GET', key, part ? { headers: { range: `bytes=${part.start}-${part.end}` } } : {})
    return answer.body ? Readable.fromWeb(answer.body as ReadableStream<Uint8Array>) : Readable.from([])
  }
  async remove(key: string): Promise<void> {
    await this.ask('DELETE', key, { allow: [404] })
  }
  async *list(prefix: string): AsyncIterable<string> {
    for (let next: string | null = ''; next !== null;) {
      const query: Record<string, string> = { 'list-type': '2', prefix, ...(next ? { 'continuation-token': next } : {}) }
      const page = await (await this.ask('GET', '', { query })).text()
      // Our keys hold nothing that XML would escape.
      for (const [, key] of page.matchAll(/<Key>([^<]*)<\/Key>/g)) yield key!
      next = tagIn(page, 'IsTruncated') === 'true' ? (tagIn(page, 'NextContinuationToken') ?? null) : null
    }
  }

  /** One request, again after a moment where the service is busy or does not answer. */
  private async ask(method: string, key: string, { query = {}, headers = {}, body, allow = [] }: Asked): Promise<Response> {
    const { endpoint, bucket } = this.place
    const url = new URL(`${endpoint.replace(/\/$/, '')}/${bucket}${key ? `/${key}` : ''}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const bodyHash = sha256(body ?? '')
    for (let attempt = 1; ; attempt++) {
      const all = signed({ method, url, headers, bodyHash }, this.place, new Date())
      const answer = await this.way(url, { method, headers: all, ...(body ? { body: new Uint8Array(body) } : {}) }).catch((error: unknown) => error as Error) // prettier-ignore
      if (!(answer instanceof Error) && (answer.ok || allow.includes(answer.status))) return answer
      const isPassing = answer instanceof Error || answer.status >= 500 || answer.status === 429
      if (!isPassing || attempt === tries) throw await faultOf(answer, method, key)
      await new Promise((resolve) => setTimeout(resolve, 100 * 3 ** attempt))
    }
  }
}
interface Asked {
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Buffer
  /** Answers that are no faults here. */
  allow?: readonly number[]
}
async function faultOf(answer: Response | Error, method: string, key: string): Promise<Error> {
  if (answer instanceof Error) return new Error(`S3 does not answer: ${method} ${key}`, { cause: answer })
  return new Error(`S3: ${method} ${key}: ${answer.status} ${tagIn(await answer.text(), 'Code') ?? ''}`)
}
async function piece(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let read = 0; read < bytes;) {
    const { bytesRead } = await handle.read(buffer, read, bytes - read, at + read)
    if (bytesRead === 0) throw new Error('the file became shorter while it was sent')
    read += bytesRead
  }
  return buffer
}
const tagIn = (xml: string, tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]

/** The bucket that the environment names; null: files lie on this machine. What is named by half is told. */
export function s3FromEnvironment(env: Readonly<Record<string, string | undefined>>): S3Place | null {
  const names = { endpoint: 'XINGLIN_S3_ENDPOINT', bucket: 'XINGLIN_S3_BUCKET', id: 'XINGLIN_S3_KEY_ID', secret: 'XINGLIN_S3_SECRET' } as const // prettier-ignore
  const given = Object.values(names).filter((name) => env[name])
  if (given.length === 0) return null
  const missing = Object.values(names).filter((name) => !env[name])
  if (missing.length) throw new Error(`文件存到 S3 还缺少环境变量：${missing.join('、')}`)
  const endpoint = env[names.endpoint]!
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) throw new Error(`${names.endpoint} 应为 http 或 https 地址`)
  return {
    endpoint,
    bucket: env[names.bucket]!,
    id: env[names.id]!,
    secret: env[names.secret]!,
    region: env['XINGLIN_S3_REGION'] ?? 'us-east-1',
  }
}
