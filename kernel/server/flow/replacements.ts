import { v7 as uuidv7 } from 'uuid'
import { invalid, isUuid, Refusal, type FieldProblem, type FlowMoveAnswer, type FlowReplacementItem } from '#model'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentVersion, flowsInForce } from './in-force.ts'
import { lockInstance } from './instances.ts'
import { each, moveOne, runningWith } from './versions.ts'

/** All replacements of people in definitions, the latest first. */
export async function listReplacements(ctx: Context): Promise<FlowReplacementItem[]> {
  const rows = await ctx.db.query<{
    id: string
    from: string
    to: string
    reason: string
    at: string
    by: string
    ended_at: string | null
  }>(
    `SELECT id, from_person AS "from", to_person AS "to", reason, at, by, ended_at FROM kernel.flow_replacement ORDER BY at DESC, id DESC LIMIT 200`,
  )
  const named = (id: string) => ({ id, name: ctx.directory.nameOf(id) })
  return rows.map(({ id, from, to, reason, at, by, ended_at: endedAt }) => ({
    id,
    from: named(from),
    to: named(to),
    reason,
    at,
    byName: ctx.directory.nameOf(by),
    endedAt,
  }))
}

/** Puts one person in place of another in every definition; what runs and waits for him follows at once, each with its result. */
export async function replaceInFlows(kernel: Kernel, ctx: Context, given: Record<string, unknown>): Promise<FlowMoveAnswer> {
  const { from, to } = given
  const reason = typeof given['reason'] === 'string' ? given['reason'].trim().slice(0, 200) : ''
  const problems: FieldProblem[] = []
  if (!isUuid(from) || !ctx.directory.people.has(from)) problems.push({ field: 'from', message: '请选择被替换的人' })
  if (!isUuid(to) || !ctx.directory.isActive(to)) problems.push({ field: 'to', message: '请选择在职的接替人' })
  else if (to === from) problems.push({ field: 'to', message: '接替人不能是本人' })
  if (!reason) problems.push({ field: 'reason', message: '请填写原因' })
  if (problems.length) throw invalid(problems)
  await kernel.transaction(ctx, async (tx) => {
    const names: string[] = []
    for (const name of (await flowsInForce(kernel)).keys())
      if (JSON.stringify((await currentVersion(kernel, tx, name)).definition).includes(from as string)) names.push(name)
    if (names.length === 0) throw invalid([{ field: 'from', message: '没有流程指名由此人审批' }])
    await tx.db.query(`INSERT INTO kernel.flow_replacement (id, from_person, to_person, reason, at, by) VALUES ($1, $2, $3, $4, $5, $6)`, [
      uuidv7(), from, to, reason, tx.clock.now().toISOString(), personOf(tx.actor),
    ]) // prettier-ignore
    await audit(tx, { act: 'flow.replace', outcome: 'done', detail: { from, to, reason, flows: names } })
  })
  // After the commit: from now on whatever begins has the new person, so nothing slips between. The new versions are stored before anything moves.
  for (const name of (await flowsInForce(kernel)).keys()) await currentVersion(kernel, ctx, name)
  return each(kernel, ctx, await runningWith(kernel, ctx, from as string), async (tx, id) => {
    const { instance } = await lockInstance(kernel, tx.db, id, null)
    await moveOne(kernel, tx, instance)
    return '已改由接替人审批'
  })
}

/** Ends a replacement: what begins from now on follows the declaration again; what runs stays as it is. */
export async function endReplacement(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ from_person: string; to_person: string }>(
      `UPDATE kernel.flow_replacement SET ended_at = $2, ended_by = $3 WHERE id = $1::uuid AND ended_at IS NULL RETURNING from_person, to_person`,
      [id, tx.clock.now().toISOString(), personOf(tx.actor)],
    )
    if (!row) throw new Refusal('notFound')
    await audit(tx, { act: 'flow.replaceEnd', outcome: 'done', detail: { from: row.from_person, to: row.to_person } })
  })
}
