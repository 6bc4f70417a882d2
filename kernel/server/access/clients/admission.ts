import type { FastifyRequest } from 'fastify'
import { createHash, type Hash } from 'node:crypto'
import { Refusal } from '#model'
import type { Kernel } from '../../kernel.ts'
import { claimOf, type Claim } from './claims.ts'
import { Clients, isPast, type ApiClient } from './client.ts'
import { RateMeter } from './rate.ts'
import { algorithms, emptyHash, isAlgorithm, isSignature, signatureHeaders as names, type SignedParts } from './signature.ts'
import { signaturePolicy, type SignaturePolicy } from './signature-policy.ts'

/** What a signed request has said of itself, proved by its signature: the body is still to come. */
export interface Signed {
  parts: SignedParts
  claim: Claim
  /** Of the body as it comes in; null where none is read. */
  hash: Hash | null
}
// A policy read a moment ago holds; it is read beside the requests, not by each of them.
const policyMs = 2000
const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Lets other programs in: by signature, or by a bearer key where the policy and the client's record allow it. */
export class Admission {
  readonly clients: Clients
  private readonly rate = new RateMeter()
  private readonly kernel: Kernel
  private policy: SignaturePolicy | null = null
  private policyUntil = 0
  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.clients = new Clients(kernel)
    kernel.whenChanged(['kernel.protection'], () => (this.policy = null))
  }

  /** Does the request say that it is one of another program? */
  isForClient({ headers }: FastifyRequest): boolean {
    return headers[names.key] !== undefined || headers[names.signature] !== undefined || bearerOf(headers.authorization) !== undefined
  }
  /**
   * Finds out who calls, and puts him at the request; answers what was signed, null where a bearer key was enough. Nothing to wait for where key and policy were
   * read a moment ago. Throws or rejects with a refusal.
   */
  admit(request: FastifyRequest): Signed | null | Promise<Signed | null> {
    const client = this.clientOf(request)
    const policy = this.recentPolicy()
    return policy instanceof Promise || client instanceof Promise
      ? Promise.all([policy, client]).then(([rules, found]) => this.judge(request, rules, found))
      : this.judge(request, policy, client)
  }
  private recentPolicy(): SignaturePolicy | Promise<SignaturePolicy> {
    if (this.policy && performance.now() < this.policyUntil) return this.policy
    return signaturePolicy(this.kernel).then((policy) => {
      this.policyUntil = performance.now() + policyMs
      return (this.policy = policy)
    })
  }
  private clientOf({ headers }: FastifyRequest): ApiClient | Promise<ApiClient | null> {
    const key = headers[names.key]
    const secret = bearerOf(headers.authorization)
    if (key === undefined && headers[names.signature] === undefined) return this.clients.withSecret(secret!)
    // Two ways of proving at once are none.
    if (secret !== undefined) throw new Refusal('badRequest', '签名与 Authorization 头只能用一种')
    if (typeof key !== 'string' || !/^ak_\w{1,60}$/.test(key)) throw new Refusal('badKey', `${names.key} 头须为一个密钥编号`)
    return this.clients.withKey(key)
  }
  private judge(request: FastifyRequest, policy: SignaturePolicy, client: ApiClient | null): Signed | null {
    if (!client) throw new Refusal('badKey')
    const isSigned = request.headers[names.key] !== undefined
    const signed = isSigned ? readSigned(this.kernel, request, policy, client) : null
    // From here on it is he: what is refused is told, and counted, by his name.
    request.client = client
    if (!signed && (policy.isRequired || !client.mayBear))
      throw new Refusal('signatureRequired', policy.isRequired ? '防护策略要求接口签名，不接受固定密钥' : undefined)
    if (client.isDisabled) throw new Refusal('clientDisabled')
    if (isPast(client, this.kernel.clock.now())) throw new Refusal('clientDisabled', `接口调用方的有效期已于 ${client.validUntil} 结束`)
    if (client.isNear && !client.isNear(request.ip)) throw new Refusal('outsideNetwork', `来源地址 ${request.ip} 不在允许的范围内`)
    this.rate.take(client.id, client.perMinute, performance.now())
    return signed
  } // prettier-ignore
}

