import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { addDays, invalid, isDay, isUuid, Refusal, today, type TrialItem } from '#model'
import { designKinds, kindOfDesign } from '#kernel/model/designs/index.ts'
import { audit } from '../audit/audit.ts'
import { nameOfActor, personOf, type Context } from '../context.ts'
import { judge, type PublishItem } from '../designs/judge.ts'
import { needDrafts } from '../designs/drafts.ts'
import type { Kernel } from '../kernel.ts'
import { noteWork, tell } from '../messages/messages.ts'
import type { Queryable } from '../database/database.ts'

/** The name under which a trial's beginning and end are told to all processes. */
export const trialTable = 'kernel.trial'
export interface Trial {
  id: string
  label: string
  items: PublishItem[]
  people: string[]
  until: string
  program: string
  at: string
  by: string
  by_name: string
  state: 'waiting' | 'open' | 'failed' | 'ended'
  problem: string | null
  /** What the forms point at and was not brought along, in words. */
  left_out: string[]
}
const columns = 'id, label, items, people, until::text, program, at, by, by_name, state, problem, left_out'
/** The longest time that drafts are tried, days. */
export const longestTrial = 60
const mostPeople = 200

/** The trial that is prepared or open, or could not be prepared; null: none. */
export async function currentTrial(db: Queryable): Promise<Trial | null> {
  const [row] = await db.query<Trial & object>(`SELECT ${columns} FROM kernel.trial WHERE state <> 'ended'`)
  return row ?? null
}
const marks = new WeakMap<Kernel, string>()
/** Known by the program's own definitions: an upgraded program does not work on tables made for another. */
export function programMark(kernel: Kernel): string {
  const known = marks.get(kernel) ?? createHash('sha256').update(JSON.stringify(kernel.product.modules)).digest('hex').slice(0, 16)
  marks.set(kernel, known)
  return known
}
/** May this person enter: whoever was chosen, and whoever began it. */
export const isInvited = (trial: Pick<Trial, 'people' | 'by'>, person: string | null): boolean =>
  person !== null && (trial.by === person || trial.people.includes(person))

