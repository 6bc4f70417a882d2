import { exportDays, Refusal, type ExportJob, type ExportState, type Filter } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Actor, type Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import type { Place } from '../../protection/cipher.ts'
import { questionOfAll } from '../../records/read-all.ts'
import { exportAsk, sizeOfExport, type ExportQuery } from '../export.ts'

/** A job as stored, with what was asked. */
export interface JobRow {
  id: string
  person: string
  address: string | null
  resource: string
  asked: ExportQuery
  format: ExportQuery['format']
  state: ExportState
  rows: number
  expected: number | null
  bytes: number | null
  fileName: string | null
  note: string | null
  createdAt: string
  doneAt: string | null
  /** How often it was begun: by this a process knows that it still has it. */
  tries: number
  cancel: boolean
}
type Stored = Omit<JobRow, 'asked'> & { asked: Buffer }
const columns = `j.id, j.person, j.address, j.resource, j.asked, j.format, j.state, j.rows, j.expected, j.bytes, j.file_name AS "fileName", j.note,
  j.created_at AS "createdAt", j.done_at AS "doneAt", j.tries, j.cancel`
const placeOf = (record: string): Place => ({ resource: 'kernel.export_job', record, field: 'asked' })
const opened = (kernel: Kernel, row: Stored): JobRow => ({
  ...row,
  asked: JSON.parse(kernel.protector.open(placeOf(row.id), row.asked)) as ExportQuery,
})

/** Of one person, at work and waiting. */
const mostOpen = 5
const mostListed = 100
/** At once, of all: others' lists stay quick. */
export const mostAtWork = 2
/** A process that was killed in the middle may have been killed by the work itself. */
const mostTries = 3
/** A working process says so every second; one that was silent for so long is gone. */
const silent = `j.heartbeat < clock_timestamp() - interval '20 seconds'`

/** Takes an export on: judged as if it were read at once, so that what is wrong is told now. */
export async function beginExport(kernel: Kernel, ctx: Context, resource: string, asked: ExportQuery): Promise<ExportJob> {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight', '后台导出只能由人员发起')
  questionOfAll(kernel, ctx, resource, exportAsk(kernel, ctx, resource, asked).ask)
  // The size of it is asked for as any count is: a value of a masked field counts as a try.
  const { rows } = await sizeOfExport(kernel, ctx, resource, asked)
  const id = uuidv7()
  const sealed = kernel.protector.seal(placeOf(id), JSON.stringify(asked))
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 73))`, [person])
    const [open] = await tx.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM kernel.export_job WHERE person = $1::uuid AND state IN ('waiting', 'running')`,
      [person],
    )
    if (open!.n >= mostOpen) throw new Refusal('tooMany', `您已有 ${mostOpen} 个导出没有完成，请等它们完成，或先取消`)
    await tx.db.query(
      `INSERT INTO kernel.export_job (id, person, address, resource, asked, format, state, expected, created_at)
       VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, 'waiting', $7, $8::timestamptz)`,
      [id, person, ctx.address, resource, sealed, asked.format, rows, ctx.clock.now().toISOString()],
    )
  })
  return presentJob(kernel, ctx, await findJob(kernel, ctx, id))
}

/** The actor's own job; anybody else's does not exist for him. */
export async function findJob(kernel: Kernel, ctx: Context, id: string): Promise<JobRow> {
  const [row] = await ctx.db.query<Stored>(`SELECT ${columns} FROM kernel.export_job j WHERE j.id = $1::uuid AND j.person = $2::uuid`, [
    id,
    personOf(ctx.actor),
  ])
  if (!row) throw new Refusal('notFound', '没有这个导出')
  return opened(kernel, row)
}
/** The actor's own, newest first; of one type where it is named. */
export async function listJobs(kernel: Kernel, ctx: Context, resource: string | null): Promise<JobRow[]> {
  const rows = await ctx.db.query<Stored>(
    `SELECT ${columns} FROM kernel.export_job j WHERE j.person = $1::uuid AND ($2::text IS NULL OR j.resource = $2) ORDER BY j.created_at DESC, j.id DESC LIMIT ${mostListed}`,
    [personOf(ctx.actor), resource],
  )
  return rows.map((row) => opened(kernel, row))
}
/** Both rights, as they are now: to see such records, and to take them away. */
const mayTake = (kernel: Kernel, actor: Actor, resource: string): boolean =>
  (['export', 'read'] as const).every((action) => kernel.access.can(actor, action, resource))
const countOf = (filter: Filter | null | undefined): number =>
  !filter ? 0 : 'and' in filter ? filter.and.reduce((sum, one) => sum + countOf(one), 0) : 1
