import { addDays, addMonths, invalid, isDay, isUuid, Refusal, today, type FieldProblem } from '#model'
import { type Context, personOf } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { grantMonths } from './grant.service.ts'

/** 取消 is neutral, 吊销 a sanction, 自主退出 the holder's own wish; each keeps its reason and basis. 暂停 is an order of its own (suspension). */
const endings = {
  withdraw: { status: 'withdrawn', label: '取消', own: false },
  revoke: { status: 'revoked', label: '吊销', own: false },
  resign: { status: 'resigned', label: '自主退出', own: true },
} as const
type Ending = keyof typeof endings

/** Ends a grant from a day on. The holder may only resign, and only his own. */
export async function endGrant(
  kernel: Kernel,
  ctx: Context,
  id: string,
  ending: Ending,
  given: { version: number; reason: string; from?: string; basisNumber?: string },
): Promise<void> {
  const spec = endings[ending]
  const c = kernel.resource('privileges.grant')
  await kernel.transaction(ctx, async (tx) => {
    const grant = await loadRecord(kernel, tx, c, id)
    const isHolder = grant !== null && grant['practitioner'] === personOf(ctx.actor)
    if (!grant || (spec.own ? !isHolder : !kernel.access.mayUse(ctx.actor, 'privileges.manage'))) throw new Refusal('notFound')
    if (grant['status'] !== 'active' && grant['status'] !== 'suspended') throw new Refusal('flowRefused', '该授权已经终止')
    const from = given.from ?? today(ctx.clock)
    if (from < today(ctx.clock)) throw invalid([{ field: 'from', message: '终止日期不能早于今天' }])
    const changes = {
      status: spec.status,
      endedOn: from,
      reason: given.reason,
      ...(given.basisNumber ? { basisNumber: given.basisNumber } : {}),
    }
    await updateRecordOf(kernel, tx, 'privileges.grant', id, given.version, changes, { byModule: true, act: ending })
    const procedure = await loadRecord(kernel, tx, kernel.resource('privileges.procedure'), grant['procedure'] as string, { deleted: true })
    const told = spec.own ? ctx.directory.peopleWithRole('medicalOffice', today(ctx.clock)) : [grant['practitioner'] as string]
    const title = `${spec.label}手术授权：${String(procedure?.['name'] ?? '')}（${ctx.directory.nameOf(grant['practitioner'] as string)}）`
    await tell(tx, told, { kind: 'result', title, body: `自 ${from} 起。${given.reason}`, link: `/r/privileges.grant/${id}` })
  })
}

/** The office grants directly, with a basis: no application stands behind it. */
async function grantDirectly(kernel: Kernel, ctx: Context, body: Record<string, unknown>): Promise<{ granted: string[] }> {
  const { practitioner, procedures, from = today(ctx.clock), to, mode = 'item', basisNumber, basisScan } = body
  const problems: FieldProblem[] = []
  if (!isUuid(practitioner)) problems.push({ field: 'practitioner', message: '请选择医务人员' })
  const list = Array.isArray(procedures) ? [...new Set(procedures.filter(isUuid))] : []
  if (list.length === 0) problems.push({ field: 'procedures', message: '请选择手术' })
  if (!isDay(from)) problems.push({ field: 'from', message: '请填写开始日期' })
  if (to !== undefined && to !== null && (!isDay(to) || (isDay(from) && to < from))) problems.push({ field: 'to', message: '结束日期不对' })
  if (typeof basisNumber !== 'string' || !basisNumber.trim()) problems.push({ field: 'basisNumber', message: '请填写依据文号' })
  if (problems.length) throw invalid(problems)
  return kernel.transaction(ctx, async (tx) => {
    const granted: string[] = []
    const [counter] = await tx.db.query<{ value: number }>(
      `INSERT INTO kernel.counter VALUES ('privileges.grant.direct', 1) ON CONFLICT (name) DO UPDATE SET value = kernel.counter.value + 1 RETURNING value`,
    )
    for (const [i, procedure] of list.entries()) {
      const listed = await loadRecord(kernel, tx, kernel.resource('privileges.procedure'), procedure)
      const [running] = await tx.db.query(
        `SELECT 1 FROM privileges.grant WHERE practitioner = $1::uuid AND procedure = $2::uuid AND status IN ('active', 'suspended') AND deleted_at IS NULL AND coalesce("to", 'infinity') >= $3::date`,
        [practitioner, procedure, from],
      )
      if (!listed || running)
        throw invalid([{ field: `procedures.${i}`, message: listed ? `${String(listed['name'])}已有有效授权` : '手术不存在' }])
      const { record } = await createRecord(
        kernel,
        tx,
        'privileges.grant',
        {
          number: `ZJ-${(from as string).slice(0, 4)}-${String(counter!.value).padStart(5, '0')}-${String(i + 1).padStart(2, '0')}`, practitioner, unit: ctx.directory.people.get(practitioner as string)?.unit ?? null, procedure, level: listed['level'], mode,
          from, to: to ?? addDays(addMonths(from as string, grantMonths), -1), status: 'active', basisNumber, basisDate: today(ctx.clock), basisScan: Array.isArray(basisScan) ? basisScan : [],
        },
        { byModule: true, act: 'grant' },
      ) // prettier-ignore
      granted.push(record.id)
    }
    await tell(tx, [practitioner as string], {
      kind: 'result',
      title: `授予手术授权 ${granted.length} 项`,
      body: `依据 ${String(basisNumber)}`,
      link: '/r/privileges.grant',
    })
    return { granted }
  })
}

function routes({ app, kernel, contextOf }: Server): void {
  app.post<{ Params: { id: string; ending: string } }>(
    '/api/privileges/grants/:id/:ending',
    { config: { who: 'signedIn' } },
    async (request) => {
      const { id, ending } = request.params
      if (!Object.hasOwn(endings, ending)) throw new Refusal('unknownRoute')
      const { version, reason, from, basisNumber } = bodyOf(request)
      if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
      if (typeof reason !== 'string' || !reason.trim()) throw invalid([{ field: 'reason', message: '请填写原因' }])
      await endGrant(kernel, await contextOf(request), needId(id), ending as Ending, {
        version,
        reason: reason.trim().slice(0, 500),
        ...(isDay(from) ? { from } : {}),
        ...(typeof basisNumber === 'string' ? { basisNumber } : {}),
      })
      return { done: true }
    },
  )
  app.post('/api/privileges/grants', { config: { who: { right: 'privileges.manage' } } }, async (request, reply) => {
    reply.status(201)
    return grantDirectly(kernel, await contextOf(request), bodyOf(request))
  })
}

export default service({ name: 'privileges.grantActs', routes })
