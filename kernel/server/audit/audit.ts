import type { Context } from '../context.ts'
import { nameOfActor, personOf } from '../context.ts'
import type { Queryable } from '../database/database.ts'

export interface AuditEntry {
  act: string
  outcome: 'done' | 'refused' | 'failed'
  resource?: string | null
  record?: string | null
  detail?: Record<string, unknown>
}

/** Writes an audit entry with the act's own transaction: both stand or fall together. */
export function audit(ctx: Context, entry: AuditEntry): Promise<void> {
  return insert(ctx.db, ctx.clock.now(), personOf(ctx.actor), nameOfActor(ctx.actor), ctx.address, entry)
}

/** For what has no context: a failed sign-in, a refusal whose transaction is gone. Always outside any business transaction, else the rollback would erase it. */
export async function auditAlone(
  db: Queryable,
  at: Date,
  who: { actor: string | null; name: string | null; address: string | null },
  entry: AuditEntry,
): Promise<void> {
  await insert(db, at, who.actor, who.name, who.address, entry)
}

async function insert(
  db: Queryable,
  at: Date,
  actor: string | null,
  name: string | null,
  address: string | null,
  entry: AuditEntry,
): Promise<void> {
  await db.query(
    `INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, address, detail) VALUES ($1, $2::uuid, $3, $4, $5, $6, $7::uuid, $8, $9::jsonb)`,
    [
      at.toISOString(),
      actor,
      name,
      entry.act,
      entry.outcome,
      entry.resource ?? null,
      entry.record ?? null,
      address,
      JSON.stringify(entry.detail ?? {}),
    ],
  )
}

/** Refusals of people who are not signed in are counted per address and minute, so that an attacker cannot fill the disk: the first is written at once, the rest as one entry. */
export class RefusalMeter {
  private readonly counts = new Map<string, { count: number; since: number }>()
  /** Writes this one, or only counts it: `write` is given how many it stands for. */
  async note(key: string, now: number, write: (count: number) => Promise<void>): Promise<void> {
    const entry = this.counts.get(key)
    if (entry && now - entry.since < 60_000) {
      entry.count++
      return
    }
    if (this.counts.size > 10_000) this.counts.clear()
    this.counts.set(key, { count: 0, since: now })
    await write(1 + (entry?.count ?? 0))
  }
}
