import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'

/** How a request is signed: the keyed hash, and the hash of its body. */
export const algorithms = { 'hmac-sha256': 'sha256', 'hmac-sm3': 'sm3' } as const
export type Algorithm = keyof typeof algorithms
export const isAlgorithm = (name: string): name is Algorithm => Object.hasOwn(algorithms, name)

/** The headers of a signed request, in small letters. Those that are not needed may be left out. */
export const signatureHeaders = {
  key: 'x-xinglin-key',
  timestamp: 'x-xinglin-timestamp',
  nonce: 'x-xinglin-nonce',
  signature: 'x-xinglin-signature',
  /** `hmac-sha256` when left out. */
  algorithm: 'x-xinglin-algorithm',
  /** Hash of the body's bytes in hex; that of nothing when left out. */
  contentHash: 'x-xinglin-content-hash',
  /** The caller's own number of this request: whoever sends it again gets the stored answer. Not `x-request-id`, which proxies write by themselves. */
  requestId: 'x-xinglin-request-id',
} as const

/** Everything that a signature covers. None of it can hold a line break, so no two requests have one text. */
export interface SignedParts {
  algorithm: Algorithm
  /** Unix seconds, in digits. */
  timestamp: string
  nonce: string
  key: string
  /** As in the request line: `POST`. */
  method: string
  /** Path and query exactly as sent. */
  target: string
  /** Empty when there is none. */
  requestId: string
  /** Hex, small letters. */
  contentHash: string
}
/** The text that is signed: eight lines. */
export const canonicalText = (p: SignedParts): string =>
  `${p.algorithm}\n${p.timestamp}\n${p.nonce}\n${p.key}\n${p.method}\n${p.target}\n${p.requestId}\n${p.contentHash}`

/** Hash of a body in hex. Nothing is the hash of no bytes. */
export const contentHash = (algorithm: Algorithm, body: string | Uint8Array = ''): string =>
  createHash(algorithms[algorithm]).update(body).digest('hex')
const emptyHashes = new Map<Algorithm, string>()
export function emptyHash(algorithm: Algorithm): string {
  let hash = emptyHashes.get(algorithm)
  if (hash === undefined) emptyHashes.set(algorithm, (hash = contentHash(algorithm)))
  return hash
}

/** The signature in hex. The secret's characters are the key, as they were shown. */
export const signatureOf = (secret: string | KeyObject, parts: SignedParts): string =>
  createHmac(algorithms[parts.algorithm], secret).update(canonicalText(parts)).digest('hex')

/** Is this the signature of these parts? Takes as long for any wrong one. */
export function isSignature(secret: KeyObject, parts: SignedParts, given: string): boolean {
  const [ours, theirs] = [Buffer.from(signatureOf(secret, parts)), Buffer.from(given)]
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}

export interface RequestToSign {
  key: string
  secret: string | KeyObject
  method: string
  target: string
  body?: string | Uint8Array
  requestId?: string
  algorithm?: Algorithm
  nonce: string
  /** When it is sent. */
  at: Date
}
/** The headers that make a request a signed one. */
export function signedHeaders({ key, secret, method, target, body, requestId = '', algorithm = 'hmac-sha256', nonce, at }: RequestToSign): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const hash = contentHash(algorithm, body)
  const signature = signatureOf(secret, { algorithm, timestamp, nonce, key, method, target, requestId, contentHash: hash })
  return {
    [signatureHeaders.key]: key,
    [signatureHeaders.timestamp]: timestamp,
    [signatureHeaders.nonce]: nonce,
    [signatureHeaders.signature]: signature,
    [signatureHeaders.algorithm]: algorithm,
    [signatureHeaders.contentHash]: hash,
    ...(requestId ? { [signatureHeaders.requestId]: requestId } : {}),
  }
} // prettier-ignore