const bearerOf = (header = ''): string | undefined => /^Bearer (\S{10,200})$/.exec(header)?.[1]
const noncePattern = /^[A-Za-z0-9_.~-]{16,64}$/
const requestIdPattern = /^[A-Za-z0-9_.:~-]{1,80}$/
/** One header, as text; several of one name are refused, for which one would count is not said. */
function one(request: FastifyRequest, name: string, pattern: RegExp, what: string): string {
  const value = request.headers[name]
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new Refusal(
    'badRequest',
    `${name} 头${value === undefined ? '缺少' : '须'}${value === undefined ? `：${what}` : `为${what}，且只有一个`}`,
  )
}
function readSigned(kernel: Kernel, request: FastifyRequest, { minutes }: SignaturePolicy, client: ApiClient): Signed {
  const { headers } = request
  const name = headers[names.algorithm] ?? 'hmac-sha256'
  if (typeof name !== 'string' || !isAlgorithm(name)) throw new Refusal('badRequest', `${names.algorithm} 头须为 ${Object.keys(algorithms).join(' 或 ')}`)
  const signature = one(request, names.signature, /^[0-9a-f]{64}$/, '64 位小写十六进制的签名')
  const timestamp = one(request, names.timestamp, /^[1-9]\d{8,10}$/, 'Unix 秒数')
  const nonce = one(request, names.nonce, noncePattern, '16–64 位随机的字母、数字')
  const requestId = headers[names.requestId] === undefined ? '' : one(request, names.requestId, requestIdPattern, '1–80 位字母、数字')
  const contentHash = headers[names.contentHash] === undefined ? emptyHash(name) : one(request, names.contentHash, /^[0-9a-f]{64}$/, '正文的散列（64 位小写十六进制）')
  needTime(kernel, timestamp, minutes)
  if (!client.secret) throw new Refusal('badKey', '这把密钥是升级前发的，只能作为固定密钥；要签名请换一把')
  const { method, url: target = '' } = request.raw
  const parts: SignedParts = { algorithm: name, timestamp, nonce, key: client.key, method: method!, target, requestId, contentHash }
  if (!isSignature(client.secret, parts, signature)) throw new Refusal('badSignature')
  if (request.routeOptions.config.lane === 'files') throw new Refusal('badRequest', '签名的请求不能上传文件')
  const numbered = requestId && writing.has(parts.method) ? { client: client.id, id: requestId, fingerprint: fingerprintOf(parts) } : null
  return { parts, claim: claimOf(client.key, Number(timestamp), nonce, numbered), hash: null }
} // prettier-ignore
function needTime(kernel: Kernel, timestamp: string, minutes: number): void {
  const now = Math.floor(kernel.clock.now().getTime() / 1000)
  if (Math.abs(now - Number(timestamp)) > minutes * 60)
    throw new Refusal('clockSkew', `签名的时间与服务器相差超过 ${minutes} 分钟，服务器时间为 ${new Date(now * 1000).toISOString()}`, { serverTime: now })
} // prettier-ignore
const fingerprintOf = ({ method, target, contentHash }: SignedParts): string =>
  createHash('sha256').update(`${method}\n${target}\n${contentHash}`).digest('hex')

/**
 * Watches the body of a signed request as it is read; requests that only ask have none. The reader may have the bytes decoded first: what is not UTF-8 then
 * differs from what was signed, and what does not differ is the same text to everybody after.
 */
export function watchBody(request: FastifyRequest, signed: Signed): void {
  if (!writing.has(request.method)) return
  const hash = (signed.hash = createHash(algorithms[signed.parts.algorithm]))
  request.raw.on('data', (chunk: Buffer | string) => hash.update(chunk))
}
/** Refuses a body that is not the signed one. */
export function needSignedBody({ hash, parts }: Signed): void {
  if ((hash ? hash.digest('hex') : emptyHash(parts.algorithm)) !== parts.contentHash)
    throw new Refusal('badSignature', `正文与签名的散列（${names.contentHash}）不符`)
}
