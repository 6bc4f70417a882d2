import { v7 as uuidv7 } from 'uuid'
import { invalid, Refusal, type PublishingItem, type PublishStep } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { audit } from '../audit/audit.ts'
import { nameOfActor, personOf, type Context } from '../context.ts'
import { noteDefinitions } from '../derived/due.ts'
import type { Standing } from '../definition-set.ts'
import type { Kernel } from '../kernel.ts'
import { takeAlong, type Along } from './along.ts'
import { judge, stepWords, type Judged, type PublishItem } from './judge.ts'
import { endWithDrafts } from '../trials/trials.ts'
import { releaseTable, standingDefinitions } from './standing.ts'

export type PublishAct = 'publish' | 'rollBack' | 'import'
export interface Publishing {
  id: string
  at: string
  by: string | null
  by_name: string
  act: PublishAct
  note: string
  items: PublishItem[]
  state: PublishingItem['state']
  steps: PublishStep[]
  step: number
  problem: string | null
  release: number | null
  along: Along[]
}
const publishLock = 7_013_008

const faults = ({ problems }: Judged): void => {
  if (problems.length > 0) throw invalid(problems.map(({ kind, name, field, message }) => ({ field: `${kind}:${name}:${field}`, message })))
}

/**
 * Puts pieces in force. Where no table changes, at once; else it is written down for the migrator, who derives the plan again from the pieces themselves.
 * Refused while anything speaks against it, each at its place. Two at once: the second one is judged after the first.
 */
