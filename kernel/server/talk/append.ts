import { v7 as uuidv7 } from 'uuid'
import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { memberOf, staffOf, type Member, type OpenTalk, type Talk } from './access.ts'
import { sealWords, type Words } from './words.ts'

/** Topic of what is said; its payload names the conversation, and who has just left it. */
export const talkTopic = 'talk'
/** Who has not read by then is told outside the conversation. */
export const tellAfterMs = 10_000

export interface Line {
  id: string
  words: Words
  isNote: boolean
  answers: number | null
  mentions: readonly string[]
  everyone: boolean
  files: readonly string[]
}

/** Puts a line under the next number, and says so to who belongs to it; answers that number, also where the very line was there already. Its lock on the conversation gives all one order. */
export async function append(kernel: Kernel, tx: Context, { talk, me, member: found }: OpenTalk, line: Line): Promise<number> {
  const [locked] = await tx.db.query<{ last: number; lastAt: string }>(`SELECT last, last_at AS "lastAt" FROM kernel.talk WHERE id = $1::uuid FOR UPDATE`, [talk.id]) // prettier-ignore
  const [known] = await tx.db.query<{ talk: string; person: string; n: number }>(`SELECT talk, person, n FROM kernel.talk_message WHERE id = $1::uuid`, [line.id]) // prettier-ignore
  if (known && (known.talk !== talk.id || known.person !== me)) throw new Refusal('badRequest', '消息编号已用过')
  if (known) return known.n
  const n = locked!.last + 1
  const member = await seat(tx, talk, me, found)
  const words = await sealWords(kernel, tx, { member: member.id, message: line.id }, line.words)
  await joinHearers(tx, talk, line, n - 1)
  const now = tx.clock.now()
  // Clocks of several machines differ; what comes later is not said to have been earlier.
  const at = new Date(Math.max(now.getTime(), locked!.last > 0 ? Date.parse(locked!.lastAt) : 0)).toISOString()
  await tx.db.query(
    `WITH said AS (INSERT INTO kernel.talk_message (id, talk, n, at, person, words, note, answers, mentions, everyone, files) VALUES ($1, $2::uuid, $3::bigint, $4::timestamptz, $5::uuid, $6, $7, $8, $9::uuid[], $10::bool, $11::uuid[])),
       t AS (UPDATE kernel.talk SET last = $3::bigint, last_at = $4::timestamptz WHERE id = $2::uuid),
       m AS (UPDATE kernel.talk_member SET read = CASE WHEN person = $5::uuid THEN $3::bigint ELSE read END, listens = listens OR person = $5::uuid,
               mentioned = CASE WHEN person <> $5::uuid AND ($10::bool OR person = ANY ($9::uuid[])) THEN $3::bigint ELSE mentioned END
             WHERE talk = $2::uuid AND left_at IS NULL AND (person = $5::uuid OR $10::bool OR person = ANY ($9::uuid[]))),
       d AS (INSERT INTO kernel.talk_due (talk, person, mention, n, by, at)
             SELECT $2::uuid, m.person, m.named, $3::bigint, $5::uuid, $12::timestamptz FROM (
               SELECT person, muted, listens, $10::bool OR person = ANY ($9::uuid[]) AS named FROM kernel.talk_member WHERE talk = $2::uuid AND left_at IS NULL AND person <> $5::uuid) m
             WHERE NOT $7::bool AND (m.named OR ($13 <> 'group' AND m.listens AND NOT m.muted)) ON CONFLICT (talk, person, mention) DO NOTHING)
     INSERT INTO kernel.outbox (at, topic, record, payload) VALUES ($4::timestamptz, '${talkTopic}', $14::uuid, jsonb_build_object('talk', $2::uuid))`,
    [line.id, talk.id, n, at, me, words, line.isNote, line.answers, line.mentions, line.everyone, line.files, new Date(now.getTime() + tellAfterMs).toISOString(), talk.kind, talk.kind === 'record' ? talk.subjectId : null],
  )
  return n
} // prettier-ignore

/** The place of whoever writes; in a group of people's own he must still have it, now that the conversation is held. */
async function seat(tx: Context, talk: Talk, me: string, found: Member | null): Promise<Member> {
  if (found?.leftAt === null && (talk.kind !== 'group' || talk.unit)) return found
  const known = await memberOf(tx.db, talk.id, me)
  if (known && known.leftAt === null) return known
  if (talk.kind === 'group' && !talk.unit) throw new Refusal('notFound', '没有这个会话，或您不在其中')
  await addHearers(tx, talk.id, [me], talk.last)
  return (await memberOf(tx.db, talk.id, me))!
}
/** Who must hear of this line and has no place yet: new staff of a unit, whoever is named beside a record, whoever follows it. */
async function joinHearers(tx: Context, talk: Talk, line: Line, read: number): Promise<void> {
  if (talk.unit) await addHearers(tx, talk.id, staffOf(tx, talk.unit), read)
  if (talk.kind !== 'record') return
  const follows = await tx.db.query<{ person: string }>(
    `SELECT person FROM kernel.follow WHERE record = $1::uuid AND NOT EXISTS (SELECT 1 FROM kernel.talk_member m WHERE m.talk = $2::uuid AND m.person = follow.person AND m.listens AND m.left_at IS NULL)`,
    [talk.subjectId, talk.id],
  )
  await addHearers(tx, talk.id, [...line.mentions, ...follows.map(({ person }) => person)], read)
}
/** `read`: so far they have missed nothing that was meant for them. */
async function addHearers(tx: Context, talk: string, people: readonly string[], read: number): Promise<void> {
  if (people.length === 0) return
  // Of thousands hardly anybody is new.
  const missing = await tx.db.query<{ person: string }>(
    `SELECT DISTINCT person FROM unnest($2::uuid[]) AS u(person)
     WHERE NOT EXISTS (SELECT 1 FROM kernel.talk_member m WHERE m.talk = $1::uuid AND m.person = u.person AND m.listens AND m.left_at IS NULL)`,
    [talk, people],
  )
  if (missing.length === 0) return
  const to = missing.map(({ person }) => person)
  await tx.db.query(
    `INSERT INTO kernel.talk_member (id, talk, person, read, joined_at) SELECT u.id, $1::uuid, u.person, $4::bigint, $5::timestamptz FROM unnest($2::uuid[], $3::uuid[]) AS u(id, person)
     ON CONFLICT (talk, person) DO UPDATE SET listens = true, left_at = NULL, read = CASE WHEN kernel.talk_member.left_at IS NULL THEN kernel.talk_member.read ELSE greatest(kernel.talk_member.read, excluded.read) END`,
    [talk, to.map(() => uuidv7()), to, read, tx.clock.now().toISOString()],
  )
} // prettier-ignore

/** Open pages of who belongs to it ask anew; also those of people who have just left it. */
export const noteTalk = (tx: Pick<Context, 'db' | 'clock'>, talk: string, people: readonly string[] = []): Promise<unknown> =>
  tx.db.query(`INSERT INTO kernel.outbox (at, topic, payload) VALUES ($1, '${talkTopic}', jsonb_build_object('talk', $2::uuid, 'people', $3::jsonb))`, [tx.clock.now().toISOString(), talk, JSON.stringify(people)]) // prettier-ignore
