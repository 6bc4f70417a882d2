import { Refusal, type ApiRecord } from '#model'
import { audit } from '../audit/audit.ts'
import { forgetAnswers, forgetAnswersOf } from '../answers/forget.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { eraseValues } from '../protection/erase.ts'
import { setDeleted } from '../records/deletion.ts'
import { loadRecord } from '../records/load.ts'
import { refuseKept } from '../records/keeping.ts'
import { pointingAt } from '../records/pointing.ts'
import { removeRow } from '../records/purge.ts'
import { refuseClosedIds } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { eraseSaid } from '../talk/own.ts'
import { ownedTypes } from './holdings.ts'

/** Erases the record that a granted request names. @throws {Refusal} with the basis, while it must be kept: then it is restricted instead. */
export async function eraseNamed(kernel: Kernel, ctx: Context, request: ApiRecord): Promise<void> {
  const [register, record] = [request['register'], request['record']] as [string, string]
  const c = kernel.resource(register)
  const stored = await loadRecord(kernel, ctx, c, record, { deleted: true, lock: true })
  if (!stored) return
  await refuseNeeded(ctx, c, stored)
  await putAway(kernel, ctx, register, record)
  const holds = await pointingAt(kernel, ctx, c.r.table, record, ({ isMany }) => !isMany, { deleted: true })
  // What others point at, or were decided on, stays as an empty shell in the bin.
  const isGone = holds.length === 0 && !(await hasFile(ctx, record))
  if (isGone) await removeRow(kernel, ctx, c, record, '本人请求删除个人信息', '')
  await eraseValues(kernel, ctx, c, record, { isGone })
  await audit(ctx, { act: 'personal.erase', outcome: 'done', resource: register, record, detail: { request: request.id } })
  if (!isGone) await restrictRecord(ctx, register, record, request.id)
}
/** Keeps a record in the bin, where nobody opens it, brings it back or finds it. The first request that asked for it is the one named. */
export async function restrictRecord(ctx: Context, register: string, record: string, request: string): Promise<void> {
  await forgetAnswers(ctx.db)
  await ctx.db.query(
    `INSERT INTO kernel.restriction (record, resource, request, at) VALUES ($1::uuid, $2, $3::uuid, $4) ON CONFLICT (record) DO NOTHING`,
    [record, register, request, ctx.clock.now().toISOString()],
  )
}

/** Everything protected that goes with a person, in all rows that are his, and what he has said in conversations; the rows stay, with what is not protected in them. */
export async function erasePerson(kernel: Kernel, ctx: Context, { id: request, ...asked }: ApiRecord): Promise<void> {
  const person = asked['person'] as string
  for (const r of ownedTypes(kernel)) {
    const c = kernel.resource(r.name)
    if (![c, ...c.rows].some(({ secrets }) => secrets.some(({ subject }) => subject === 'person'))) continue
    const column = r.owner.person === 'id' ? 'id' : c.byKey.get(r.owner.person!)!.column
    const rows = await ctx.db.query<{ id: string }>(`SELECT id FROM ${c.table} WHERE ${quote(column)} = $1::uuid ORDER BY id FOR UPDATE`, [
      person,
    ])
    for (const { id } of rows) {
      await refuseNeeded(ctx, c, (await loadRecord(kernel, ctx, c, id, { deleted: true }))!)
      await eraseValues(kernel, ctx, c, id, { subject: 'person', isGone: false })
      await audit(ctx, { act: 'personal.erase', outcome: 'done', resource: r.name, record: id, detail: { request } })
    }
  }
  await forgetAnswersOf(ctx.db, person)
  await ctx.db.query(`DELETE FROM kernel.push_device WHERE person = $1::uuid`, [person])
  await eraseSaid(kernel, ctx, person, request)
}

/** Refuses with the basis: what must be kept, a period that is closed, an approval that is running, or a restriction that another request was answered with. */
async function refuseNeeded(ctx: Context, c: CompiledResource, stored: ApiRecord): Promise<void> {
  const record = stored.id
  await refuseKept(ctx, c, stored)
  await refuseClosedIds(ctx, c, [record])
  const [kept] = await ctx.db.query<{ basis: string | null }>(
    `SELECT r.basis FROM kernel.restriction k JOIN personal.request r ON r.id = k.request WHERE k.record = $1::uuid AND r.outcome = 'restrict'`,
    [record],
  )
  if (kept) throw new Refusal('flowRefused', `不能删除：此前已决定限制处理，依据是“${kept.basis ?? ''}”。请决定“限制处理”，或等保存期满`)
  const [running] = await ctx.db.query(`SELECT 1 FROM kernel.flow_instance WHERE record = $1::uuid AND ended_at IS NULL LIMIT 1`, [record])
  if (running) throw new Refusal('flowRefused', `不能删除：“${c.r.label}”的这条记录正在审批，请先办结`)
} // prettier-ignore
const hasFile = async (ctx: Context, record: string): Promise<boolean> =>
  (await ctx.db.query(`SELECT 1 FROM kernel.flow_instance WHERE record = $1::uuid LIMIT 1`, [record])).length > 0

/** Moves a record to the bin in the program's own name: what a decision on personal information says needs no further right. */
export async function putAway(kernel: Kernel, ctx: Context, register: string, record: string): Promise<void> {
  const stored = await loadRecord(kernel, ctx, kernel.resource(register), record)
  if (!stored) return
  const system = kernel.contextIn(ctx.directory, { kind: 'system', reason: '个人信息请求' }, ctx.origin, { address: ctx.address })
  await setDeleted(kernel, { ...system, db: ctx.db, afterCommit: ctx.afterCommit }, register, record, true, null, {
    byModule: true,
    act: 'restrict',
  })
}
