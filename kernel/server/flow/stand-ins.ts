import { v7 as uuidv7 } from 'uuid'
import { invalid, isDay, isUuid, Refusal, today, type FieldProblem, type StandInItem } from '#model'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { flowsInForce } from './in-force.ts'

/** 委托: `deputy` acts in `person`'s name from one day to another, in the flows named or in all (null). */
export interface StandIn {
  id: string
  person: string
  deputy: string
  from: string
  to: string
  flows: string[] | null
  reason: string
}
const columns = `id, person, deputy, "from", "to", flows, reason`
const running = `ended_at IS NULL AND "from" <= $2::date AND "to" >= $2::date`

/** The rules by which this person acts for others today. */
export const rulesOfDeputy = (ctx: Pick<Context, 'db' | 'clock'>, deputy: string): Promise<StandIn[]> =>
  ctx.db.query<StandIn>(`SELECT ${columns} FROM kernel.stand_in WHERE deputy = $1::uuid AND ${running}`, [deputy, today(ctx.clock)])
export const covers = (rule: StandIn, flow: string): boolean => rule.flows === null || rule.flows.includes(flow)

const held = new WeakMap<Kernel, { rules: Promise<StandIn[]>; day: string; until: number }>()
const holdMs = 2000
/** Those who act for any of these people in a flow today, so that they are told as well. Known two seconds late at most: it decides messages, never rights. */
export async function deputiesOf(kernel: Kernel, ctx: Pick<Context, 'clock'>, people: readonly string[], flow: string): Promise<StandIn[]> {
  if (people.length === 0) return []
  const day = today(ctx.clock)
  let known = held.get(kernel)
  if (!known || known.day !== day || performance.now() > known.until) {
    const rules = kernel.db.aside.query<StandIn>(
      `SELECT ${columns} FROM kernel.stand_in WHERE ended_at IS NULL AND "from" <= $1::date AND "to" >= $1::date`,
      [day],
    )
    held.set(kernel, (known = { rules, day, until: performance.now() + holdMs }))
    rules.catch(() => held.delete(kernel))
  }
  return (await known.rules).filter((rule) => people.includes(rule.person) && covers(rule, flow))
}

/** The rules that a person gave or holds, the ones to come and those of the last half year too. */
export async function listStandIns(ctx: Context): Promise<StandInItem[]> {
  const me = personOf(ctx.actor)
  const rows = await ctx.db.query<StandIn & { ended: string | null }>(
    `SELECT ${columns}, ended_at AS ended FROM kernel.stand_in WHERE (person = $1::uuid OR deputy = $1::uuid) AND "to" >= $2::date - 180 ORDER BY "from" DESC, id DESC LIMIT 200`,
    [me, today(ctx.clock)],
  )
  const day = today(ctx.clock)
  return rows.map(({ ended, ...rule }) => ({
    ...rule,
    personName: ctx.directory.nameOf(rule.person),
    deputyName: ctx.directory.nameOf(rule.deputy),
    state: ended || rule.to < day ? 'ended' : rule.from > day ? 'coming' : 'running',
    mine: rule.person === me,
  }))
}

/** Makes a rule for oneself. Circles and doubled periods are refused at their place. */
export async function createStandIn(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<{ id: string }> {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight')
  const { deputy, from, to, flows, reason } = given
  const problems: FieldProblem[] = []
  const wrong = (field: string, message: string) => problems.push({ field, message })
  if (!isUuid(deputy) || !ctx.directory.isActive(deputy)) wrong('deputy', '请选择在职人员')
  else if (deputy === person) wrong('deputy', '不能委托给自己')
  if (!isDay(from)) wrong('from', '请填写开始日期')
  if (!isDay(to)) wrong('to', '请填写结束日期')
  else if (isDay(from) && to < from) wrong('to', '结束日期不能早于开始日期')
  else if (to < today(ctx.clock)) wrong('to', '结束日期已过')
  const known = [...(await flowsInForce(kernel)).keys()]
  if (
    flows !== null &&
    flows !== undefined &&
    !(Array.isArray(flows) && flows.length > 0 && flows.every((f) => known.includes(f as string)))
  )
    wrong('flows', '请选择委托的审批')
  if (problems.length) throw invalid(problems)
  const rule: StandIn = {
    id: uuidv7(), person, deputy: deputy as string, from: from as string, to: to as string,
    flows: Array.isArray(flows) ? (flows as string[]) : null, reason: typeof reason === 'string' ? reason.trim().slice(0, 200) : '',
  } // prettier-ignore
  return kernel.transaction(ctx, async (tx) => {
    // Two people who stand in for each other at the same instant would make a circle that neither sees.
    await tx.db.query(`SELECT pg_advisory_xact_lock(7013004)`)
    await refuseCircle(tx, rule)
    await tx.db.query(`INSERT INTO kernel.stand_in (${columns}, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $2)`, [
      rule.id, person, rule.deputy, rule.from, rule.to, rule.flows, rule.reason, tx.clock.now().toISOString(),
    ]) // prettier-ignore
    await tell(tx, [rule.deputy], { kind: 'task', title: `${tx.directory.nameOf(person)} 委托您代为审批`, body: `${rule.from} 至 ${rule.to}${rule.reason ? ` · ${rule.reason}` : ''}`, link: '/tasks' }) // prettier-ignore
    await audit(tx, { act: 'standIn.create', outcome: 'done', detail: { ...rule } })
    return { id: rule.id }
  })
}
/** A follows B follows … back to A, in days and flows that they share, is a circle; so is a second deputy for the same days and flows. */
async function refuseCircle(ctx: Context, rule: StandIn): Promise<void> {
  const rules = await ctx.db.query<StandIn>(`SELECT ${columns} FROM kernel.stand_in WHERE ended_at IS NULL AND "from" <= $2::date AND "to" >= $1::date`, [rule.from, rule.to]) // prettier-ignore
  const meets = (one: StandIn, other: StandIn) =>
    one.from <= other.to && other.from <= one.to && (!one.flows || !other.flows || one.flows.some((f) => other.flows!.includes(f)))
  const second = rules.find((one) => one.person === rule.person && meets(one, rule))
  if (second)
    throw invalid([{ field: 'from', message: `这段时间已委托给 ${ctx.directory.nameOf(second.deputy)}（${second.from} 至 ${second.to}）` }])
  const reached = new Set([rule.deputy])
  for (const person of reached) for (const next of rules) if (next.person === person && meets(next, rule)) reached.add(next.deputy)
  if (reached.has(rule.person))
    throw invalid([{ field: 'deputy', message: `${ctx.directory.nameOf(rule.deputy)} 在这段时间也（直接或间接）委托给了您，不能互相委托` }])
}

/** Ends a rule that one gave; what is undecided goes back to its person at once. */
export async function endStandIn(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const ended = await tx.db.query(
      `UPDATE kernel.stand_in SET ended_at = $3 WHERE id = $1::uuid AND person = $2::uuid AND ended_at IS NULL RETURNING id`,
      [id, personOf(ctx.actor), tx.clock.now().toISOString()],
    )
    if (!ended.length) throw new Refusal('notFound')
    await audit(tx, { act: 'standIn.end', outcome: 'done', detail: { id } })
  })
}
