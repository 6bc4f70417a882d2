import type { Kernel } from '../../kernel.ts'
import { devicesOf, forgetDevice, waysOf, type PushWay } from '../push/devices.ts'
import { encryptFor } from '../push/encrypt.ts'
import { authorization, senderOf, type Sender } from '../push/sender.ts'
import type { Became, Channel, Parcel, Words } from './channel.ts'

/** A service keeps it no longer for a browser that is not there, seconds. */
const keptSeconds = 24 * 3600
const patienceMs = 15_000
const pushed = (address: string): PushWay & { device: string } => JSON.parse(address) as PushWay & { device: string }

/** To browsers that were switched on, also while no page is open there: by the push service of the browser's maker (RFC 8030), which cannot read what it carries. */
export class PushChannel implements Channel {
  readonly name = 'push'
  readonly atOnce = 1
  readonly calls = 32
  readonly patienceMs = patienceMs
  readonly longest = { title: 100, text: 0 }
  readonly noAddress = '还没有浏览器开启推送'
  readonly devicesOf = devicesOf
  private readonly kernel: Kernel
  private readonly publicUrl: string
  /** Made once and never changed: asked for by the first message, not by each. */
  private sender: Sender | null = null
  constructor(kernel: Kernel, publicUrl: string) {
    this.kernel = kernel
    this.publicUrl = publicUrl
  }
  async addressesOf(kernel: Kernel, devices: readonly string[]): Promise<Map<string, string>> {
    const ways = await waysOf(kernel, devices)
    return new Map([...ways].map(([device, way]) => [device, JSON.stringify({ ...(JSON.parse(way) as PushWay), device })]))
  }
  /** Whoever holds an address could find out whose browser it is: none is shown. */
  mask = (): string => ''
  async send([parcel]: readonly Parcel[], { title, link }: Words): Promise<Became[]> {
    const { id, message, address } = parcel!
    const { device, endpoint, p256dh, auth } = pushed(address)
    // What is shown on a locked screen: the title, and where it leads. Nothing else leaves the house.
    const text = JSON.stringify({ id: message, title, link })
    const keys = { p256dh: Buffer.from(p256dh, 'base64url'), auth: Buffer.from(auth, 'base64url') }
    try {
      const { status } = await this.kernel.outgoing.ask(endpoint, {
        method: 'POST',
        headers: {
          authorization: authorization((this.sender ??= await senderOf(this.kernel)), endpoint, this.publicUrl, this.kernel.clock.now()),
          'content-type': 'application/octet-stream',
          'content-encoding': 'aes128gcm',
          ttl: String(keptSeconds),
          // Sent once more it takes the place of itself, as long as the service still holds it.
          topic: id.replaceAll('-', ''),
        },
        body: encryptFor(keys, text),
        patienceMs,
      })
      if (status === 404 || status === 410) {
        await forgetDevice(this.kernel.db, device)
        return ['gone']
      }
      if (status >= 200 && status < 300) return ['taken']
      return [status === 400 || status === 413 ? 'refused' : 'away']
    } catch {
      return ['away']
    }
  }
}