export async function publish(
  kernel: Kernel,
  ctx: Context,
  given: { items: (tx: Context) => Promise<PublishItem[]>; along?: readonly Along[]; note: string; as: PublishAct },
): Promise<Publishing> {
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(${publishLock})`)
    const items = await given.items(tx)
    await refuseWaiting(tx, items)
    const { along = [] } = given
    const judged = await judge(kernel, tx, items, along)
    faults(judged)
    const job = await note(tx, { ...given, items, along }, judged)
    return judged.plan.length === 0 ? bringIn(kernel, tx, job, judged) : job
  })
}
/** One piece is not published twice at the same time. */
async function refuseWaiting(tx: Context, items: readonly PublishItem[]): Promise<void> {
  const waiting = await tx.db.query<{ items: PublishItem[]; by_name: string }>(
    `SELECT items, by_name FROM kernel.publishing WHERE state IN ('waiting', 'working', 'ready')`,
  )
  for (const one of waiting)
    if (one.items.some(({ kind, name }) => items.some((mine) => mine.kind === kind && mine.name === name)))
      throw new Refusal('versionConflict', `${one.by_name} 正在发布同一个定义，请等它完成`)
}
async function note(
  tx: Context,
  { items, along, note: words, as: act }: { items: PublishItem[]; along: readonly Along[]; note: string; as: PublishAct },
  { plan, next }: Judged,
): Promise<Publishing> {
  const [job] = await tx.db.query<Publishing & object>(
    `INSERT INTO kernel.publishing (id, at, by, by_name, act, note, items, state, steps, along) VALUES ($1, $2, $3, $4, $5, $6, $7::json, 'waiting', $8::jsonb, $9::jsonb) RETURNING *`,
    [
      uuidv7(),
      tx.clock.now().toISOString(),
      personOf(tx.actor),
      nameOfActor(tx.actor),
      act,
      words,
      JSON.stringify(items),
      JSON.stringify(stepWords(next, plan)),
      JSON.stringify(along),
    ],
  )
  return job!
}

/** Ends a publish whose tables are ready: judged once more, one after the other with all that are published at once. Within its transaction. */
export async function activate(kernel: Kernel, tx: Context, job: Publishing): Promise<Publishing> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(${publishLock})`)
  const judged = await judge(kernel, tx, job.items, job.along)
  faults(judged)
  return bringIn(kernel, tx, job, judged)
}
/** Its pieces are in force, told to every process, for good in the list of releases. */
async function bringIn(kernel: Kernel, tx: Context, job: Publishing, judged: Judged): Promise<Publishing> {
  const at = tx.clock.now().toISOString()
  const words = judged.pieces.flatMap(({ label, words: said }) => said.map((one) => `${label}：${one}`))
  const [release] = await tx.db.query<{ no: number }>(
    `INSERT INTO kernel.release (no, act, at, by, note, words, standing) SELECT coalesce(max(no), 0) + 1, $1, $2, $3, $4, $5::jsonb, '{}' FROM kernel.release RETURNING no`,
    [job.act, at, job.by, job.note, JSON.stringify(words)],
  )
  const no = release!.no
  for (const item of job.items) await store(tx, item, no, at, job.by)
  if (job.along.length > 0) await kernel.under(judged.next, () => takeAlong(kernel, tx, job.along, job.note))
  await tx.db.query(`SELECT kernel.note_standing($1)`, [no])
  // What rested may fit again.
  const standing: Standing = judged.standing.resting.length
    ? await standingDefinitions(tx.db, kernel.product)
    : { defs: judged.next, release: no, designs: judged.after, resting: [] }
  await noteDefinitions(tx.db, standing.defs)
  await endWithDrafts(kernel, tx)
  const act = ({ publish: 'design.publish', rollBack: 'design.rollBack', import: 'design.import' } as const)[job.act]
  await audit(tx, { act, outcome: 'done', detail: { release: no, note: job.note, by: job.by_name, differences: words.slice(0, 200) } })
  await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [at, releaseTable])
  const [done] = await tx.db.query<Publishing & object>(
    `UPDATE kernel.publishing SET state = 'done', release = $2, problem = NULL WHERE id = $1 RETURNING *`,
    [job.id, no],
  )
  tx.afterCommit.push(() => {
    kernel.take(standing)
    kernel.changed(releaseTable)
  })
  return done!
}
async function store(
  tx: Context,
  { kind, name, revision, content }: PublishItem,
  release: number,
  at: string,
  by: string | null,
): Promise<void> {
  const [row] = await tx.db.query<{ version: number }>(
    `INSERT INTO kernel.design_version (kind, name, version, release, content) SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4::json FROM kernel.design_version WHERE kind = $1 AND name = $2 RETURNING version`,
    [kind, name, release, content === null ? null : JSON.stringify(content)],
  )
  // What somebody has drawn on meanwhile stays his draft.
  await tx.db.query(
    `INSERT INTO kernel.design AS d (kind, name, in_force, revision, at, by) VALUES ($1, $2, $3, 1, $5, $6)
     ON CONFLICT (kind, name) DO UPDATE SET in_force = excluded.in_force, draft = CASE WHEN d.revision = $4 THEN NULL ELSE d.draft END, revision = d.revision + 1`,
    [kind, name, row!.version, revision ?? -1, at, by],
  )
}

/** The publishes of late: on their way first. */
export const publishings = (ctx: Context): Promise<Publishing[]> =>
  ctx.db.query<Publishing & object>(
    `SELECT * FROM kernel.publishing ORDER BY state IN ('waiting', 'working', 'ready') DESC, at DESC LIMIT 50`,
  )
export async function findPublishing(ctx: Context, id: string): Promise<Publishing> {
  const [job] = await ctx.db.query<Publishing & object>(`SELECT * FROM kernel.publishing WHERE id = $1::uuid`, [id])
  if (!job) throw new Refusal('notFound', '没有这次发布')
  return job
}
/** Takes a publish back that nobody has begun to work on. */
export async function stopPublishing(ctx: Context, id: string): Promise<Publishing> {
  const [job] = await ctx.db.query<Publishing & object>(
    `UPDATE kernel.publishing SET state = 'stopped' WHERE id = $1::uuid AND state IN ('waiting', 'failed') RETURNING *`,
    [id],
  )
  if (!job) throw new Refusal('badRequest', '已经开始或已经结束，不能撤回')
  return job
}
export const publishingItem = ({ id, at, by_name: by, note: said, state, steps, step, problem, release }: Publishing): PublishingItem => ({
  id,
  at,
  by,
  note: said,
  state,
  steps,
  step,
  problem,
  release,
})
export type { DesignKindName }
