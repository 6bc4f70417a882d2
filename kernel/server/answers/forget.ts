import type { Queryable } from '../database/database.ts'

/**
 * Something was erased or may no longer be shown: nobody knows which answers tell of it, so all go, and what is being answered begins anew. They live for a day
 * and are asked again with one click.
 */
export async function forgetAnswers(db: Queryable): Promise<void> {
  await db.query(`DELETE FROM kernel.answer_job WHERE state NOT IN ('waiting', 'running')`)
  await db.query(`UPDATE kernel.answer_job SET state = 'waiting', rows = 0, heartbeat = NULL WHERE state = 'running'`)
}
/** Whoever asked was erased: so is all that he has asked. */
export const forgetAnswersOf = async (db: Queryable, person: string): Promise<void> =>
  void (await db.query(`DELETE FROM kernel.answer_job WHERE person = $1::uuid`, [person]))
