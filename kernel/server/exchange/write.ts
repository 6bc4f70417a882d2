import { Refusal, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import { keepChanges } from '../flow/import-request.ts'
import { noteChanges } from '../store/batch-work.ts'
import { derive } from '../derived/derive.ts'
import { writtenAlong } from '../records/along.ts'
import { copyRecords } from '../store/bulk.ts'
import { searchRecord, updateMany, type RecordChange } from '../store/bulk-update.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { filterSql, Statement } from '../store/sql.ts'
import { scopeIsOwn, type Judged } from './judge.ts'
import type { ImportSession } from './session.ts'

/** Writes what a portion creates and changes. In the run's transaction. */
export async function writePortion(session: ImportSession, judged: readonly Judged[], nth: number): Promise<void> {
  const { kernel, ctx, c, profile, batch } = session
  const created = judged.flatMap((one) => (one.verdict === 'created' ? [one.record!] : []))
  for (const [i, record] of created.entries()) {
    profile.complete?.(record, nth + i, batch)
    Object.assign(record, writtenAlong(kernel, ctx, c, record, null))
  }
  if (created.length) {
    await giveNumbers(ctx, c, created)
    const ids = await copyRecords(kernel, ctx, c, created, session.way ? 'submit' : 'import', session.way ? 'pending' : 'approved')
    await derive(kernel, ctx, { table: c.r.table, ids, isNew: true })
    await noteChanges(ctx, batch.id, 'created', ids.map((id) => ({ id, version: 1 }))) // prettier-ignore
    if (!scopeIsOwn(session)) await refuseOutside(session, ids)
  }
  const changed = judged.filter((one) => one.verdict === 'changed')
  if (changed.length === 0) return
  if (session.way) {
    await keepChanges(kernel, ctx, c, batch.id, changed.map((one) => ({ stored: one.stored!, record: one.record!, keys: one.keys! }))) // prettier-ignore
    if (!scopeIsOwn(session)) await refuseOutside(session, changed.map((one) => one.stored!.id)) // prettier-ignore
    return
  }
  const written = await updateMany(kernel, ctx, c, changed.map((one) => changeOf(session, one)), 'import') // prettier-ignore
  if (written.length < changed.length)
    throw new Refusal('importRefused', '导入期间有记录被别人修改，为免覆盖，本次没有写入任何内容，请重新导入')
  await noteChanges(ctx, batch.id, 'updated', written)
  if (!scopeIsOwn(session)) await refuseOutside(session, written.map((w) => w.id)) // prettier-ignore
}
function changeOf(session: ImportSession, { stored, record, keys, search }: Judged): RecordChange {
  const along = writtenAlong(session.kernel, session.ctx, session.c, record!, stored as ApiRecord)
  return {
    id: stored!.id,
    version: stored!.version,
    before: stored!,
    after: Object.assign(record!, along),
    keys: [...keys!, ...Object.keys(along)],
    searchRow: searchRecord(session.kernel, session.c, record!, search ?? {}),
  }
}

/** Document numbers of a portion from one look at the counter. */
async function giveNumbers(ctx: Context, c: CompiledResource, records: readonly Record<string, unknown>[]): Promise<void> {
  for (const f of c.fields) {
    const lacking = f.field.kind === 'autoNumber' ? records.filter((record) => !record[f.key]) : []
    if (lacking.length === 0) continue
    const { prefix, digits, perYear } = f.field.options as { prefix: string; digits: number; perYear?: boolean }
    const year = ctx.clock.now().toISOString().slice(0, 4)
    const series = `${c.r.name}.${f.id}${perYear ? `.${year}` : ''}`
    const [row] = await ctx.db.query<{ value: number }>(
      `INSERT INTO kernel.counter VALUES ($1, $2::bigint) ON CONFLICT (name) DO UPDATE SET value = kernel.counter.value + $2::bigint RETURNING value`,
      [series, lacking.length],
    )
    const first = row!.value - lacking.length + 1
    for (const [i, record] of lacking.entries())
      record[f.key] = `${prefix}-${perYear ? `${year}-` : ''}${String(first + i).padStart(digits, '0')}`
  }
}

async function refuseOutside(session: ImportSession, ids: readonly string[]): Promise<void> {
  const { kernel, ctx, c, permission } = session
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const condition = filterSql(s, c.r.name, permission.filter!)
  const [outside] = await ctx.db.once(
    `SELECT t.id FROM ${c.table} t ${s.joinText} WHERE t.id = ANY(${s.param(ids, '::uuid[]')}) AND NOT coalesce(${condition}, FALSE) LIMIT 1`,
    s.values,
  )
  if (outside) throw new Refusal('noRight', `文件中有超出您权限范围的${c.r.label}，没有写入任何内容`)
}
