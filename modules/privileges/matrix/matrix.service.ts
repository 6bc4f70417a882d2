import { isDay, isUuid, Refusal, today, where } from '#model'
import { audit } from '#kernel/server/audit/audit.ts'
import type { Context } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { reaches } from '#kernel/server/records/rights-over.ts'
import { service } from '#kernel/server/service.ts'
import { checkPrivilege } from '../check/check.rules.ts'
import { keeperOf } from '../check/keeper.ts'
import type { PersonFacts } from '../check/load.ts'
import type { Memory } from '../check/memory.ts'
import { cellKey, type Matrix, type MatrixCell } from './matrix.rules.ts'

/** 科室授权一览: people × procedures of one unit on a day, each cell answered by the same function as the HIS. */
export async function matrixOf(kernel: Kernel, ctx: Context, unit: string, asOf: string): Promise<Matrix> {
  const keeper = keeperOf(kernel)
  await keeper.refresh()
  const { memory } = keeper
  const units = ctx.directory.unitsUnder(unit)
  const listed = await ctx.db.query<{ procedure: string }>(
    `SELECT DISTINCT d.procedure FROM privileges.department_procedure d WHERE d.unit = ANY($1::uuid[]) AND d.deleted_at IS NULL AND d.enabled IS NOT FALSE`,
    [units],
  )
  const people = [...memory.people.values()].filter(
    ({ practitioner: p, grants }) =>
      p.unit !== null && units.includes(p.unit) && p.status !== 'left' && (p.category === 'doctor' || grants.length > 0),
  )
  const held = people.flatMap((p) => p.grants.map((g) => g.procedure))
  const procedures = [...new Set([...listed.map((l) => l.procedure), ...held])].flatMap((id) => memory.procedures.get(id) ?? [])
  const cells: Matrix['cells'] = {}
  for (const person of people)
    for (const procedure of procedures) {
      const cell = cellOf(memory, person, procedure.id, asOf, today(ctx.clock))
      if (cell) cells[cellKey(person.practitioner.id, procedure.id)] = cell
    }
  const rank = { senior: 0, associateSenior: 1, intermediate: 2, junior: 3 } as const
  const byTitle = (p: PersonFacts) => (p.practitioner.titleLevel ? rank[p.practitioner.titleLevel] : 4)
  const levels = ['four', 'three', 'two', 'one']
  return {
    unit: { id: unit, name: ctx.directory.unitName(unit) },
    asOf,
    people: people.sort((a, b) => byTitle(a) - byTitle(b) || (a.practitioner.staffNumber ?? '').localeCompare(b.practitioner.staffNumber ?? '')).map(({ practitioner: p }) => ({ id: p.id, name: p.name, title: p.appointedTitle })), // prettier-ignore
    procedures: procedures
      .sort((a, b) => levels.indexOf(a.level ?? '') - levels.indexOf(b.level ?? '') || (a.code < b.code ? -1 : 1))
      .map((p) => ({ id: p.id, code: p.code, name: p.name, level: p.level, restricted: p.restricted })),
    cells,
  }
}

function cellOf(memory: Memory, person: PersonFacts, procedure: string, asOf: string, day: string): MatrixCell | null {
  // What began by then; of several the longest.
  const grants = person.grants.filter((g) => g.procedure === procedure && g.from <= asOf)
  const grant =
    grants
      .filter((g) => g.status === 'active' || g.status === 'suspended')
      .sort((a, b) => ((a.to ?? '9999') < (b.to ?? '9999') ? 1 : -1))[0] ?? grants.at(-1)
  if (!grant) return null
  const facts = memory.factsOf(person, memory.procedures.get(procedure)!, memory.siteOf(person.practitioner.unit))
  const answer = checkPrivilege(facts, { role: 'operator', day: asOf, today: day, urgency: null })
  const ended = (grant.to !== null && grant.to < asOf) || (grant.endedOn ?? '9999') <= asOf
  return {
    result: answer.result,
    grant: grant.id,
    to: grant.to,
    suspended: answer.result === 'denied' && !ended,
    sentence: answer.sentence,
  }
}

function routes({ app, kernel, contextOf }: Server): void {
  app.get<{ Querystring: { unit?: string; asOf?: string } }>(
    '/api/privileges/matrix',
    { config: { who: { right: 'privileges.matrix' } } },
    async (request) => {
      const ctx = await contextOf(request)
      const { unit, asOf = today(ctx.clock) } = request.query
      if (!isUuid(unit) || !ctx.directory.units.has(unit)) throw new Refusal('badRequest', '请选择科室')
      if (!isDay(asOf)) throw new Refusal('badRequest', '日期不对')
      await needUnit(kernel, ctx, unit)
      await audit(ctx, { act: 'privileges.matrix', outcome: 'done', resource: 'directory.unit', record: unit, detail: { asOf } })
      return matrixOf(kernel, ctx, unit, asOf)
    },
  )
}
/** The scope of the right, read against the unit itself. */
async function needUnit(kernel: Kernel, ctx: Context, unit: string): Promise<void> {
  const scope = kernel.access.scopeOf(ctx.actor, 'privileges.matrix', 'directory.unit')
  const record = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit)
  if (!record || !(await reaches(kernel, ctx, kernel.resource('directory.unit'), scope ?? where('id', 'notEmpty'), record)))
    throw new Refusal('noRight', '没有查看该科室授权一览的权限')
}

export default service({ name: 'privileges.matrix', routes })
