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

  /** Wrong keys are never remembered: they are asked for each time, and counted as refusals. */
  async find(key: string): Promise<ApiClient | null> {
    const recent = this.known.get(key)
    if (recent && recent.until > performance.now()) return recent.client
    const client = await findClient(this.kernel.db, key)
    if (this.known.size >= maxKnown || !client) this.known.delete(key)
    if (client && this.known.size < maxKnown) this.known.set(key, { client, until: performance.now() + trustMs })
    return client
  }
  forget(): void {
    this.known.clear()
  }
}
