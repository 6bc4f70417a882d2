import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256, signed, type S3Keys } from '#kernel/server/files/s3-signature.ts'

interface Answer {
  status: number
  body?: Buffer | string
  headers?: Record<string, string>
}
/** A small S3 service on the loopback, for tests: proves each signature and the body's hash, answers as S3 does, and lists in pages of two. */
export class S3Service {
  readonly objects = new Map<string, Buffer>()
  readonly uploads = new Map<string, Map<number, Buffer>>()
  /** What to answer before it really answers: faults that pass. */
  readonly faults: number[] = []
  /** A piece of this number is always refused. */
  refusedPiece = 0
  readonly asked: string[] = []
  private readonly keys: S3Keys
  private server: Server | undefined
  constructor(keys: S3Keys) {
    this.keys = keys
  }
  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { status, body: text = '', headers = {} } = this.answer(request, body)
        response
          .writeHead(status, { 'content-length': Buffer.byteLength(text), ...headers })
          .end(request.method === 'HEAD' ? undefined : text)
      })
    })
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve))
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const url = new URL(request.url!, `http://${request.headers.host}`)
    const method = request.method!
    const fault = this.faults.shift()
    if (fault) return { status: fault, body: '<Error><Code>SlowDown</Code></Error>' }
    if (!this.isSigned(request, url, body)) return { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' }
    const [, bucket, ...rest] = url.pathname.split('/')
    if (bucket !== 'files') return { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' }
    const key = rest.join('/')
    this.asked.push(`${method} ${key}`)
    const uploadId = url.searchParams.get('uploadId')
    if (url.searchParams.has('uploads') || uploadId) return this.multipart(method, key, url, uploadId, body)
    if (method === 'PUT') return (this.objects.set(key, body), { status: 200, headers: { etag: etagOf(body) } })
    if (method === 'DELETE') return (this.objects.delete(key), { status: 204 })
    if (key === '') return this.list(url)
    return this.get(request, this.objects.get(key))
  }
  private isSigned(request: IncomingMessage, url: URL, body: Buffer): boolean {
    const { authorization = '' } = request.headers
    const hash = String(request.headers['x-amz-content-sha256'])
    const stamp = String(request.headers['x-amz-date'])
    const at = new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    if (hash !== sha256(body) || Math.abs(Date.now() - at.getTime()) > 900_000) return false
    const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
    const headers = Object.fromEntries(names.filter((n) => n !== 'host' && !n.startsWith('x-amz-')).map((n) => [n, String(request.headers[n])])) // prettier-ignore
    return (
      names.includes('host') &&
      signed({ method: request.method!, url, headers, bodyHash: hash }, this.keys, at)['authorization'] === authorization
    )
  }
  private multipart(method: string, key: string, url: URL, uploadId: string | null, body: Buffer): Answer {
    if (method === 'POST' && !uploadId) {
      const id = `u/${this.asked.length}+=`
      this.uploads.set(id, new Map())
      return { status: 200, body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` }
    }
    const pieces = this.uploads.get(uploadId!)
    if (!pieces) return { status: 404, body: '<Error><Code>NoSuchUpload</Code></Error>' }
    if (method === 'DELETE') return (this.uploads.delete(uploadId!), { status: 204 })
    if (method === 'PUT') {
      const number = Number(url.searchParams.get('partNumber'))
      if (number === this.refusedPiece) return { status: 400, body: '<Error><Code>InvalidPart</Code></Error>' }
      pieces.set(number, body)
      return { status: 200, headers: { etag: etagOf(body) } }
    }
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)]
    const all = named.map(([, number, etag]) => ({ piece: pieces.get(Number(number)), etag }))
    if (all.some(({ piece, etag }, n) => !piece || etagOf(piece) !== etag || (n < all.length - 1 && piece.length < 5 * 1024 * 1024)))
      return { status: 400, body: '<Error><Code>InvalidPart</Code></Error>' }
    this.objects.set(key, Buffer.concat(all.map(({ piece }) => piece!)))
    this.uploads.delete(uploadId!)
    return { status: 200, body: '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>' }
  }
  private list(url: URL): Answer {
    const after = url.searchParams.get('continuation-token') ?? ''
    const all = [...this.objects.keys()].toSorted().filter((key) => key.startsWith(url.searchParams.get('prefix') ?? '') && key > after)
    const page = all.slice(0, 2)
    const more = all.length > 2 ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '<IsTruncated>false</IsTruncated>' // prettier-ignore
    return {
      status: 200,
      body: `<ListBucketResult>${more}${page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
    }
  }
  private get(request: IncomingMessage, object: Buffer | undefined): Answer {
    if (!object) return { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    return range ? { status: 206, body: object.subarray(Number(range[1]), Number(range[2]) + 1) } : { status: 200, body: object }
  }
}
const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
