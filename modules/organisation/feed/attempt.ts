import { Refusal } from '#model'
import type { Context } from '#kernel/server/context.ts'

/** Does something as a whole within a transaction: what is refused is undone and answered in words, and the others go on. */
export async function attempt(tx: Context, work: () => Promise<void>): Promise<string | null> {
  await tx.db.query('SAVEPOINT feed_line')
  try {
    await work()
    await tx.db.query('RELEASE SAVEPOINT feed_line')
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await tx.db.query('ROLLBACK TO SAVEPOINT feed_line')
    return error.message
  }
}