/** Drafts are to be tried by these people: prepared by the migrator. Refused where publishing them would be, and while another trial is on. */
export async function startTrial(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<Trial> {
  const { people, until } = readWish(ctx, given)
  return kernel.transaction(ctx, async (tx) => {
    const items = await needDrafts(tx, given['items'])
    const judged = await judge(kernel, tx, items)
    if (judged.problems.length) throw invalid(judged.problems.map(({ kind, name, field, message }) => ({ field: `${kind}:${name}:${field}`, message })))
    await refuseSecond(tx)
    const label = judged.pieces.map((one) => one.label).join('、').slice(0, 200)
    const [row] = await tx.db.query<Trial & object>(
      `INSERT INTO kernel.trial (id, label, items, people, until, program, at, by, by_name, state) VALUES ($1, $2, $3::json, $4::uuid[], $5, $6, $7, $8, $9, 'waiting') RETURNING ${columns}`,
      [uuidv7(), label, JSON.stringify(items), people, until, programMark(kernel), tx.clock.now().toISOString(), personOf(tx.actor), nameOfActor(tx.actor)],
    )
    await audit(tx, { act: 'trial.start', outcome: 'done', detail: { trial: row!.id, label, people: people.length, until } })
    await note(tx)
    return row!
  })
} // prettier-ignore
async function refuseSecond(tx: Context): Promise<void> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('kernel.trial', 0))`)
  const other = await currentTrial(tx.db)
  if (other) throw new Refusal('versionConflict', `试用空间正由 ${other.by_name} 使用（${other.label}），结束后才能再开`)
}
function readWish(ctx: Context, { people, until }: Readonly<Record<string, unknown>>): { people: string[]; until: string } {
  const chosen = Array.isArray(people) ? [...new Set(people.filter((one): one is string => isUuid(one)))] : []
  if (chosen.length === 0) throw invalid([{ field: 'people', message: '请选择由谁试用' }])
  if (chosen.length > mostPeople) throw invalid([{ field: 'people', message: `一次最多请 ${mostPeople} 人试用` }])
  const gone = chosen.find((one) => !ctx.directory.isActive(one))
  if (gone) throw invalid([{ field: 'people', message: `${ctx.directory.nameOf(gone) || '所选的人'}不在岗，不能试用` }])
  const day = today(ctx.clock)
  if (!isDay(until) || until < day || until > addDays(day, longestTrial))
    throw invalid([{ field: 'until', message: `请选择今天起 ${longestTrial} 天以内的日期` }])
  return { people: chosen, until }
}

/** Ends it: nobody comes in any more, and what was tried is emptied. */
export async function endTrial(kernel: Kernel, ctx: Context, id: string, why = '由试用发起人结束'): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ label: string }>(
      `UPDATE kernel.trial SET state = 'ended', ended_at = statement_timestamp(), ended_why = $2 WHERE id = $1::uuid AND state <> 'ended' RETURNING label`,
      [id, why],
    )
    if (!row) throw new Refusal('notFound', '试用已经结束')
    await audit(tx, { act: 'trial.end', outcome: 'done', detail: { trial: id, label: row.label, why } })
    await note(tx)
  })
}
/** What is tried ends with its drafts: once none of them waits any more, it is in force or thrown away. In the transaction of a publish. */
export async function endWithDrafts(kernel: Kernel, tx: Context): Promise<void> {
  const [over] = await tx.db.query<{ id: string }>(
    `SELECT t.id FROM kernel.trial t WHERE t.state <> 'ended' AND NOT EXISTS (SELECT 1 FROM json_to_recordset(t.items) AS i(kind text, name text) JOIN kernel.design d ON d.kind = i.kind AND d.name = i.name WHERE d.draft IS NOT NULL)`,
  )
  if (over) await endTrial(kernel, tx, over.id, '试用的内容已发布')
}

/** It is ready: those who were chosen are told. */
export async function openTrial(kernel: Kernel, ctx: Context, trial: Trial, leftOut: readonly string[]): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query(
      `UPDATE kernel.trial SET state = 'open', opened_at = statement_timestamp(), left_out = $2 WHERE id = $1 AND state = 'waiting' RETURNING 1`,
      [trial.id, leftOut],
    )
    if (!row) return
    const title = `请试用：${trial.label}`
    const body = `${trial.by_name} 请您在试用空间中试用，${trial.until} 前有效；其中的记录都是试验用的，结束后清空。`
    await tell(tx, [...trial.people, trial.by], { kind: 'notice', title, body, link: '/try', onceKey: `trial:${trial.id}` })
    await noteWork(tx, trial.people)
    await note(tx)
  })
}
/** It could not be prepared: said to whoever began it, who ends it or begins anew. */
export const failTrial = (kernel: Kernel, id: string, problem: string): Promise<unknown> =>
  kernel.db.query(`UPDATE kernel.trial SET state = 'failed', problem = $2 WHERE id = $1 AND state = 'waiting'`, [id, problem.slice(0, 500)])

const note = (tx: Context): Promise<unknown> =>
  tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [
    tx.clock.now().toISOString(),
    trialTable,
  ])

/** As people see it: `draft` says whether what is tried has been drawn on since. */
export async function trialItem(kernel: Kernel, ctx: Context, trial: Trial): Promise<TrialItem> {
  const rows = await ctx.db.query<{ kind: string; name: string; revision: number }>(
    `SELECT d.kind, d.name, d.revision FROM kernel.design d JOIN jsonb_to_recordset($1::jsonb) AS i(kind text, name text) ON d.kind = i.kind AND d.name = i.name WHERE d.draft IS NOT NULL`,
    [JSON.stringify(trial.items.map(({ kind, name }) => ({ kind, name })))],
  )
  const { id, label, state, problem, until } = trial
  return {
    id, label, state: state as TrialItem['state'], problem, until,
    by: trial.by_name,
    isMine: trial.by === personOf(ctx.actor),
    isInvited: isInvited(trial, personOf(ctx.actor)),
    people: trial.people.map((one) => ({ id: one, name: ctx.directory.nameOf(one) })),
    leftOut: trial.left_out,
    pieces: trial.items.map(({ kind, name, revision, content }) => ({
      kind, name, kindLabel: designKinds[kind],
      label: kindOfDesign(kind).label(kernel.defs, name, content),
      isStale: rows.some((one) => one.kind === kind && one.name === name && one.revision !== revision),
    })),
  }
} // prettier-ignore
