import { both, invalid, is, isUuid, Refusal, today, type FieldProblem } from '#model'
import { planningOf } from '#kernel/server/clock/planning.ts'
import { type Context, personOf } from '#kernel/server/context.ts'
import { donePrepared, keepPrepared, preparedDraft, preparedForms, takePrepared } from '#kernel/server/flow/prepared.ts'
import { submit } from '#kernel/server/flow/submit.ts'
import type { Server } from '#kernel/server/http/server.ts'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { reaches } from '#kernel/server/records/rights-over.ts'
import { service } from '#kernel/server/service.ts'
import { searchText } from '#kernel/server/store/search.ts'
import type { TitleLevel } from '../check/codes.rules.ts'
import { keepsTitle, titleRuleOf } from '../check/title.rules.ts'
import { admissionRule } from './application.limits.rules.ts'
import { notApplicable, type ApplicableProcedure } from './application.rules.ts'

interface Line {
  id: string
  code: string
  name: string
  alias: string | null
  level: ApplicableProcedure['level']
  title_condition: TitleLevel | null
  restricted: boolean | null
  often: boolean | null
  grant_id: string | null
  grant_to: string | null
  instance: string | null
  number: string | null
}

/** The department's list as this surgeon sees it: granted, waiting, over his level, restricted. */
export async function applicableProcedures(kernel: Kernel, ctx: Context, practitioner: string): Promise<ApplicableProcedure[]> {
  const person = await loadRecord(kernel, ctx, kernel.resource('staff.practitioner'), practitioner)
  if (!person) throw new Refusal('notFound', '没有这位医务人员')
  const units = ctx.directory.unitsOf(practitioner, today(ctx.clock)).flatMap((u) => ctx.directory.pathOf(u))
  // One row a procedure, with the longest running grant and the newest open request.
  const lines = await ctx.db.query<Line>(
    `SELECT DISTINCT ON (p.id) p.id, p.code, p.name, p.alias, coalesce(d.level, p.level) AS level, p.title_condition, p.restricted, d.often, g.id AS grant_id, g."to" AS grant_to, w.instance, w.number
     FROM privileges.department_procedure d JOIN privileges.procedure p ON p.id = d.procedure
     LEFT JOIN LATERAL (SELECT id, "to" FROM privileges.grant g WHERE g.practitioner = $1::uuid AND g.procedure = p.id AND g.status IN ('active', 'suspended') AND g.deleted_at IS NULL
       AND coalesce(g."to", 'infinity') >= $3::date ORDER BY coalesce(g."to", 'infinity') DESC LIMIT 1) g ON true
     LEFT JOIN LATERAL (SELECT f.id AS instance, f.number FROM kernel.flow_instance f JOIN privileges.application__items i ON i.parent = f.record
       WHERE f.applicant = $1::uuid AND f.status IN ('running', 'returned') AND f.resource = 'privileges.application' AND i.procedure = p.id AND f.state->'items'->(i.id::text)->>'state' <> 'refused' LIMIT 1) w ON true
     WHERE d.unit = ANY($2::uuid[]) AND d.enabled IS NOT FALSE AND d.deleted_at IS NULL AND p.enabled IS NOT FALSE AND p.deleted_at IS NULL
     ORDER BY p.id, d.often DESC NULLS LAST`,
    [practitioner, units, today(ctx.clock)],
  )
  const rules = (await planningOf(kernel)).bindingOf(
    admissionRule.key,
    today(ctx.clock),
    ctx.directory.people.get(practitioner)?.unit ?? null,
  )
  const held = (person['titleLevel'] ?? null) as TitleLevel | null
  return lines
    .map((line) => {
      const rule = line.level && titleRuleOf(rules, line.level)
      return {
        id: line.id, code: line.code, name: line.name, alias: line.alias, level: line.level, restricted: line.restricted === true, often: line.often === true,
        search: [searchText([line.name, line.alias]), line.code.toLowerCase()].join(' '), granted: line.grant_id ? { id: line.grant_id, to: line.grant_to } : null,
        pending: line.instance ? { instance: line.instance, number: line.number! } : null, overLevel: keepsTitle(held, line.title_condition, rule) === false,
      } // prettier-ignore
    })
    .sort((a, b) => Number(b.often) - Number(a.often) || (a.code < b.code ? -1 : 1))
}

/** Lines that may not be applied for are refused at their place; the level is what the lists say today. */
async function completeDraft(
  kernel: Kernel,
  ctx: Context,
  draft: Readonly<Record<string, unknown>>,
  practitioner: string,
): Promise<Record<string, unknown>> {
  const offered = new Map((await applicableProcedures(kernel, ctx, practitioner)).map((p) => [p.id, p]))
  const kind = typeof draft['kind'] === 'string' ? draft['kind'] : 'first'
  const problems: FieldProblem[] = []
  const seen = new Set<unknown>()
  const items = (Array.isArray(draft['items']) ? (draft['items'] as unknown[]) : []).map((given, i) => {
    const row = { ...(given as Record<string, unknown>) }
    const line = offered.get(row['procedure'] as string)
    const problem = !line
      ? '不在您科室的手术目录中'
      : seen.has(row['procedure'])
        ? '重复选择了同一手术'
        : notApplicable(line, kind, today(ctx.clock))
    if (problem) problems.push({ field: `items.${i}.procedure`, message: problem })
    seen.add(row['procedure'])
    delete row['grantFor']
    delete row['id']
    return { ...row, level: line?.level ?? null }
  })
  if (problems.length) throw invalid(problems)
  const { number: _number, title: _title, unit: _unit, ...rest } = draft
  return { ...rest, practitioner, kind, items }
}

