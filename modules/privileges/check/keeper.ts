import type { Queryable } from '#kernel/server/database/database.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadHouse, loadPeople, loadProcedures } from './load.ts'
import { Memory } from './memory.ts'

/** What is visible now and was not when `$1` was taken. The index on tx bounds it to what came since its oldest open transaction. */
export const newsCondition = (snapshot: string): string =>
  `c.tx >= pg_snapshot_xmin(${snapshot}) AND NOT pg_visible_in_snapshot(c.tx, ${snapshot})`

// A copy of the database, a restored one or a new primary may give the same transaction number to something else.
const epochText = `SELECT encode(sha256(convert_to(concat_ws(':', (SELECT system_identifier FROM pg_control_system()), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
  (SELECT oid FROM pg_database WHERE datname = current_database()), (SELECT id FROM privileges.feed_epoch)), 'UTF8')), 'hex') AS epoch, pg_current_snapshot()::text AS snapshot`
/** Which life of which database this is, and what is visible in it now. */
export async function readEpoch(db: Queryable): Promise<{ epoch: string; snapshot: string }> {
  const [row] = await db.query<{ epoch: string; snapshot: string }>(epochText)
  return { epoch: row!.epoch.slice(0, 16), snapshot: row!.snapshot }
}

const leaseMs = 3000
const rereadMs = 1000
const manyChanges = 5000
const houseKinds = new Set(['unit', 'mode', 'rule', 'mapping', 'standard'])

interface News {
  kind: string
  record: string | null
  practitioner: string | null
}

/** Keeps the memory in step with the database. Its facts are those of one database snapshot, named by `snapshot`. */
export class Keeper {
  readonly memory = new Memory()
  snapshot = ''
  epoch = ''
  private freshUntil = 0
  private running: Promise<void> | null = null
  private next: Promise<void> | null = null
  private readonly kernel: Kernel

  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  /** Answers when the memory may be used: filled, and read again within the lease. */
  ready(): Promise<void> | null {
    return performance.now() < this.freshUntil ? null : this.refresh()
  }
  /** Nothing in memory is believed any more: the database was away and may be another. */
  distrust(): void {
    this.freshUntil = 0
    this.epoch = ''
  }

  /** Brings the memory to what the database shows from now on. Who calls while one runs shares the next: that one's view may be older. */
  refresh(): Promise<void> {
    if (!this.running) return (this.running = this.reread().finally(() => (this.running = null)))
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = null
        return this.refresh()
      })
    return this.next
  }
  private async reread(): Promise<void> {
    const began = performance.now()
    try {
      await this.kernel.db.transaction(async (tx) => {
        await tx.once('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
        const now = await readEpoch(tx)
        const news = this.epoch === now.epoch ? await this.news(tx) : null
        if (news) await this.applyNews(tx, news)
        else await this.fill(tx)
        Object.assign(this, now)
      })
    } catch (error) {
      this.distrust()
      throw error
    }
    this.freshUntil = began + leaseMs
  }
  private async news(tx: Queryable): Promise<News[] | null> {
    const news = await tx.query<News>(
      `SELECT DISTINCT c.kind, c.record, c.practitioner FROM privileges.change c WHERE ${newsCondition('$1::pg_snapshot')} LIMIT ${manyChanges + 1}`,
      [this.snapshot],
    )
    return news.length > manyChanges ? null : news
  }
  private async fill(tx: Queryable): Promise<void> {
    await tx.once('SET LOCAL statement_timeout = 0')
    const [people, procedures, house] = [await loadPeople(tx, null), await loadProcedures(tx, null), await loadHouse(tx)]
    this.memory.putPeople(people, null)
    this.memory.putProcedures(procedures, null)
    this.memory.putHouse(house)
  }
  private async applyNews(tx: Queryable, news: readonly News[]): Promise<void> {
    const ids = (list: readonly (string | null)[]) => [...new Set(list.filter((id) => id !== null))]
    const people = ids(news.map((n) => n.practitioner))
    const procedures = ids(news.map((n) => (n.kind === 'procedure' ? n.record : null)))
    const anyHouse = news.some((n) => houseKinds.has(n.kind))
    const codesMoved = news.some((n) => n.kind === 'standard')
    const found = people.length ? await loadPeople(tx, people) : null
    const changed = codesMoved ? await loadProcedures(tx, null) : procedures.length ? await loadProcedures(tx, procedures) : null
    const house = anyHouse ? await loadHouse(tx) : null
    // From here on nothing waits: whoever reads sees all of it or nothing.
    if (found) this.memory.putPeople(found, people)
    if (changed) this.memory.putProcedures(changed, codesMoved ? null : procedures)
    if (house) this.memory.putHouse(house)
  }

  /** Reads again each second until stopped. */
  watch(): () => Promise<void> {
    const timer = setInterval(() => void (this.running ?? this.refresh().catch(() => undefined)), rereadMs)
    return async () => {
      clearInterval(timer)
      await this.running?.catch(() => undefined)
    }
  }
}

const keepers = new WeakMap<Kernel, Keeper>()
/** The one keeper of this process. */
export function keeperOf(kernel: Kernel): Keeper {
  let keeper = keepers.get(kernel)
  if (!keeper) keepers.set(kernel, (keeper = new Keeper(kernel)))
  return keeper
}
