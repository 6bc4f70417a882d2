import type { PrintAnswer, SealUse } from '#model'
import { audit } from '../audit/audit.ts'
import { nameOfActor, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { readSettings } from '../settings.ts'
import { readApproval } from './reading.ts'

/** The 审批单 of an approval as its reader may see it, with what was sealed; that it was printed is audited. */
export async function printApproval(kernel: Kernel, ctx: Context, id: string): Promise<PrintAnswer> {
  const approval = await readApproval(kernel, ctx, id)
  const { hospitalName } = await readSettings(ctx.db)
  const seals = await sealUses(ctx, id)
  const at = ctx.clock.now().toISOString()
  await audit(ctx, {
    act: 'flow.print',
    outcome: 'done',
    resource: approval.resource,
    record: approval.record.id,
    detail: { instance: id, number: approval.number },
  })
  return { approval, hospital: hospitalName, seals, printed: { at, by: nameOfActor(ctx.actor) } }
}

/** 用印登记, newest first: of one approval, or a page of all before an entry. */
export async function sealUses(
  { db, directory }: Pick<Context, 'db' | 'directory'>,
  instance: string | null,
  before: string | null = null,
): Promise<SealUse[]> {
  const rows = await db.query<Omit<SealUse, 'personName' | 'actorName'> & object>(
    `SELECT id, at, seal, copies, person, actor, instance, number, title, note FROM kernel.seal_use
     WHERE ($1::uuid IS NULL OR (at, id) < (SELECT at, id FROM kernel.seal_use WHERE id = $1::uuid)) AND ($2::uuid IS NULL OR instance = $2::uuid) ORDER BY at DESC, id DESC LIMIT 100`,
    [before, instance],
  )
  return rows.map((row) => ({ ...row, personName: directory.nameOf(row.person), actorName: directory.nameOf(row.actor) }))
}
