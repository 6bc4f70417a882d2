import { answerHours, Refusal, type AnswerJob, type AnswerState, type SlowAsk } from '#model'
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Context } from '../context.ts'
import { OwnJobs, type OwnJob } from '../jobs/own-jobs.ts'
import type { Kernel } from '../kernel.ts'
import type { Place } from '../protection/cipher.ts'
import { judgeAsk, keyOfAsk, labelOfAsk, type Kept } from './ask.ts'

/** A job as stored, without its answer. */
export interface AnswerRow extends OwnJob {
  ask: SlowAsk
  state: AnswerState
  note: string | null
  rights: string | null
  createdAt: string
  at: string | null
  doneAt: string | null
}
type Stored = Omit<AnswerRow, 'ask'> & { asked: Buffer }
const columns = `j.id, j.person, j.address, j.asked, j.state, j.note, j.rights, j.created_at AS "createdAt", j.at, j.done_at AS "doneAt", j.tries`
export const answerJobs = new OwnJobs<Stored>({
  table: 'kernel.answer_job',
  columns,
  noun: '后台计算',
  mostAtWork: 2,
  mostOfOne: 1,
  mostOpen: 5,
})

const placeOf = (record: string, field: 'asked' | 'answer'): Place => ({ resource: 'kernel.answer_job', record, field })
/** A row with what was asked unsealed. */
export const openedAnswer = (kernel: Kernel, { asked, ...row }: Stored): AnswerRow => ({
  ...row,
  ask: JSON.parse(kernel.protector.open(placeOf(row.id, 'asked'), asked)) as SlowAsk,
})
/** Of one person; the oldest ended ones go for new ones. */
const mostKept = 20
/** Characters of an answer: whoever turns over a report unseals all of it. */
const mostCharacters = 8 * 2 ** 20

/** Takes a question on, judged as if it were asked at once. One to the same question that is not at its end is that one. */
export async function beginAnswer(kernel: Kernel, ctx: Context, ask: SlowAsk): Promise<AnswerRow> {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight', '后台计算只能由人员发起')
  await judgeAsk(kernel, ctx, ask)
  const id = uuidv7()
  const open = await kernel.transaction(ctx, async (tx) => {
    await answerJobs.lock(tx, person)
    const known = await sameAsked(kernel, tx, ask)
    const open = known.find(({ state }) => state === 'waiting' || state === 'running')
    if (open) return open
    await answerJobs.admit(tx, person)
    await tx.db.query(
      `DELETE FROM kernel.answer_job WHERE id = ANY ($2::uuid[]) OR id IN (SELECT id FROM kernel.answer_job WHERE person = $1::uuid AND done_at IS NOT NULL ORDER BY created_at DESC, id DESC OFFSET ${mostKept - 1})`,
      [person, known.map((one) => one.id)],
    )
    await tx.db.query(
      `INSERT INTO kernel.answer_job (id, person, address, asked, state, created_at) VALUES ($1::uuid, $2::uuid, $3, $4, 'waiting', $5::timestamptz)`,
      [id, person, ctx.address, kernel.protector.seal(placeOf(id, 'asked'), JSON.stringify(ask)), ctx.clock.now().toISOString()],
    )
    return null
  })
  return open ?? findAnswer(kernel, ctx, id)
}
/** The newest of the actor's own to this question. */
export async function answerTo(kernel: Kernel, ctx: Context, ask: SlowAsk): Promise<AnswerRow | null> {
  return (await sameAsked(kernel, ctx, ask))[0] ?? null
}
/** Newest first. What was asked is sealed, so each is looked into; there are few. */
async function sameAsked(kernel: Kernel, ctx: Context, ask: SlowAsk): Promise<AnswerRow[]> {
  const rows = await ctx.db.query<Stored>(
    `SELECT ${columns} FROM kernel.answer_job j WHERE j.person = $1::uuid AND ${isKept} ORDER BY j.created_at DESC, j.id DESC`,
    [personOf(ctx.actor), keptSince(ctx)],
  )
  const key = keyOfAsk(ask)
  return rows.map((row) => openedAnswer(kernel, row)).filter((row) => keyOfAsk(row.ask) === key)
}
const isKept = `(j.done_at IS NULL OR j.done_at >= $2::timestamptz)`
const keptSince = ({ clock }: Pick<Context, 'clock'>): string => new Date(clock.now().getTime() - answerHours * 3_600_000).toISOString()

