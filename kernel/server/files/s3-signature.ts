import { createHash, createHmac } from 'node:crypto'

export interface S3Keys {
  id: string
  secret: string
  region: string
}
export interface S3Request {
  method: string
  url: URL
  headers: Readonly<Record<string, string>>
  /** SHA-256 of the body in hexadecimal digits. */
  bodyHash: string
}
export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** The headers of a request with its signature (AWS signature version 4); host, date and the body's hash are signed, too. */
export function signed({ method, url, headers, bodyHash }: S3Request, keys: S3Keys, at: Date): Record<string, string> {
  const moment = at.toISOString().replace(/[-:]|\.\d+/g, '')
  const all: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': moment, 'x-amz-content-sha256': bodyHash }
  const names = Object.keys(all).toSorted()
  const query = [...url.searchParams].map(([key, value]) => `${escaped(key)}=${escaped(value)}`).toSorted().join('&') // prettier-ignore
  const heads = names.map((name) => `${name}:${all[name]!.trim()}\n`).join('')
  const canonical = [method, url.pathname, query, heads, names.join(';'), bodyHash].join('\n')
  const scope = `${moment.slice(0, 8)}/${keys.region}/s3/aws4_request`
  const key = [moment.slice(0, 8), keys.region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secret}`)
  const signature = hmac(key, ['AWS4-HMAC-SHA256', moment, scope, sha256(canonical)].join('\n')).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  const { host: _, ...rest } = all
  return { ...rest, authorization }
}
