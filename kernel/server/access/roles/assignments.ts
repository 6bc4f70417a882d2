import { invalid, Refusal, today, type AssignmentState } from '#model'
import { personOf, type Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import type { Kernel } from '../../kernel.ts'
import { tell } from '../../messages/messages.ts'
import { updateRecordOf } from '../../records/write.ts'
import { fillLabel, readSettings } from '../../settings.ts'
import { guardOf } from './guard.ts'

export const resource = 'directory.roleAssignment'
export interface AssignmentRow {
  id: string
  version: number
  role: string
  person: string | null
  unit: string | null
  post: string | null
  status: AssignmentState
  givenBy: string | null
  endAskedBy: string | null
}
const columns = `id, version, role, person, unit, post, status, created_by AS "givenBy", end_asked_by AS "endAskedBy"`
const alive = `deleted_at IS NULL AND state = 'approved'`
export async function assignment(db: Queryable, id: string): Promise<AssignmentRow | null> {
  const [row] = await db.query<AssignmentRow>(`SELECT ${columns} FROM directory.role_assignment WHERE id = $1::uuid AND ${alive}`, [id])
  return row ?? null
}

/** Takes a role away: at once; an officer's only when a second officer agrees. One that still waits is withdrawn. */
export async function endAssignment(kernel: Kernel, ctx: Context, id: string, reason: string): Promise<{ waits?: true }> {
  if (!reason.trim()) throw invalid([{ field: 'reason', message: '请写明收回的原因' }])
  return kernel.transaction(ctx, async (tx) => {
    const row = await locked(tx, id)
    if (row.status !== 'waiting' && row.status !== 'active') throw new Refusal('flowRefused', '已经收回，或正在等待同意')
    const waits = row.status === 'active' && guardOf(kernel.defs, row.role) === 'officer'
    if (waits) await refuseLast(kernel, tx, row)
    const changes = { status: waits ? 'ending' : 'ended', endAskedBy: personOf(tx.actor), endReason: reason.trim().slice(0, 200) } as const
    await change(kernel, tx, row, changes, waits ? 'role.askEnd' : 'role.end')
    const now = { ...row, ...changes, version: row.version + 1 }
    if (waits) await tellOfWaiting(kernel, tx, officersToAsk(kernel, tx, now), now)
    else if (row.person && row.status === 'active') await tellOutcome(kernel, tx, [row.person], row, '已收回')
    return waits ? { waits } : {}
  })
}
/** A second officer agrees that a role is given or taken away, or not. Neither who asked nor whom it is about. */
export async function judgeAssignment(kernel: Kernel, ctx: Context, id: string, isAgreed: boolean): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await locked(tx, id)
    const isGiven = row.status === 'waiting'
    if (!isGiven && row.status !== 'ending') throw new Refusal('flowRefused', '已有人处理')
    const me = personOf(tx.actor)
    const asker = isGiven ? row.givenBy : row.endAskedBy
    if (me === null || me === asker || me === row.person) throw new Refusal('noRight', '须由提出者和本人之外的管理员同意')
    if (!isGiven && isAgreed) await refuseLast(kernel, tx, row)
    const given = { status: isAgreed ? 'active' : 'refused', confirmedBy: me, confirmedAt: tx.clock.now().toISOString() }
    await change(kernel, tx, row, isGiven ? given : { status: isAgreed ? 'ended' : 'active' }, isAgreed ? 'role.agree' : 'role.refuse')
    const outcome = isGiven ? (isAgreed ? '已授予' : '未获同意') : isAgreed ? '已收回' : '的收回未获同意'
    await tellOutcome(
      kernel,
      tx,
      [asker, row.person].filter((one) => one !== null),
      row,
      outcome,
    )
  })
}
/** The row, and nobody else giving or taking roles of the same person meanwhile. */
async function locked(tx: Context, id: string): Promise<AssignmentRow> {
  const found = await assignment(tx.db, id)
  if (!found) throw new Refusal('notFound')
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7079))`, [found.person ?? ''])
  await tx.db.query(`SELECT 1 FROM directory.role_assignment WHERE id = $1::uuid FOR UPDATE`, [id])
  return (await assignment(tx.db, id))!
}
/** Of each kind of officer one always remains: whoever is left could bring nobody back. */
async function refuseLast(kernel: Kernel, tx: Context, row: AssignmentRow): Promise<void> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7080))`, [row.role])
  const rest = await tx.db.query<{ person: string }>(
    `SELECT person FROM directory.role_assignment WHERE role = $1 AND person <> $2::uuid AND status = 'active' AND ${alive}`,
    [row.role, row.person],
  )
  if (!rest.some(({ person }) => tx.directory.isActive(person))) throw new Refusal('flowRefused', `这是最后一位${label(kernel, row.role)}，请先授予另一人`) // prettier-ignore
}
async function change(kernel: Kernel, tx: Context, row: AssignmentRow, changes: Record<string, unknown>, act: string): Promise<void> {
  await updateRecordOf(kernel, tx, resource, row.id, row.version, changes, { byModule: true, act })
}

const label = (kernel: Kernel, role: string): string => kernel.defs.roles.get(role)?.label ?? role
async function sentence(kernel: Kernel, tx: Context, row: AssignmentRow): Promise<string> {
  const to = row.person ? tx.directory.nameOf(row.person) : row.unit ? tx.directory.unitName(row.unit) : '按职务'
  return fillLabel(`${to}的“${label(kernel, row.role)}”`, await readSettings(kernel.db))
}
/** Officers who may agree, but for those whom it is about or who asked. */
export function officersToAsk(kernel: Kernel, ctx: Context, row: AssignmentRow): string[] {
  const roles = [...kernel.defs.roles.values()].filter(({ officer }) => officer === 'security' || officer === 'system')
  const people = roles.flatMap(({ name }) => ctx.directory.peopleWithRole(name, today(ctx.clock)))
  const asker = row.status === 'ending' ? row.endAskedBy : row.givenBy
  return people.filter((one) => one !== row.person && one !== asker)
}
const linkTo = ({ id }: AssignmentRow): string => `/r/${resource}/${id}`
export async function tellOfWaiting(kernel: Kernel, ctx: Context, people: readonly string[], row: AssignmentRow): Promise<void> {
  const isGiven = row.status === 'waiting'
  const by = ctx.directory.nameOf(isGiven ? row.givenBy : row.endAskedBy)
  await tell(ctx, people, {
    kind: 'security',
    title: isGiven ? '角色授予待同意' : '角色收回待同意',
    body: `${by}提出${isGiven ? '授予' : '收回'}${await sentence(kernel, ctx, row)}，须由您同意后生效`,
    link: linkTo(row),
    onceKey: `role/${row.id}/${row.version}`,
  })
}
async function tellOutcome(kernel: Kernel, tx: Context, people: readonly string[], row: AssignmentRow, outcome: string): Promise<void> {
  await tell(tx, people, {
    kind: 'security',
    title: `角色${outcome}`,
    body: `${await sentence(kernel, tx, row)}${outcome}`,
    link: linkTo(row),
  })
}
