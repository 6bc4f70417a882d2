import { invalid, isDay, Refusal, today, type ClosingAct, type ClosingItem } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { closedThrough, holdClosing, periodDaySql } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** Every type with periods that the actor may read or close, and what was closed and opened again. */
export async function listClosings(kernel: Kernel, ctx: Context): Promise<ClosingItem[]> {
  kernel.access.needUse(ctx.actor, 'closing.read')
  const items: ClosingItem[] = []
  for (const r of kernel.defs.resources.values()) {
    // A type that extends another is closed with it.
    if (!r.closing || r.table !== r.name) continue
    const mayClose = kernel.access.can(ctx.actor, 'close', r.name) !== null
    if (!mayClose && !kernel.access.can(ctx.actor, 'read', r.name)) continue
    const c = kernel.resource(r.name)
    const acts = await ctx.db.query<Omit<ClosingAct, 'byName'> & { by: string }>(
      `SELECT act, through, reason, at, by_person AS by FROM kernel.closing WHERE resource = $1 ORDER BY seq DESC LIMIT 100`,
      [r.name],
    )
    items.push({
      resource: r.name,
      label: r.label,
      dateLabel: r.fields[r.closing.date]!.label,
      closed: await closedThrough(ctx, c),
      mayClose,
      acts: acts.map(({ by, ...act }) => ({ ...act, byName: ctx.directory.nameOf(by) || '已离开的人员' })),
    })
  }
  return items
}

/** Closes a type up to a day, or opens it again back to an earlier one (null: wholly); with a reason, audited. */
export async function moveClosing(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const c = kernel.resource(resource)
  kernel.access.need(ctx.actor, 'close', resource)
  if (!c.r.closing) throw new Refusal('badRequest', `“${c.r.label}”不按期间封账`)
  const { act, through = null, reason } = given
  const why = typeof reason === 'string' ? reason.trim() : ''
  if (act !== 'close' && act !== 'reopen') throw new Refusal('badRequest')
  const problems = why && why.length <= 200 ? [] : [{ field: 'reason', message: '请填写理由，不超过 200 字' }]
  if (through !== null && !isDay(through)) problems.push({ field: 'through', message: '请填写日期' })
  if (act === 'close' && through === null) problems.push({ field: 'through', message: '请填写封到哪一天' })
  if (act === 'close' && isDay(through) && through > today(ctx.clock)) problems.push({ field: 'through', message: '还没到的日子不能封账' })
  if (problems.length) throw invalid(problems)
  const day = through as string | null
  await kernel.transaction(ctx, async (tx) => {
    await holdClosing(tx, c)
    const closed = await closedThrough(tx, c)
    if (act === 'close' && closed && day! <= closed.through) throw invalid([{ field: 'through', message: `已封账到 ${closed.through}，请选择更晚的日期` }])
    if (act === 'reopen' && !closed) throw new Refusal('flowRefused', `“${c.r.label}”现在没有封账`)
    if (act === 'reopen' && day !== null && day >= closed!.through) throw invalid([{ field: 'through', message: `现在封账到 ${closed!.through}，解封后须早于这一天` }])
    if (act === 'close') await refuseOpenApprovals(tx, c, day!)
    await tx.db.query(`INSERT INTO kernel.closing (resource, act, through, reason, at, by_person) VALUES ($1, $2, $3::date, $4, $5, $6::uuid)`, [
      c.r.table, act, day, why, tx.clock.now().toISOString(), personOf(tx.actor),
    ])
    await audit(tx, { act: `closing.${act}`, outcome: 'done', resource: c.r.name, detail: { through: day, before: closed?.through ?? null, reason: why } })
  })
} // prettier-ignore
/** What still waits for a decision could never come into force: it is settled before its period is closed. */
async function refuseOpenApprovals(ctx: Context, c: CompiledResource, through: string): Promise<void> {
  const day = periodDaySql(c)
  const [row] = await ctx.db.query<{ pending: number; changes: number }>(
    `SELECT (SELECT count(*)::int FROM ${c.table} t WHERE t.state = 'pending' AND t.deleted_at IS NULL AND ${day} <= $1::date) AS pending,
       (SELECT count(DISTINCT r.record)::int FROM kernel.change_request r JOIN ${c.table} t ON t.id = r.record WHERE r.state = 'open' AND ${day} <= $1::date) AS changes`,
    [through],
  )
  const { pending, changes } = row!
  const said = [pending ? `${pending} 条记录正在审批` : '', changes ? `${changes} 条记录的变更正在审批` : ''].filter(Boolean).join('、')
  if (said) throw new Refusal('flowRefused', `${through} 以前还有${said}，请先办结再封账`, { pending, changes })
}
