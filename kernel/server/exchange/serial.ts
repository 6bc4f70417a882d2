import type { Queryable } from '../database/database.ts'

/** One connection, asked by several at once: each waits for the one before. So the next portion can be read and judged while one is being written. */
export function oneAtATime(db: Queryable): Queryable {
  let last: Promise<unknown> = Promise.resolve()
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    query: (text, values) => after(() => db.query(text, values)),
    once: (text, values) => after(() => db.once(text, values)),
    copyIn: (text, lines) => after(() => db.copyIn(text, lines)),
  }
}