async function needScope(kernel: Kernel, ctx: Context, practitioner: string): Promise<void> {
  const record = await loadRecord(kernel, ctx, kernel.resource('staff.practitioner'), practitioner)
  const scope = kernel.access.scopeOf(ctx.actor, 'privileges.fillIn', 'staff.practitioner')
  if (!record || !(await reaches(kernel, ctx, kernel.resource('staff.practitioner'), both(scope, is('status', 'active')), record)))
    throw new Refusal('noRight', '只能为本科室在岗人员代填')
}

function routes({ app, kernel, contextOf }: Server): void {
  app.get<{ Querystring: { practitioner?: string } }>(
    '/api/privileges/applicable',
    { config: { who: { right: 'privileges.apply' } } },
    async (request) => {
      const ctx = await contextOf(request)
      const practitioner = request.query.practitioner ?? personOf(ctx.actor)!
      if (!isUuid(practitioner)) throw new Refusal('badRequest')
      if (practitioner !== personOf(ctx.actor)) {
        kernel.access.needUse(ctx.actor, 'privileges.fillIn')
        await needScope(kernel, ctx, practitioner)
      }
      return applicableProcedures(kernel, ctx, practitioner)
    },
  )
  app.post('/api/privileges/applications', { config: { who: { right: 'privileges.apply' } } }, async (request, reply) => {
    const ctx = await contextOf(request)
    reply.status(201)
    return submitOwn(kernel, ctx, bodyOf(request))
  })
  app.post('/api/privileges/applications/prepare', { config: { who: { right: 'privileges.fillIn' } } }, async (request, reply) => {
    const ctx = await contextOf(request)
    reply.status(201)
    return prepare(kernel, ctx, bodyOf(request))
  })
  app.get('/api/privileges/applications/prepared', { config: { who: { right: 'privileges.apply' } } }, async (request) =>
    listPrepared(kernel, await contextOf(request)),
  )
}

/** The surgeon submits his own request; one that a secretary filled in names her beside him. */
async function submitOwn(kernel: Kernel, ctx: Context, body: Record<string, unknown>): Promise<unknown> {
  const { draft, actId, prepared } = body
  if (typeof draft !== 'object' || draft === null || !isUuid(actId)) throw new Refusal('badRequest', '缺少 draft 或 actId')
  const me = personOf(ctx.actor)!
  return kernel.transaction(ctx, async (tx) => {
    const form = isUuid(prepared) ? await takePrepared(tx, prepared) : null
    const [known] = await tx.db.query(`SELECT 1 FROM kernel.flow_instance WHERE id = $1::uuid`, [actId])
    const complete = known ? (draft as Record<string, unknown>) : await completeDraft(kernel, tx, draft as Record<string, unknown>, me)
    const signature = complete['signature']
    if (!isUuid(signature)) throw invalid([{ field: 'signature', message: '请签名' }])
    const answer = await submit(kernel, tx, 'privileges.application', complete, {
      actId,
      signature,
      byModule: true,
      ...(form ? { filledBy: form.by_person } : {}),
    })
    if (form) await donePrepared(tx, form.id, answer.record)
    return answer
  })
}

/** A secretary fills it in; nothing is submitted, no number is taken: he finds it to sign. */
async function prepare(kernel: Kernel, ctx: Context, body: Record<string, unknown>): Promise<{ id: string }> {
  const { draft, practitioner } = body
  if (typeof draft !== 'object' || draft === null || !isUuid(practitioner))
    throw invalid([{ field: 'practitioner', message: '请选择申请医师' }])
  await needScope(kernel, ctx, practitioner)
  const complete = await completeDraft(kernel, ctx, draft as Record<string, unknown>, practitioner)
  delete complete['signature']
  return keepPrepared(kernel, ctx, 'privileges.application', practitioner, complete)
}

async function listPrepared(kernel: Kernel, ctx: Context): Promise<unknown[]> {
  const forms = (await preparedForms(ctx)).filter(({ resource }) => resource === 'privileges.application')
  return forms.map((form) => ({
    id: form.id, at: form.at, for: { id: form.for_person, name: ctx.directory.nameOf(form.for_person) }, by: { id: form.by_person, name: ctx.directory.nameOf(form.by_person) },
    draft: preparedDraft(kernel, form),
  })) // prettier-ignore
}

export default service({
  name: 'privileges.application',
  routes,
  prepared: { 'privileges.application': { right: 'privileges.apply', complete: completeDraft } },
})
