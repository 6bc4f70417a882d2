import { Refusal, type ImportBatch, type ImportChoices, type ImportCounts, type ImportState } from '#model'
import { nameOfActor, personOf, type Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import type { Profiles } from './profile.ts'
import { emptyReport, noCounts, type Report } from './report.ts'
import type { ImportSettings } from './session.ts'

/** A batch as stored. */
export interface BatchRow {
  id: string
  number: number
  kind: ImportBatch['kind']
  profile: string
  resource: string
  file: string | null
  fileName: string
  state: ImportState
  by: string | null
  byName: string
  createdAt: string
  doneAt: string | null
  settings: ImportSettings
  counts: ImportCounts
  progress: ImportBatch['progress']
  undoes: string | null
  undoneBy: string | null
  note: string | null
  report: Report
  choices: ImportChoices
  approval: ImportBatch['approval']
}
export const busyStates: readonly ImportState[] = ['judging', 'running']
/** A working process says so this often; one that has been silent for long is gone, and with it its transaction. */
const silentAfter = '30 seconds'
const interrupted = '程序中断，没有写入任何内容，可以重新执行'

const columns = (sealed: string) => `
  b.id, b.number, b.kind, b.profile, b.resource, b.file, b.file_name AS "fileName", b.by_person AS by, b.by_name AS "byName", b.created_at AS "createdAt", b.done_at AS "doneAt",
  b.settings, b.counts, b.progress, b.undoes, (SELECT u.id FROM kernel.import_batch u WHERE u.undoes = b.id AND u.state = 'done') AS "undoneBy",
  (SELECT jsonb_build_object('instance', f.id, 'status', f.status) FROM kernel.flow_instance f WHERE f.id = b.approval) AS approval,
  CASE WHEN b.state IN ('judging', 'running') AND b.heartbeat < clock_timestamp() - interval '${silentAfter}' THEN 'failed' ELSE b.state END AS state,
  CASE WHEN b.state IN ('judging', 'running') AND b.heartbeat < clock_timestamp() - interval '${silentAfter}' THEN '${interrupted}' ELSE b.note END AS note${sealed}`

export async function insertBatch(
  kernel: Kernel,
  ctx: Context,
  batch: Pick<BatchRow, 'id' | 'kind' | 'profile' | 'resource' | 'file' | 'fileName' | 'state' | 'undoes' | 'report'> & {
    settings: ImportSettings
  },
): Promise<number> {
  const [row] = await ctx.db.query<{ number: number }>(
    `INSERT INTO kernel.import_batch (id, kind, profile, resource, file, file_name, state, by_person, by_name, created_at, settings, counts, report, undoes, constants, heartbeat)
     VALUES ($1::uuid, $2, $3, $4, $5::uuid, $6, $7, $8::uuid, $9, $10, $11::jsonb, $12::jsonb, $13, $14::uuid, $15, clock_timestamp()) RETURNING number`,
    [
      batch.id, batch.kind, batch.profile, batch.resource, batch.file, batch.fileName, batch.state, personOf(ctx.actor), nameOfActor(ctx.actor),
      ctx.clock.now().toISOString(), openly(batch.settings), JSON.stringify(noCounts()), seal(kernel, batch.id, 'report', batch.report), batch.undoes,
      seal(kernel, batch.id, 'constants', batch.settings.constants),
    ],
  ) // prettier-ignore
  return row!.number
}

export async function findBatch(kernel: Kernel, db: Queryable, id: string): Promise<BatchRow> {
  const [row] = await db.query<
    Omit<BatchRow, 'report' | 'choices'> & { report: Buffer | null; choices: Buffer | null; constants: Buffer | null }
  >(`SELECT ${columns(', b.report, b.choices, b.constants')} FROM kernel.import_batch b WHERE b.id = $1::uuid`, [id])
  if (!row) throw new Refusal('notFound', '没有这个导入批次')
  const { constants, ...plain } = row
  return {
    ...plain,
    settings: {
      ...row.settings,
      constants: open<ImportSettings['constants']>(kernel, id, 'constants', constants) ?? row.settings.constants,
    },
    report: open<Report>(kernel, id, 'report', row.report) ?? emptyReport(),
    choices: open<ImportChoices>(kernel, id, 'choices', row.choices) ?? {},
  }
}
export async function listBatches(
  db: Queryable,
  resources: readonly string[],
  by: string | null,
  limit: number,
): Promise<Omit<BatchRow, 'report' | 'choices'>[]> {
  return db.query(
    `SELECT ${columns('')} FROM kernel.import_batch b WHERE b.resource = ANY($1::text[]) AND ($2::uuid IS NULL OR b.by_person = $2::uuid) ORDER BY b.created_at DESC, b.id DESC LIMIT $3::int`,
    [resources, by, limit],
  )
}

/** Settings as they stand in the clear: what is set in every row may be protected, and is sealed. */
const openly = (settings: ImportSettings): string => JSON.stringify({ ...settings, constants: {} })
const seal = (kernel: Kernel, record: string, field: string, value: unknown): Buffer =>
  kernel.protector.seal({ resource: 'kernel.import', record, field }, JSON.stringify(value))
function open<T>(kernel: Kernel, record: string, field: string, sealed: Buffer | null): T | null {
  return sealed ? (JSON.parse(kernel.protector.open({ resource: 'kernel.import', record, field }, sealed)) as T) : null
}

/** Stores what is given; the rest stays. */
export async function updateBatch(
  kernel: Kernel,
  db: Queryable,
  id: string,
  change: Partial<Pick<BatchRow, 'settings' | 'report' | 'choices' | 'counts' | 'state' | 'note' | 'doneAt' | 'progress'>> & {
    approval?: string
  },
): Promise<void> {
  const values: unknown[] = [id]
  const set = (column: string, value: unknown, cast = '') => `${column} = $${values.push(value)}${cast}`
  const sets: string[] = []
  if (change.settings) sets.push(set('settings', openly(change.settings), '::jsonb'))
  if (change.settings) sets.push(set('constants', seal(kernel, id, 'constants', change.settings.constants)))
  if (change.counts) sets.push(set('counts', JSON.stringify(change.counts), '::jsonb'))
  if (change.progress !== undefined) sets.push(set('progress', change.progress && JSON.stringify(change.progress), '::jsonb'))
  if (change.report) sets.push(set('report', seal(kernel, id, 'report', change.report)))
  if (change.choices) sets.push(set('choices', seal(kernel, id, 'choices', change.choices)))
  if (change.approval) sets.push(set('approval', change.approval, '::uuid'))
  if (change.state) sets.push(set('state', change.state))
  if (change.note !== undefined) sets.push(set('note', change.note))
  if (change.doneAt !== undefined) sets.push(set('done_at', change.doneAt, '::timestamptz'))
  await db.query(`UPDATE kernel.import_batch SET ${sets.join(', ')} WHERE id = $1::uuid`, values)
}

/** Takes a batch for work; refuses when it is being worked on, or when its time has passed. */
export async function claimBatch(db: Queryable, id: string, state: 'judging' | 'running', from: readonly ImportState[]): Promise<void> {
  const rows = await db.query(
    `UPDATE kernel.import_batch SET state = $2, cancel = false, note = NULL, progress = NULL, heartbeat = clock_timestamp()
     WHERE id = $1::uuid AND (state = ANY($3::text[]) OR (state IN ('judging', 'running') AND heartbeat < clock_timestamp() - interval '${silentAfter}')) RETURNING id`,
    [id, state, from],
  )
  if (rows.length === 0) throw new Refusal('flowRefused', '这个批次正在处理，或已经完成')
}
/** Says how far the work is; true when somebody wants it to stop. */
export async function beat(db: Queryable, id: string, progress: ImportBatch['progress']): Promise<boolean> {
  const [row] = await db.query<{ cancel: boolean }>(
    `UPDATE kernel.import_batch SET progress = $2::jsonb, heartbeat = clock_timestamp() WHERE id = $1::uuid RETURNING cancel`,
    [id, JSON.stringify(progress)],
  )
  return row?.cancel ?? true
}
export async function stayAlive(db: Queryable, id: string): Promise<void> {
  await db.query(`UPDATE kernel.import_batch SET heartbeat = clock_timestamp() WHERE id = $1::uuid AND state IN ('judging', 'running')`, [
    id,
  ])
}
/** Work that ended badly. A batch whose commit arrived although the answer was lost stays done. */
export async function endBatch(db: Queryable, id: string, state: 'failed' | 'cancelled', note: string): Promise<void> {
  await db.query(
    `UPDATE kernel.import_batch SET state = $2, note = $3, progress = NULL, counts = $4::jsonb WHERE id = $1::uuid AND state IN ('judging', 'running')`,
    [id, state, note, JSON.stringify(noCounts())],
  )
}
export async function askToStop(db: Queryable, id: string): Promise<boolean> {
  return (
    (
      await db.query(`UPDATE kernel.import_batch SET cancel = true WHERE id = $1::uuid AND state IN ('judging', 'running') RETURNING id`, [
        id,
      ])
    ).length > 0
  )
}

/** A batch as answered. */
export function presentBatch(kernel: Kernel, profiles: Profiles, row: Omit<BatchRow, 'report' | 'choices'>): ImportBatch {
  const {
    id,
    number,
    kind,
    profile,
    resource,
    fileName,
    state,
    by,
    byName,
    createdAt,
    doneAt,
    counts,
    progress,
    note,
    undoes,
    undoneBy,
    approval,
  } = row
  return {
    id, number, kind, profile, resource, fileName, state, by, byName, createdAt, doneAt, counts, progress, note, undoes, undoneBy, approval,
    profileLabel: profiles.labelOf(profile),
    resourceLabel: kernel.defs.resource(resource).label,
    mayUndo: state === 'done' && !undoneBy && counts.created + counts.changed > 0,
  } // prettier-ignore
}
