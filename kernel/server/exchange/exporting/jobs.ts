import { exportDays, Refusal, type ExportJob, type ExportState, type Filter } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Actor, type Context } from '../../context.ts'
import { OwnJobs, type OwnJob } from '../../jobs/own-jobs.ts'
import type { Kernel } from '../../kernel.ts'
import type { Place } from '../../protection/cipher.ts'
import { questionOfAll } from '../../records/read-all.ts'
import { exportAsk, sizeOfExport, type ExportQuery } from '../export.ts'

/** A job as stored, with what was asked. */
export interface JobRow extends OwnJob {
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
}
type Stored = Omit<JobRow, 'asked'> & { asked: Buffer }
const columns = `j.id, j.person, j.address, j.resource, j.asked, j.format, j.state, j.rows, j.expected, j.bytes, j.file_name AS "fileName", j.note,
  j.created_at AS "createdAt", j.done_at AS "doneAt", j.tries`
const placeOf = (record: string): Place => ({ resource: 'kernel.export_job', record, field: 'asked' })
/** A row with what was asked unsealed. */
export const openedJob = (kernel: Kernel, row: Stored): JobRow => ({
  ...row,
  asked: JSON.parse(kernel.protector.open(placeOf(row.id), row.asked)) as ExportQuery,
})

const mostListed = 100
export const exportJobs = new OwnJobs<Stored>({
  table: 'kernel.export_job',
  columns,
  noun: '导出',
  mostAtWork: 2,
  mostOfOne: 2,
  mostOpen: 5,
})

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
    await exportJobs.admit(tx, person)
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
  return openedJob(kernel, row)
}
/** The actor's own, newest first; of one type where it is named. */
export async function listJobs(kernel: Kernel, ctx: Context, resource: string | null): Promise<JobRow[]> {
  const rows = await ctx.db.query<Stored>(
    `SELECT ${columns} FROM kernel.export_job j WHERE j.person = $1::uuid AND ($2::text IS NULL OR j.resource = $2) ORDER BY j.created_at DESC, j.id DESC LIMIT ${mostListed}`,
    [personOf(ctx.actor), resource],
  )
  return rows.map((row) => openedJob(kernel, row))
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

/** Stops one's own. */
export async function cancelJob(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await findJob(kernel, ctx, id)
  await exportJobs.cancel(ctx, id)
}

/** Takes the next one for work. */
export async function takeJob(kernel: Kernel): Promise<JobRow | null> {
  const row = await exportJobs.take(kernel)
  return row && openedJob(kernel, row)
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
