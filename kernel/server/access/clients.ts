import type { Kernel } from '../kernel.ts'
import { findClient, type ApiClient } from './sessions.ts'

// A key read a moment ago is believed for this long: a busy system asks hundreds of times a second with the same one.
const trustMs = 2000
const maxKnown = 1000

/** The clients behind bearer keys. A disabled key is refused within two seconds everywhere, at once after `forget` here. */
export class Clients {
  private readonly known = new Map<string, { client: ApiClient; until: number }>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  /** Who this key belongs to, where it was read a moment ago. */
  recent(key: string): ApiClient | null {
    const recent = this.known.get(key)
    return recent && recent.until > performance.now() ? recent.client : null
  }
  /** Wrong keys are never remembered: they are asked for each time, and counted as refusals. */
  async find(key: string): Promise<ApiClient | null> {
    const recent = this.recent(key)
    if (recent) return recent
    const client = await findClient(this.kernel.db, key)
    if (this.known.size >= maxKnown || !client) this.known.delete(key)
    if (client && this.known.size < maxKnown) this.known.set(key, { client, until: performance.now() + trustMs })
    return client
  }
  forget(): void {
    this.known.clear()
  }
}