/** A job as its owner is told of it. */
export function presentJob(kernel: Kernel, { actor }: Pick<Context, 'actor'>, job: JobRow): ExportJob {
  const { id, resource, format, state, rows, expected, bytes, fileName, note, createdAt, doneAt, asked } = job
  const until = state === 'done' && doneAt ? new Date(Date.parse(doneAt) + exportDays * 86_400_000).toISOString() : null
  return {
    id, resource, format, state, rows, expected, bytes, fileName, note, createdAt, doneAt, until,
    // A type may have gone since.
    resourceLabel: kernel.defs.resources.get(resource)?.label ?? resource,
    conditions: countOf(asked.filter),
    search: asked.search ?? null,
    mayDownload: state === 'done' && kernel.defs.resources.has(resource) && mayTake(kernel, actor, resource),
  } // prettier-ignore
}

/** Stops one that waits or is at work. What is at work stops within a second or two. */
export async function cancelJob(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await findJob(kernel, ctx, id)
  const now = ctx.clock.now().toISOString()
  const [row] = await ctx.db.query(
    `UPDATE kernel.export_job j SET cancel = true, state = CASE WHEN state = 'running' AND NOT (${silent}) THEN 'running' ELSE 'cancelled' END,
       done_at = CASE WHEN state = 'running' AND NOT (${silent}) THEN NULL ELSE $2::timestamptz END
     WHERE id = $1::uuid AND state IN ('waiting', 'running') RETURNING id`,
    [id, now],
  )
  if (!row) throw new Refusal('flowRefused', '这个导出已经结束')
}

/** Takes the next one for work, where fewer than two are at work: first of those who have none at work, and what a process that is gone has left. */
export async function takeJob(kernel: Kernel): Promise<JobRow | null> {
  return kernel.db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('kernel.export_job', 73))`)
    const alive = `FROM kernel.export_job r WHERE r.state = 'running' AND NOT (${silent.replace('j.', 'r.')})`
    const [row] = await tx.query<Stored>(
      `UPDATE kernel.export_job j SET state = 'running', tries = j.tries + 1, rows = 0, heartbeat = clock_timestamp()
       WHERE j.id = (SELECT j.id FROM kernel.export_job j WHERE (j.state = 'waiting' OR j.state = 'running' AND ${silent}) AND (SELECT count(*) ${alive}) < ${mostAtWork}
         ORDER BY EXISTS (SELECT 1 ${alive} AND r.person = j.person), j.created_at, j.id LIMIT 1) RETURNING ${columns}`,
    )
    return row ? opened(kernel, row) : null
  })
}
export const isLastTry = (job: JobRow): boolean => job.tries > mostTries

/** Says how far it is. `cancel`: its owner wants it to stop; `lost`: it is another process's now, or gone. */
export async function beatJob(db: Queryable, { id, tries }: JobRow, rows: number): Promise<'on' | 'cancel' | 'lost'> {
  const [row] = await db.query<{ cancel: boolean }>(
    `UPDATE kernel.export_job SET rows = $3, heartbeat = clock_timestamp() WHERE id = $1::uuid AND tries = $2 AND state = 'running' RETURNING cancel`,
    [id, tries, rows],
  )
  return !row ? 'lost' : row.cancel ? 'cancel' : 'on'
}
/** Ends a job that is still this process's. False: it is not. */
export async function endJob(
  ctx: Pick<Context, 'db' | 'clock'>,
  { id, tries }: JobRow,
  end: { state: 'done' | 'failed' | 'cancelled'; rows: number; note?: string; bytes?: number; fileName?: string },
): Promise<boolean> {
  const rows = await ctx.db.query(
    `UPDATE kernel.export_job SET state = $3, rows = $4, note = $5, bytes = $6, file_name = $7, done_at = $8::timestamptz WHERE id = $1::uuid AND tries = $2 AND state = 'running' RETURNING id`,
    [id, tries, end.state, end.rows, end.note ?? null, end.bytes ?? null, end.fileName ?? null, ctx.clock.now().toISOString()],
  )
  return rows.length > 0
}
/** Puts a job back into the queue: the process stops, or the database was away. */
export const giveBack = (db: Queryable, { id, tries }: JobRow, isOwnFault: boolean): Promise<unknown> =>
  db.query(
    `UPDATE kernel.export_job SET state = 'waiting', rows = 0, tries = tries - $3::int, heartbeat = NULL WHERE id = $1::uuid AND tries = $2 AND state = 'running'`,
    [id, tries, isOwnFault ? 0 : 1],
  )
