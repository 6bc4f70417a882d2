import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'

/** What somebody has to look after beyond approvals. */
export interface Todo {
  resource: string
  /** Null: of many records, opened again whenever it is asked for again. */
  record: string | null
  title: string
  link: string
  /** `YYYY-MM-DD`; null: at no certain time. */
  due: string | null
  onceKey: string
}
/** Gives each of these people a to-do, once by its key. `again`: also to who has ticked it off. */
export const addTodo = (ctx: Pick<Context, 'db' | 'clock'>, people: readonly string[], todo: Todo, again = todo.record === null): Promise<void> =>
  addTodos(ctx, people.map((person) => ({ ...todo, person })), again) // prettier-ignore
/** The same for to-dos that differ, in one statement. */
export async function addTodos(ctx: Pick<Context, 'db' | 'clock'>, todos: readonly (Todo & { person: string })[], again: boolean): Promise<void> {
  if (todos.length === 0) return
  const of = <K extends keyof Todo | 'person'>(key: K) => todos.map((one) => one[key])
  await ctx.db.query(
    `INSERT INTO kernel.todo (id, person, resource, record, title, link, due, once_key, opened_at)
       SELECT u.*, $9::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::date[], $8::text[]) AS u
     ON CONFLICT (person, once_key) DO UPDATE SET title = excluded.title, link = excluded.link, due = excluded.due, closed_at = CASE WHEN $10::boolean THEN NULL ELSE kernel.todo.closed_at END`,
    [todos.map(() => uuidv7()), of('person'), of('resource'), of('record'), of('title'), of('link'), of('due'), of('onceKey'), ctx.clock.now().toISOString(), again],
  )
} // prettier-ignore
/** Nobody needs to look after this record any more; who had to sees so at once. */
export async function closeTodos(ctx: Pick<Context, 'db' | 'clock'>, record: string, onceKey: string): Promise<void> {
  await ctx.db.query(
    `WITH closed AS (UPDATE kernel.todo SET closed_at = $2::timestamptz WHERE record = $3::uuid AND once_key = $1 AND closed_at IS NULL RETURNING person)
     INSERT INTO kernel.outbox (at, topic, payload) SELECT $2::timestamptz, 'flow.work', jsonb_build_object('people', jsonb_agg(person)) FROM closed HAVING count(*) > 0`,
    [onceKey, ctx.clock.now().toISOString(), record],
  )
}
