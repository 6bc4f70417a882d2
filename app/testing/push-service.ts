import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Loopback, type LoopbackAnswer } from './loopback.ts'

export interface Pushed {
  browser: string
  id: string
  title: string
  link: string | null
  /** As it came, for a real service worker. */
  text: string
}
const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))

/** A browser as its maker's push service knows it: keys of its own, and an address there. */
class PushBrowser {
  readonly keys = createECDH('prime256v1')
  readonly auth = randomBytes(16)
  constructor() {
    this.keys.generateKeys()
  }
  /** Opens what was encrypted for it (RFC 8291), written from the standard and not from the program. */
  open(body: Buffer): string {
    const salt = body.subarray(0, 16)
    const theirs = body.subarray(21, 21 + body[20]!)
    const secret = derive(
      this.keys.computeSecret(theirs),
      this.auth,
      Buffer.concat([Buffer.from('WebPush: info\0'), this.keys.getPublicKey(), theirs]),
      32,
    )
    const sealed = body.subarray(21 + body[20]!)
    const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16)
    const opening = createDecipheriv('aes-128-gcm', key, derive(secret, salt, 'Content-Encoding: nonce\0', 12))
    opening.setAuthTag(sealed.subarray(-16))
    const padded = Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()])
    return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8')
  }
}
/** What a browser gives the page when it is let on, with keys of its own. */
export function browserOnPush(endpoint: string, browser = new PushBrowser()) {
  return { endpoint, keys: { p256dh: browser.keys.getPublicKey('base64url'), auth: browser.auth.toString('base64url') } }
}

/** The push service of a browser's maker: proves who sends (RFC 8292), opens what came as the browser would, and shows each once. */
export class PushService extends Loopback {
  readonly shown: Pushed[] = []
  /** Who sent, each time. */
  readonly senders = new Set<string>()
  asked = 0
  /** What it says before it takes anything again; `lost`: it takes the message, and its answer never arrives. */
  readonly faults: (number | 'lost')[] = []
  /** Browsers that were taken off. */
  readonly gone = new Set<string>()
  /** By which it judges how old a token is. */
  now: () => Date = () => new Date()
  private readonly browsers = new Map<string, PushBrowser>()

  subscription(name: string) {
    const browser = this.browsers.get(name) ?? new PushBrowser()
    this.browsers.set(name, browser)
    return browserOnPush(`${this.url}/push/${encodeURIComponent(name)}`, browser)
  }
  protected answer(request: IncomingMessage, url: URL, _body: string, bytes: Buffer): LoopbackAnswer {
    this.asked++
    const { headers } = request
    if (request.method !== 'POST' || headers['content-encoding'] !== 'aes128gcm' || !/^\d+$/.test(headers.ttl as string)) return { status: 400 }
    if (!/^[\w-]{1,32}$/.test(headers.topic as string)) return { status: 400 }
    if (!this.isKnownSender(headers.authorization ?? '')) return { status: 403 }
    const name = decodeURIComponent(url.pathname.slice('/push/'.length))
    const browser = this.browsers.get(name)
    if (!browser || this.gone.has(name)) return { status: browser ? 410 : 404 }
    const fault = this.faults.shift()
    if (typeof fault === 'number') return { status: fault }
    const text = browser.open(bytes)
    const told = JSON.parse(text) as Omit<Pushed, 'browser' | 'text'>
    // A second one under the same name takes the place of the first.
    if (!this.shown.some((one) => one.browser === name && one.id === told.id)) this.shown.push({ browser: name, ...told, text })
    if (fault === 'lost') request.socket.destroy()
    return { status: 201 }
  }
  private isKnownSender(given: string): boolean {
    const found = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(given)
    if (!found) return false
    const [, head, said, signature, point] = found as unknown as [string, string, string, string, string]
    const raw = Buffer.from(point, 'base64url')
    const jwk = { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') }
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const isSigned = verify('sha256', Buffer.from(`${head}.${said}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    const { aud, exp, sub } = JSON.parse(Buffer.from(said, 'base64url').toString()) as { aud: string; exp: number; sub: string }
    const left = exp - this.now().getTime() / 1000
    this.senders.add(point)
    return isSigned && aud === this.url && left > 0 && left <= 24 * 3600 && /^(https?:|mailto:)/.test(sub)
  }
} // prettier-ignore
