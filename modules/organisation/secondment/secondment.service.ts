import { isDay, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { getRecord } from '#kernel/server/records/read.ts'
import { heldOn } from '#kernel/server/records/timeline.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { revoke } from '../movement/movement.service.ts'

const name = 'organisation.secondment'
type Values = Readonly<Record<string, unknown>>
const how = { byModule: true, system: true, act: 'secondment' } as const

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored) return []
  const { person, toUnit, from, to } = values as Record<'person' | 'toUnit' | 'from' | 'to', string>
  const file = await loadRecord(kernel, ctx, kernel.resource('directory.person'), person, { lock: true })
  if (!file) return [{ field: 'person', message: '没有这个人员' }]
  const held = await heldOn(kernel, ctx, kernel.resource('directory.person'), person, from)
  if (held['status'] === 'left') return [{ field: 'person', message: '该人员那时已离职' }]
  if (toUnit && held['unit'] === toUnit) return [{ field: 'toUnit', message: '就是他那时所在的科室' }]
  const elsewhere = await overlapping(ctx, person, from, to, null)
  if (elsewhere) return [{ field: 'from', message: elsewhere }]
  const unit = toUnit ? await loadRecord(kernel, ctx, kernel.resource('directory.unit'), toUnit) : null
  const [opens, ends] = [unit?.['from'], unit?.['to']] as (string | null | undefined)[]
  if (ends && ends < to) return [{ field: 'toUnit', message: `该科室 ${ends} 停用` }]
  return opens && opens > from ? [{ field: 'toUnit', message: `该科室 ${opens} 才启用` }] : []
}
/** Where else he is lent to in this time, in words. */
async function overlapping(ctx: Context, person: string, from: string, to: string, but: string | null): Promise<string | null> {
  const [other] = await ctx.db.query<{ from: string; to: string; number: string }>(
    `SELECT "from", "to", number FROM organisation.secondment WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "from" <= $3::date AND "to" >= $2::date AND id IS DISTINCT FROM $4::uuid ORDER BY "from" LIMIT 1`,
    [person, from, to, but],
  )
  return other ? `与 ${other.number}（${other.from} 至 ${other.to}）重叠` : null
} // prettier-ignore

/** Within the house he gets a post in the other unit for the time, and with it what the unit's people may; outside he is away. */
async function carryOut(kernel: Kernel, ctx: Context, lent: ApiRecord): Promise<void> {
  const { person, toUnit, from, to } = lent
  // As he belonged on the day, not as he does now.
  const held = await heldOn(kernel, ctx, kernel.resource('directory.person'), person as string, from as string)
  const kept: Record<string, unknown> = { fromUnit: held['unit'] ?? null }
  if (lent['direction'] === 'inside') {
    const post = { person, unit: toUnit, post: 'member', main: false, from, to }
    kept['membership'] = (await createRecord(kernel, ctx, 'directory.membership', post, how)).record.id
  } else {
    const draft = { person, kind: 'away', away: 'seconded', from, until: to, reason: lent['institution'] }
    kept['movement'] = (await createRecord(kernel, ctx, 'organisation.movement', draft, how)).record.id
  }
  await updateRecordOf(kernel, ctx, name, lent.id, lent.version, kept, how)
  await inform(ctx, { ...lent, ...kept }, `${String(from)} 至 ${String(to)}`)
}
async function inform(ctx: Context, lent: ApiRecord, body: string): Promise<void> {
  const whither = lent['toUnit'] ? ctx.directory.unitName(lent['toUnit'] as string) : String(lent['institution'])
  const units = [lent['fromUnit'], lent['toUnit']].filter((one): one is string => typeof one === 'string')
  const told = new Set([lent['person'] as string, ...units.flatMap((unit) => ctx.directory.headsOf(unit, today(ctx.clock)))])
  told.delete(personOf(ctx.actor) ?? '')
  const title = `支援与借调：${ctx.directory.nameOf(lent['person'] as string)} 到${whither}`
  await tell(ctx, [...told], { kind: 'result', title, body, link: `/r/${name}/${lent.id}` })
}

interface Term {
  version: number
  /** The last day; null takes back what has not begun. */
  to: string | null
  reason: string
}
/** Another last day, earlier or later, or taken back before it begins; the post and the absence follow in the same act. */
export async function changeTerm(kernel: Kernel, ctx: Context, id: string, { version, to, reason }: Term): Promise<void> {
  await getRecord(kernel, ctx, name, id)
  kernel.access.need(ctx.actor, 'create', name)
  await kernel.transaction(ctx, async (tx) => {
    const lent = await loadRecord(kernel, tx, kernel.resource(name), id, { lock: true })
    if (lent?.['status'] !== 'active') throw new Refusal('flowRefused', '这次支援已经撤销')
    const from = lent['from'] as string
    if (to === null && from <= today(tx.clock)) throw new Refusal('flowRefused', '已经开始，不能撤销；请提前结束')
    if (to !== null && to < from) throw new Refusal('badRequest', `不能早于开始日期 ${from}`)
    const elsewhere = to && (await overlapping(tx, lent['person'] as string, from, to, id))
    if (elsewhere) throw new Refusal('flowRefused', elsewhere)
    await follow(kernel, tx, lent, to)
    const changes = to === null ? { status: 'revoked' } : { to }
    await updateRecordOf(kernel, tx, name, id, version, { ...changes, termReason: reason }, { ...how, act: 'secondment.term' })
    await inform(tx, lent, to === null ? `撤销：${reason}` : `改为 ${from} 至 ${to}：${reason}`)
  })
}
async function follow(kernel: Kernel, ctx: Context, lent: ApiRecord, to: string | null): Promise<void> {
  const held = lent['membership'] as string | null
  const membership = held ? await loadRecord(kernel, ctx, kernel.resource('directory.membership'), held) : null
  if (membership && to === null) await setDeleted(kernel, ctx, 'directory.membership', membership.id, true, membership.version, how)
  else if (membership) await updateRecordOf(kernel, ctx, 'directory.membership', membership.id, membership.version, { to }, how)
  if (!lent['movement']) return
  const [movement] = await ctx.db.query<{ id: string; version: number }>(`SELECT id, version FROM organisation.movement WHERE id = $1::uuid`, [lent['movement']])
  if (to === null) return revoke(kernel, ctx, movement!.id, { version: movement!.version, reason: '支援撤销' })
  await updateRecordOf(kernel, ctx, 'organisation.movement', movement!.id, movement!.version, { until: to }, how)
} // prettier-ignore

export default service({
  name,
  checks: { [name]: check },
  begins: { [name]: carryOut },
  routes({ app, kernel, contextOf }) {
    app.post<{ Params: { id: string } }>('/api/organisation/secondments/:id/term', { config: { who: 'signedIn' } }, async (request) => {
      const ctx = await contextOf(request)
      const { version, to, reason } = bodyOf(request)
      if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
      if (to !== null && (typeof to !== 'string' || !isDay(to))) throw new Refusal('badRequest', '请填写结束日期')
      if (typeof reason !== 'string' || !reason.trim()) throw new Refusal('badRequest', '请填写原因')
      await changeTerm(kernel, ctx, needId(request.params.id), { version, to, reason: reason.trim().slice(0, 200) })
      return getRecord(kernel, ctx, name, request.params.id)
    })
  },
})
