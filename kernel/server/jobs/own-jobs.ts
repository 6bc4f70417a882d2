import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { repeatEvery } from './outbox.ts'

/** Work that somebody has ordered and does not wait for. Each kind is a table of its own with these columns, and `rows`, `state`, `cancel`, `heartbeat`, `created_at`, `done_at`. */
export interface OwnJob {
  id: string
  person: string
  address: string | null
  /** How often it was begun: by this a process knows that it still has it. */
  tries: number
}
interface Kind {
  table: string
  /** What is read of a row, of the table as `j`. */
  columns: string
  /** What people call one. */
  noun: string
  /** At once, of all: others' lists stay quick. */
  mostAtWork: number
  /** At once, of one person. */
  mostOfOne: number
  /** Of one person, at work and waiting. */
  mostOpen: number
}
/** A process that was killed in the middle may have been killed by the work itself. */
const mostTries = 3
/** A working process says so every second; one that was silent for so long is gone. */
const silent = (of: string) => `${of}.heartbeat < clock_timestamp() - interval '20 seconds'`
const isAlive = (of: string) => `${of}.state = 'running' AND NOT (${silent(of)})`
export const isLastTry = (job: OwnJob): boolean => job.tries > mostTries

/** A queue of such work: taken on, given to processes, stopped by its owner. */
export class OwnJobs<Stored extends OwnJob> {
  readonly kind: Kind
  constructor(kind: Kind) {
    this.kind = kind
  }
  /** What one person adds, he adds one after the other. */
  async lock({ db }: Pick<Context, 'db'>, person: string): Promise<void> {
    await db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 73))`, [`${this.kind.table} ${person}`])
  }
  /** Within the transaction that adds one. Refuses where the person has too many already. */
  async admit(ctx: Pick<Context, 'db'>, person: string): Promise<void> {
    const { table, mostOpen, noun } = this.kind
    await this.lock(ctx, person)
    const { db } = ctx
    const [open] = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE person = $1::uuid AND state IN ('waiting', 'running')`, [person]) // prettier-ignore
    if (open!.n >= mostOpen) throw new Refusal('tooMany', `您已有 ${mostOpen} 个${noun}没有完成，请等它们完成，或先取消`)
  }
  /** Takes the next one for work, where there is room: first of those who have none at work, and what a process that is gone has left. */
  take({ db }: Kernel): Promise<Stored | null> {
    const { table, columns, mostAtWork, mostOfOne } = this.kind
    return db.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 73))`, [table])
      const [row] = await tx.query<Stored>(
        `UPDATE ${table} j SET state = 'running', tries = j.tries + 1, rows = 0, heartbeat = clock_timestamp()
         WHERE j.id = (SELECT j.id FROM ${table} j, LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE r.person = j.person) AS own FROM ${table} r WHERE ${isAlive('r')}) busy
           WHERE (j.state = 'waiting' OR j.state = 'running' AND ${silent('j')}) AND busy.n < ${mostAtWork} AND busy.own < ${mostOfOne}
           ORDER BY busy.own > 0, j.created_at, j.id LIMIT 1) RETURNING ${columns}`,
      )
      return row ?? null
    })
  }
  /** Says how far it is. `cancel`: its owner wants it to stop; `lost`: it is another process's now, or gone. */
  async beat(db: Queryable, { id, tries }: OwnJob, rows: number): Promise<'on' | 'cancel' | 'lost'> {
    const [row] = await db.query<{ cancel: boolean }>(
      `UPDATE ${this.kind.table} SET rows = $3, heartbeat = clock_timestamp() WHERE id = $1::uuid AND tries = $2 AND state = 'running' RETURNING cancel`,
      [id, tries, rows],
    )
    return !row ? 'lost' : row.cancel ? 'cancel' : 'on'
  }
  /** Stops one that waits or is at work. What is at work stops within a second or two. The caller has seen that it is its owner. */
  async cancel({ db, clock }: Context, id: string): Promise<void> {
    const [row] = await db.query(
      `UPDATE ${this.kind.table} j SET cancel = true, state = CASE WHEN ${isAlive('j')} THEN 'running' ELSE 'cancelled' END,
         done_at = CASE WHEN ${isAlive('j')} THEN NULL ELSE $2::timestamptz END
       WHERE id = $1::uuid AND state IN ('waiting', 'running') RETURNING id`,
      [id, clock.now().toISOString()],
    )
    if (!row) throw new Refusal('flowRefused', `这个${this.kind.noun}已经结束`)
  }
  /** Puts a job back into the queue: the process stops, or the database was away. */
  giveBack(db: Queryable, { id, tries }: OwnJob, isOwnFault: boolean): Promise<unknown> {
    return db.query(
      `UPDATE ${this.kind.table} SET state = 'waiting', rows = 0, tries = tries - $3::int, heartbeat = NULL WHERE id = $1::uuid AND tries = $2 AND state = 'running'`,
      [id, tries, isOwnFault ? 0 : 1],
    )
  }
  /** Works them as they come, as many at once as there may be. Stopping gives back what is at work, so that another process begins it anew. */
  start(kernel: Kernel, work: (job: Stored, signal: AbortSignal) => Promise<void>, { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void }): () => Promise<void> {
    const stopping = new AbortController()
    const atWork = new Set<Promise<void>>()
    const stop = repeatEvery(
      everyMs,
      async () => {
        while (!stopping.signal.aborted && atWork.size < this.kind.mostAtWork) {
          const job = await this.take(kernel)
          if (!job) return
          const one = work(job, stopping.signal).catch(onError)
          atWork.add(one)
          void one.then(() => atWork.delete(one))
        }
      },
      onError,
    )
    return async () => {
      stopping.abort()
      await stop()
      await Promise.all(atWork)
    }
  } // prettier-ignore
}
