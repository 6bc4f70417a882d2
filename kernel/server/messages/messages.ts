import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'

export interface Message {
  title: string
  body: string
  /** Path of the page that it leads to. */
  link: string | null
  /** Told once a person however often the cause comes again. */
  onceKey?: string
}

/** Tells people something in the page; kept for ever. Part of the act's transaction. */
export async function tell(ctx: Pick<Context, 'db' | 'clock'>, people: readonly string[], message: Message): Promise<void> {
  const to = [...new Set(people)]
  if (to.length === 0) return
  await ctx.db.query(
    `WITH told AS (INSERT INTO kernel.message (id, person, at, title, body, link, once_key)
       SELECT u.id, u.person, $3::timestamptz, $4, $5, $6, $7 FROM unnest($1::uuid[], $2::uuid[]) AS u(id, person) ON CONFLICT (person, once_key) WHERE once_key IS NOT NULL DO NOTHING RETURNING person)
     INSERT INTO kernel.outbox (at, topic, payload) SELECT $3::timestamptz, 'flow.work', jsonb_build_object('people', jsonb_agg(person)) FROM told HAVING count(*) > 0`,
    [to.map(() => uuidv7()), to, ctx.clock.now().toISOString(), message.title, message.body, message.link, message.onceKey ?? null],
  )
}