/** The actor's own; anybody else's does not exist for him, nor does what is past its time. */
export async function findAnswer(kernel: Kernel, ctx: Context, id: string): Promise<AnswerRow> {
  const [row] = await ctx.db.query<Stored>(`SELECT ${columns} FROM kernel.answer_job j WHERE j.id = $3::uuid AND j.person = $1::uuid AND ${isKept}`, [
    personOf(ctx.actor),
    keptSince(ctx),
    id,
  ])
  if (!row) throw new Refusal('notFound', `没有这个后台计算，或结果已删除（保留 ${answerHours} 小时）；请回到原来的页面重新计算`)
  return openedAnswer(kernel, row)
} // prettier-ignore
export const presentAnswer = ({ id, ask, state, note, createdAt, at, doneAt }: AnswerRow): AnswerJob => ({
  id, label: labelOfAsk(ask), state, note, createdAt, at,
  until: state === 'done' && doneAt ? new Date(Date.parse(doneAt) + answerHours * 3_600_000).toISOString() : null,
}) // prettier-ignore

/** What was answered. Where the rights are others now, it goes. */
export async function readAnswer(kernel: Kernel, ctx: Context, row: AnswerRow, owner: Context): Promise<Kept> {
  if (row.state !== 'done') throw new Refusal('notFound', '还没有结果')
  if (row.rights !== rightsDigest(kernel, owner)) {
    await ctx.db.query(`DELETE FROM kernel.answer_job WHERE id = $1::uuid`, [row.id])
    throw new Refusal('notFound', '您的权限有变化，原来的结果已删除；请重新计算')
  }
  const [stored] = await ctx.db.query<{ answer: Buffer }>(`SELECT answer FROM kernel.answer_job WHERE id = $1::uuid AND answer IS NOT NULL`, [row.id])
  if (!stored) throw new Refusal('notFound', '结果已删除；请重新计算')
  return JSON.parse(kernel.protector.open(placeOf(row.id, 'answer'), stored.answer)) as Kept
} // prettier-ignore
/** Everything that decides what somebody sees, of all types at once: a question reaches through references. As a digest. */
export function rightsDigest(kernel: Kernel, ctx: Context): string {
  const rules = [...kernel.defs.resources.keys()].map((name) => {
    const may = kernel.access.can(ctx.actor, 'read', name)
    return may && [name, may.filter, [...may.hidden], [...may.masked]]
  })
  return createHash('sha256')
    .update(JSON.stringify([rules, kernel.world(ctx).asker, kernel.access.rightsOf(ctx.actor)]))
    .digest('base64')
}

interface End {
  state: 'done' | 'failed' | 'cancelled'
  rows: number
  note?: string
  kept?: { answer: string; at: string; rights: string }
}
/** Ends a job that is still this process's. False: it is not. */
export async function endAnswer(kernel: Kernel, ctx: Pick<Context, 'db' | 'clock'>, { id, tries }: OwnJob, { state, rows, note, kept }: End): Promise<boolean> {
  const ended = await ctx.db.query(
    `UPDATE kernel.answer_job SET state = $3, rows = $4, note = $5, answer = $6, at = $7::timestamptz, rights = $8, done_at = $9::timestamptz WHERE id = $1::uuid AND tries = $2 AND state = 'running' RETURNING id`,
    [id, tries, state, rows, note ?? null, kept ? kernel.protector.seal(placeOf(id, 'answer'), kept.answer) : null, kept?.at ?? null, kept?.rights ?? null, ctx.clock.now().toISOString()],
  )
  return ended.length > 0
} // prettier-ignore
/** @throws {Refusal} where an answer is too long to be kept. */
export function writeAnswer(kept: Kept): string {
  const text = JSON.stringify(kept)
  if (text.length > mostCharacters) throw new Refusal('tooMany', '结果太大，没有保存；请增加条件或减少列')
  return text
}

/** What is past its time. */
export const clearAnswers = async (kernel: Kernel): Promise<void> =>
  void (await kernel.db.query(`DELETE FROM kernel.answer_job WHERE done_at < $1::timestamptz`, [keptSince(kernel)]))
