import { emergencyRight, Refusal, today, type EmergencyEnd, type EmergencyVerdict, invalid } from '#model'
import { contextOfPerson } from '../access/person-context.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { addTodo, closeTodos } from '../messages/todos.ts'
import { updateRecordOf } from '../records/write.ts'
import { reviewTodo } from './open.ts'
import { accessesWhere, endAccess, headsOver, lockAccess, officersOf, resource, type AccessRow } from './rows.ts'

/** Ends one's own access before its time. */
export async function endOwnEmergency(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await lockAccess(tx, id)
    if (!row || row.person !== personOf(tx.actor)) throw new Refusal('notFound')
    if (row.status !== 'open') throw new Refusal('flowRefused', '这次应急访问已经结束')
    await endAccess(kernel, tx, row, isOver(row, tx) ? 'expired' : 'byHand')
  })
}
const isOver = ({ until }: AccessRow, { clock }: Pick<Context, 'clock'>): boolean => new Date(until) <= clock.now()

/** Ends what is over, and at once what somebody holds who works here no more, whose account was stopped or who has lost the right. */
export async function endStopped(kernel: Kernel): Promise<void> {
  const open = await accessesWhere(kernel, `status = 'open'`, [])
  if (open.length === 0) return
  const ctx = await kernel.context({ kind: 'system', reason: '应急访问' }, 'system')
  for (const { id, person } of open)
    await kernel.transaction(ctx, async (tx) => {
      const row = await lockAccess(tx, id)
      const end: EmergencyEnd | null = row && isOver(row, tx) ? 'expired' : (await mayStill(kernel, person)) ? null : 'stopped'
      if (row?.status === 'open' && end) await endAccess(kernel, tx, row, end)
    })
}
async function mayStill(kernel: Kernel, person: string): Promise<boolean> {
  const ctx = await contextOfPerson(kernel, person, 'system')
  if (!ctx || !kernel.access.mayUse(ctx.actor, emergencyRight)) return false
  const [account] = await kernel.db.query(`SELECT 1 FROM security.account WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL`, [person]) // prettier-ignore
  return account !== undefined
}

/** A security officer's finding; never of what he opened himself. One that finds no ground for it ends what is still open. */
export async function reviewEmergency(kernel: Kernel, ctx: Context, id: string, verdict: EmergencyVerdict, words: string): Promise<void> {
  const review = words.trim()
  if (!review) throw invalid([{ field: 'review', message: '请写明复核意见' }])
  await kernel.transaction(ctx, async (tx) => {
    const row = await lockAccess(tx, id)
    if (!row) throw new Refusal('notFound')
    if (row.person === personOf(tx.actor)) throw new Refusal('noRight', '自己的应急访问由另一位安全管理员复核')
    if (row.status !== 'open' && row.status !== 'ended') throw new Refusal('flowRefused', '已有人复核')
    const isRunning = row.status === 'open' && !isOver(row, tx)
    if (isRunning && verdict === 'justified') throw new Refusal('flowRefused', '访问还没有结束，结束后再确认理由成立')
    const version = row.status === 'open' ? await endAccess(kernel, tx, row, isRunning ? 'review' : 'expired') : row.version
    const changes = { status: verdict, review, reviewer: personOf(tx.actor), reviewedAt: tx.clock.now().toISOString() }
    await updateRecordOf(kernel, tx, resource, id, version, changes, { byModule: true, act: 'emergency.review' })
    await closeTodos(tx, id, reviewTodo(row, '').onceKey)
    await tellVerdict(tx, row, verdict, review)
  })
}
async function tellVerdict(tx: Context, row: AccessRow, verdict: EmergencyVerdict, review: string): Promise<void> {
  const record = `${row.recordLabel}“${row.recordTitle}”`
  const link = `/r/${resource}/${row.id}`
  if (verdict === 'justified')
    return tell(tx, [row.person], { kind: 'security', title: '您的应急访问已复核：理由成立', body: `${record}。${review}`, link })
  await tell(tx, [row.person], { kind: 'security', title: '您的应急访问经复核，理由不成立', body: `${record}。复核意见：${review}`, link })
  const name = tx.directory.nameOf(row.person)
  const heads = headsOver(tx, row.person).filter((one) => row.told?.includes(one))
  await tell(tx, heads, { kind: 'security', title: `${name}的应急访问经复核，理由不成立`, body: `${record}。复核意见：${review}`, link })
}

/** What nobody has reviewed within its hours is told again each day, also to the officers of audit. */
export async function tellOverdue(kernel: Kernel): Promise<void> {
  const overdue = await accessesWhere(kernel, `status IN ('open', 'ended') AND review_due <= $1`, [kernel.clock.now().toISOString()])
  if (overdue.length === 0) return
  const ctx = await kernel.context({ kind: 'system', reason: '应急访问' }, 'system')
  const [security, auditors] = [officersOf(kernel, ctx, 'security'), officersOf(kernel, ctx, 'audit')]
  const day = today(ctx.clock)
  for (const row of overdue)
    await kernel.transaction(ctx, async (tx) => {
      const name = tx.directory.nameOf(row.person)
      const message = { kind: 'security' as const, title: '应急访问超过 24 小时没有复核', body: `${name}查看${row.recordLabel}“${row.recordTitle}”：${row.reason}`, link: `/r/${resource}/${row.id}`, onceKey: `${resource}/${row.id}/overdue/${day}` }
      await tell(tx, [...security, ...auditors], message)
      await addTodo(tx, security, reviewTodo(row, name), true)
    })
} // prettier-ignore

/** What time brings about: ends, and reviews that are owed. */
export async function sweepEmergencies(kernel: Kernel): Promise<void> {
  await endStopped(kernel)
  await tellOverdue(kernel)
}
