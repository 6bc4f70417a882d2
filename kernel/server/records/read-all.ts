import type { ListAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listSql } from '../store/list.ts'
import { withRights } from './large-lists.ts'
import { openListing, type ReadQuery } from './read.ts'

/** Rows fetched at once: few enough that they are gone before the collector of garbage takes them for lasting. */
const portion = 100
const mostMinutes = 30

/** Whoever watches over a long reading. */
export interface Reading {
  /** Throws when it is to stop. Asked before each portion. */
  check(): void
  /** By which process of the database it is read: it can be told to stop. */
  begun(pid: number): void
  /** Waits until a cut that is under way has been made. */
  settled(): Promise<void>
}

type AllQuery = Omit<ReadQuery, 'limit' | 'cursor' | 'marks'>
/** The one statement of such a question; refuses what the actor may not ask, without asking. */
export function questionOfAll(kernel: Kernel, ctx: Context, name: string, query: AllQuery) {
  const { c, asked, rights, shown } = openListing(kernel, ctx, name, { ...query, limit: Infinity })
  const { text, values, judge } = listSql(kernel.defs, c, kernel.world(ctx), withRights(asked, rights), 'plain')
  return { text, values, shown, judge }
}

/**
 * All records that the actor may see, in portions, out of one snapshot: for work that nobody waits for, so no question is too slow for it. A portion is emptied when the next is asked
 * for. Half an hour at most.
 */
export function readAll<T>(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: AllQuery,
  { reading, work }: { reading: Reading; work: (portions: AsyncGenerator<Pick<ListAnswer, 'rows' | 'titles'>>) => Promise<T> },
): Promise<T> {
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.once(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '${mostMinutes}min'; SET LOCAL idle_in_transaction_session_timeout = '10min';
       SET LOCAL cursor_tuple_fraction = 1; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1`,
    )
    const { text, values, shown, judge } = questionOfAll(kernel, tx, name, query)
    const [own] = await tx.db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    reading.begun(own!.pid)
    async function* portions(): AsyncGenerator<Pick<ListAnswer, 'rows' | 'titles'>> {
      reading.check()
      await tx.db.once(`DECLARE everything NO SCROLL CURSOR FOR ${text}`, values)
      // Not prepared: what it answers changes from cursor to cursor.
      const fetch = () => tx.db.once(`FETCH ${portion} FROM everything`)
      let next = fetch()
      for (;;) {
        const found = await next
        reading.check()
        const isLast = found.length < portion
        // While this portion is worked on, the database reads the one after.
        if (!isLast) {
          next = fetch()
          next.catch(() => undefined)
        }
        const passed = judge ? await judge.passing(kernel.subjectKeys, tx.db, found) : found
        if (passed.length) {
          const page = await shown(passed)
          yield page
          // Emptied, because what answers a query is reached from the one before: the collector of young garbage would carry them all along (measured: 130 MB).
          page.rows.length = found.length = 0
        }
        if (isLast) return
      }
    }
    try {
      return await work(portions())
    } finally {
      await reading.settled()
    }
  })
}
