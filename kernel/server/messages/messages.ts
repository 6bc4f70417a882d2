import { v7 as uuidv7 } from 'uuid'
import { isUuid, type MessageChannel, type MessageItem, type MessageKind } from '#model'
import { personOf, type Context } from '../context.ts'
import { likeText } from '../store/like.ts'

export interface Message {
  /** What it is about: by it people and hospital choose the ways it takes beside the page. */
  kind: MessageKind
  title: string
  body: string
  /** Path of the page that it leads to. */
  link: string | null
  /** Told once a person however often the cause comes again. */
  onceKey?: string
  /** Ways chosen for this very message, beside those of its kind. */
  also?: readonly MessageChannel[]
  /** Leaves at once, quiet hours or not. */
  isUrgent?: boolean
}

/** Tells people something in the page; kept for ever. Part of the act's transaction. */
export async function tell(ctx: Pick<Context, 'db' | 'clock'>, people: readonly string[], message: Message): Promise<void> {
  const to = [...new Set(people)]
  if (to.length === 0) return
  await ctx.db.query(
    `WITH told AS (INSERT INTO kernel.message (id, person, at, title, body, link, once_key, kind, urgent, also)
       SELECT u.id, u.person, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10::text[] FROM unnest($1::uuid[], $2::uuid[]) AS u(id, person) ON CONFLICT (person, once_key) WHERE once_key IS NOT NULL DO NOTHING RETURNING person)
     INSERT INTO kernel.outbox (at, topic, payload) SELECT $3::timestamptz, 'flow.work', jsonb_build_object('people', jsonb_agg(person)) FROM told HAVING count(*) > 0`,
    [to.map(() => uuidv7()), to, ctx.clock.now().toISOString(), message.title, message.body, message.link, message.onceKey ?? null, message.kind, message.isUrgent ?? false, message.also ?? null],
  )
} // prettier-ignore

/** Tells each of these people something of their own, in one statement. */
export async function tellEach(ctx: Pick<Context, 'db' | 'clock'>, messages: readonly (Pick<Message, 'title' | 'body' | 'link'> & { person: string; onceKey: string })[], more: Pick<Message, 'kind' | 'isUrgent'>): Promise<void> {
  if (messages.length === 0) return
  await ctx.db.query(
    `WITH told AS (INSERT INTO kernel.message (id, person, at, title, body, link, once_key, kind, urgent)
       SELECT u.id, u.person, $7::timestamptz, u.title, u.body, u.link, u.once_key, $8, $9 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) AS u(id, person, title, body, link, once_key)
       ON CONFLICT (person, once_key) WHERE once_key IS NOT NULL DO NOTHING RETURNING person)
     INSERT INTO kernel.outbox (at, topic, payload) SELECT $7::timestamptz, 'flow.work', jsonb_build_object('people', jsonb_agg(DISTINCT person)) FROM told HAVING count(*) > 0`,
    [messages.map(() => uuidv7()), messages.map((one) => one.person), messages.map((one) => one.title), messages.map((one) => one.body), messages.map((one) => one.link), messages.map((one) => one.onceKey), ctx.clock.now().toISOString(), more.kind, more.isUrgent ?? false],
  )
} // prettier-ignore

/** The lists and badges of these people are others now: their open pages ask anew. */
export async function noteWork(ctx: Pick<Context, 'db' | 'clock'>, people: readonly string[]): Promise<void> {
  if (people.length === 0) return
  await ctx.db.query(`INSERT INTO kernel.outbox (at, topic, payload) VALUES ($1, 'flow.work', jsonb_build_object('people', $2::jsonb))`, [ctx.clock.now().toISOString(), JSON.stringify(people)]) // prettier-ignore
}

/** What is asked of one's messages: those before this one (an id), only the unread, those in whose words this stands. */
export interface MessageQuestion {
  before?: string
  unread?: string
  q?: string
}
/** So many come at once. */
export const messagePage = 50
/** One's own messages, newest first; none is ever gone. */
export function messagesOf(ctx: Context, { before, unread, q = '' }: MessageQuestion): Promise<MessageItem[]> {
  return ctx.db.query<MessageItem & object>(
    `SELECT id, at, kind, title, body, link, read_at AS "readAt" FROM kernel.message m
     WHERE person = $1::uuid AND ($2::uuid IS NULL OR (at, id) < (SELECT at, id FROM kernel.message WHERE id = $2::uuid AND person = $1::uuid))
       AND ($3::bool IS NOT TRUE OR read_at IS NULL) AND ($4::text IS NULL OR lower(title || ' ' || body) LIKE $4)
     ORDER BY at DESC, id DESC LIMIT ${messagePage}`,
    [personOf(ctx.actor), before !== undefined && isUuid(before) ? before : null, unread === '1', q.trim() ? `%${likeText(q.trim().slice(0, 100))}%` : null],
  )
} // prettier-ignore
