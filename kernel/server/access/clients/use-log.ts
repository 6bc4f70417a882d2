import { hash } from 'node:crypto'
import type { Kernel } from '../../kernel.ts'
import { searchValue } from '../../store/compiled.ts'
import type { ApiClient } from './client.ts'

export interface Use {
  client: ApiClient
  route: string
  outcome: 'done' | 'refused' | 'failed'
  /** Of the refusal. */
  code: string | null
  address: string
}
interface Counted extends Use {
  /** Start of the hour, ISO. */
  hour: string
  count: number
  lastAt: number
}
// Beyond this the rest of the hour's kinds of use are counted together: a caller cannot fill the memory with addresses.
const mostKinds = 5000
const hourMs = 3_600_000

/** Counts what clients do, and writes it down every few seconds: one row an hour, route, outcome and address, whatever the number of calls and processes. */
export class UseLog {
  private counted = new Map<string, Counted>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }
  note(use: Use): void {
    const now = this.kernel.clock.now().getTime()
    const hour = Math.floor(now / hourMs)
    const address = this.counted.size < mostKinds ? use.address : '其他'
    const name = `${use.client.key}\n${use.route}\n${use.outcome}\n${use.code ?? ''}\n${address}\n${hour}`
    const known = this.counted.get(name)
    if (known) {
      known.count++
      known.lastAt = now
    } else this.counted.set(name, { ...use, address, hour: new Date(hour * hourMs).toISOString(), count: 1, lastAt: now })
  }
  /** Writes what has been counted. What cannot be written now is counted on. */
  async flush(): Promise<void> {
    const [taken, entries] = [this.counted, [...this.counted]]
    if (!entries.length) return
    this.counted = new Map()
    try {
      await this.write(entries.map(([name, use]) => [idOf(name), use]))
    } catch (error) {
      for (const [name, use] of taken) {
        const since = this.counted.get(name)
        this.counted.set(name, since ? { ...since, count: since.count + use.count } : use)
      }
      throw error
    }
  }
  /** One statement: counted once or not at all. In the order of ids, so that two processes never wait for each other. */
  private async write(rows: [id: string, use: Counted][]): Promise<void> {
    rows.sort(([a], [b]) => (a < b ? -1 : 1))
    const uses = this.kernel.resource('security.apiUse')
    const column = (read: (use: Counted, id: string) => unknown) => rows.map(([id, use]) => read(use, id))
    await this.kernel.db.query(written, [
      column((_, id) => id),
      this.kernel.clock.now().toISOString(),
      column((u) => u.hour),
      column((u) => u.client.id),
      column((u) => u.client.key),
      column((u) => u.route.slice(0, 200)),
      column((u) => u.outcome),
      column((u) => u.code),
      column((u) => u.address.slice(0, 60)),
      column((u) => u.count),
      column((u) => new Date(u.lastAt).toISOString()),
      column((u) => searchValue(this.kernel.defs, uses, { route: u.route, address: u.address })),
    ])
  }
}
// The same kind of use has the same id in every process.
const idOf = (name: string): string => hash('sha256', name).slice(0, 32)
const written = `WITH r AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::integer[], $11::timestamptz[], $12::text[])
      AS r (id, hour, client, key, route, outcome, code, address, count, last_at, search_text)),
  keys AS (UPDATE kernel.api_key k SET last_used_at = greatest(k.last_used_at, l.at) FROM (SELECT key, max(last_at) AS at FROM r GROUP BY key) l WHERE k.id = l.key),
  clients AS (UPDATE security.api_client c SET last_used_at = greatest(c.last_used_at, l.at) FROM (SELECT client, max(last_at) AS at FROM r GROUP BY client) l WHERE c.id = l.client)
  INSERT INTO security.api_use AS u (id, version, state, created_at, updated_at, hour, client, key, route, outcome, code, address, count, last_at, search_text)
    SELECT id, 1, 'approved', $2, $2, hour, client, key, route, outcome, code, address, count, last_at, search_text FROM r
    ON CONFLICT (id) DO UPDATE SET count = u.count + excluded.count, last_at = greatest(u.last_at, excluded.last_at), updated_at = excluded.updated_at`
