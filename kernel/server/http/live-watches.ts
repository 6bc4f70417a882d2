import { approvalSubject, isUuid, Refusal } from '#model'
import { contextOfPerson } from '../access/person-context.ts'
import type { Context } from '../context.ts'
import { maySee as maySeeApproval } from '../flow/reading.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { maySee } from '../records/read.ts'
import type { OutboxEvent } from '../service.ts'

export interface Watched {
  /** A record type, or `approval`: then the id is an instance's. */
  resource: string
  id: string
}
/** A page has few records open at once. */
const mostWatched = 50
/** What a page says it shows, as it came over HTTP. */
export function readWatched(kernel: Kernel, given: unknown): Watched[] {
  const isOne = (one: unknown): one is Watched => {
    const { resource, id } = (one ?? {}) as Partial<Watched>
    return typeof resource === 'string' && (resource === approvalSubject || kernel.defs.resources.has(resource)) && isUuid(id)
  }
  if (!Array.isArray(given) || given.length > mostWatched || !given.every(isOne)) throw new Refusal('badRequest')
  return given.map(({ resource, id }) => ({ resource, id }))
}

/** Which open pages show which records. */
export class Watches<Page extends { person: string }> {
  private readonly pages = new Map<string, Map<Page, Watched>>()
  private readonly ofPage = new Map<Page, readonly Watched[]>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }
  /** In place of what it showed before. */
  set(page: Page, watched: readonly Watched[]): void {
    this.drop(page)
    if (watched.length) this.ofPage.set(page, watched)
    for (const one of watched) this.pages.set(one.id, (this.pages.get(one.id) ?? new Map<Page, Watched>()).set(page, one))
  }
  drop(page: Page): void {
    for (const { id } of this.ofPage.get(page) ?? []) {
      const those = this.pages.get(id)
      those?.delete(page)
      if (those?.size === 0) this.pages.delete(id)
    }
    this.ofPage.delete(page)
  }
  /** The pages that show something of what has changed, with what it is. Whoever may see it no more is not even told that it changed. */
  async concerned(events: readonly OutboxEvent[]): Promise<Map<Page, Watched[]>> {
    const told = new Map<Page, Watched[]>()
    const changed = new Set(events.flatMap(({ record }) => (record && this.pages.has(record) ? [record] : [])))
    await Promise.all(
      [...changed].map(async (id) => {
        for (const [resource, shown] of Map.groupBy(this.pages.get(id) ?? [], ([, one]) => one.resource)) {
          const seers = await this.seers({ resource, id }, new Set(shown.map(([page]) => page.person)))
          for (const [page, one] of shown) if (seers.has(page.person)) told.set(page, [...(told.get(page) ?? []), one])
        }
      }),
    )
    return told
  }
  /** Who of these people may see the record, or the approval, as it is now. */
  private async seers({ resource, id }: Watched, people: ReadonlySet<string>): Promise<Set<string>> {
    const sees = resource === approvalSubject ? (ctx: Context) => maySeeApproval(this.kernel, ctx, id) : await this.seesRecord(resource, id)
    const seers = new Set<string>()
    for (const person of sees ? people : []) {
      const ctx = await contextOfPerson(this.kernel, person, 'live')
      if (ctx && (await sees!(ctx))) seers.add(person)
    }
    return seers
  }
  private async seesRecord(resource: string, id: string): Promise<((ctx: Context) => Promise<boolean>) | null> {
    const c = this.kernel.resource(resource)
    const record = await loadRecord(this.kernel, this.kernel, c, id, { deleted: true })
    return record && ((ctx) => maySee(this.kernel, ctx, c, record))
  }
}
