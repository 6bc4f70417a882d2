import { addDays, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { heldOn } from '#kernel/server/records/timeline.ts'
import { service } from '#kernel/server/service.ts'
import { mayReport } from './team.rules.ts'

const name = 'organisation.teamMember'
type Values = Readonly<Record<string, unknown>>
type Days = Record<'from', string> & Record<'to', string | null | undefined>

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  // Whoever joins or leaves the same team at the same time waits.
  const team = await loadRecord(kernel, ctx, kernel.resource('organisation.team'), values['team'] as string, { lock: true })
  if (!team) return [{ field: 'team', message: '没有这个小组' }]
  if (stored && stored['team'] !== values['team']) return [{ field: 'team', message: '不能改到别的小组：请填离组日期，再到新的小组加入' }]
  if (stored && stored['person'] !== values['person']) return [{ field: 'person', message: '不能换人：请填离组日期，再加入新的成员' }]
  return [
    ...withinTeam(team as unknown as Days, values as unknown as Days),
    ...(await personProblems(kernel, ctx, values, stored)),
    ...(team['isTiered'] ? await superiorProblems(kernel, ctx, values, stored) : []),
  ]
}
function withinTeam(team: Days, { from, to }: Days): FieldProblem[] {
  if (from < team.from) return [{ field: 'from', message: `小组 ${team.from} 才成立` }]
  if (team.to && from > team.to) return [{ field: 'from', message: `小组 ${team.to} 已撤销` }]
  return team.to && to && to > team.to ? [{ field: 'to', message: `小组 ${team.to} 已撤销` }] : []
}
async function personProblems(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const { team, person, from, to } = values as unknown as Days & { team: string; person: string }
  const file = stored ? null : await loadRecord(kernel, ctx, kernel.resource('directory.person'), person)
  if (file?.['status'] === 'left') return [{ field: 'person', message: '该人员已离职' }]
  const [held] = await ctx.db.query<{ from: string; to: string | null }>(
    `SELECT "from", "to" FROM organisation.team_member WHERE team = $1::uuid AND person = $2::uuid AND deleted_at IS NULL AND id IS DISTINCT FROM $3::uuid
       AND "from" <= coalesce($5::date, 'infinity') AND coalesce("to", 'infinity') >= $4::date LIMIT 1`,
    [team, person, stored?.id ?? null, from, to ?? null],
  )
  return held ? [{ field: 'person', message: `该人员 ${held.from} 至 ${held.to ?? '今'} 已在本组` }] : []
}

async function superiorProblems(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const above = values['superior'] as string | null | undefined
  const problems = stored ? await ledProblems(kernel, ctx, values, stored.id) : []
  if (!above) return problems
  const found = await loadRecord(kernel, ctx, kernel.resource(name), above)
  if (!found) return problems
  const left = found['to'] as string | null
  if (left && left < (values['from'] as string)) return [...problems, { field: 'superior', message: `他 ${left} 已离组` }]
  if (!mayReport(values['level'], found['level'])) return [...problems, { field: 'superior', message: '上级医师的级别不能低于本人' }]
  return stored && (await leads(ctx, stored.id, above)) ? [...problems, { field: 'superior', message: '他由本人（直接或间接）带，不能又是本人的上级' }] : problems
} // prettier-ignore
/** What a change would do to those whom he leads. */
async function ledProblems(kernel: Kernel, ctx: Context, values: Values, id: string): Promise<FieldProblem[]> {
  const led = await ctx.db.query<{ name: string; level: string; to: string | null }>(
    `SELECT p.name, m.level, m."to" FROM organisation.team_member m JOIN directory.person p ON p.id = m.person WHERE m.superior = $1::uuid AND m.deleted_at IS NULL ORDER BY p.name`,
    [id],
  )
  const higher = led.find(({ level }) => !mayReport(level, values['level']))
  const to = values['to'] as string | null | undefined
  const staying = to ? led.filter((one) => !one.to || one.to > to) : []
  // Whoever has left the hospital leads nobody, whether somebody else was found or not: his own stand at the top of the tree until then.
  const isGone =
    staying.length > 0 &&
    (await heldOn(kernel, ctx, kernel.resource('directory.person'), values['person'] as string, addDays(to!, 1)))['status'] === 'left'
  return [
    ...(higher ? [{ field: 'level', message: `${higher.name}由他带，级别却更高，请先调整` }] : []),
    ...(staying.length && !isGone
      ? [{ field: 'to', message: `他还带着${staying.map((one) => one.name).join('、')}，请先改由别人带` }]
      : []),
  ]
}
/** Does `id` stand above `below`, or is it the same? */
async function leads(ctx: Context, id: string, below: string): Promise<boolean> {
  const [found] = await ctx.db.query(
    `WITH RECURSIVE up AS (SELECT id, superior FROM organisation.team_member WHERE id = $1::uuid
       UNION SELECT m.id, m.superior FROM organisation.team_member m JOIN up ON m.id = up.superior)
     SELECT 1 FROM up WHERE id = $2::uuid`,
    [below, id],
  )
  return found !== undefined
}

/** Members hold copies of where their team belongs and of which kind it is. */
async function checkTeam(_: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (!stored) return []
  const members = await ctx.db.query<{ from: string }>(
    `SELECT "from" FROM organisation.team_member WHERE team = $1::uuid AND deleted_at IS NULL ORDER BY "from"`,
    [stored.id],
  )
  const [first, last] = [members[0]?.from, members.at(-1)?.from]
  if (first === undefined) return []
  const problems: FieldProblem[] = []
  if (values['kind'] !== stored['kind']) problems.push({ field: 'kind', message: '已有成员，不能改变类型' })
  if (values['unit'] !== stored['unit']) problems.push({ field: 'unit', message: '已有成员，不能换科室，请另建小组' })
  if ((values['from'] as string) > first) problems.push({ field: 'from', message: `${first} 已有成员加入` })
  if (values['to'] && (values['to'] as string) < last!) problems.push({ field: 'to', message: `${last!} 还有成员加入` })
  return problems
}

export default service({
  name,
  checks: { [name]: check, 'organisation.team': checkTeam },
  along: { 'organisation.team': (_kernel, _ctx, { kind }) => ({ isTiered: kind === 'tiered' }) },
})
