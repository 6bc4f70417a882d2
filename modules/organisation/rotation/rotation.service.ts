import { isUuid, Refusal, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { generate } from './generate.rules.ts'
import { publish, withdraw } from './publish.ts'
import { conflictsOf, most, neededPeriods, runsOf, type Grid, type Run } from './rotation.rules.ts'
import type { RotationTable } from './table.rules.ts'
import { countOf, known, peopleOf, unitsOf } from './world.ts'

const name = 'organisation.rotationPlan'
type Values = Readonly<Record<string, unknown>>

function check(_kernel: Kernel, _ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const plan = values as unknown as ApiRecord
  const [units, people, electives] = [unitsOf(plan), peopleOf(plan), (plan['electives'] as number | null) ?? 0]
  const problems: FieldProblem[] = [
    ...twice(units.map(({ unit }) => unit)).map((n) => ({ field: `units.${n}.unit`, message: '科室重复' })),
    ...twice(people).map((n) => ({ field: `people.${n}.person`, message: '人员重复' })),
  ]
  if (electives > units.filter(({ kind }) => kind === 'choice').length) problems.push({ field: 'electives', message: '多于列出的选轮科室' })
  const needed = neededPeriods(units, electives)
  if ((plan['periods'] ?? needed) as number < needed) problems.push({ field: 'periods', message: `各科室共需 ${needed} 期，请填写不少于 ${needed} 的数，或留空` })
  if (countOf(plan) > most.periods) problems.push({ field: 'periods', message: `一个计划最多 ${most.periods} 期，请分成几个计划` })
  const fixed = ['from', 'step', 'periods', 'order', 'electives', 'units', 'people'] as const
  if (stored && stored['status'] !== 'draft')
    problems.push(...fixed.filter((key) => JSON.stringify(stored[key] ?? null) !== JSON.stringify(values[key] ?? null)).map((field) => ({ field, message: '计划已发布，须先撤回发布再修改' })))
  return Promise.resolve(problems)
} // prettier-ignore
const twice = (list: readonly string[]): number[] => list.flatMap((one, n) => (list.indexOf(one) < n ? [n] : []))

async function tableOf(kernel: Kernel, ctx: Context, id: string): Promise<RotationTable> {
  kernel.access.need(ctx.actor, 'read', name)
  const plan = await loadRecord(kernel, ctx, kernel.resource(name), id)
  if (!plan) throw new Refusal('notFound')
  const { setup, spans, world, grid } = await known(ctx, plan)
  const isMade = Object.values(grid).some((cells) => cells.some(Boolean))
  return {
    id,
    version: plan.version,
    name: plan['name'] as string,
    status: plan['status'] as RotationTable['status'],
    people: setup.people.map((person) => ({ id: person, name: world.people[person]?.name ?? '' })),
    units: setup.units.map((one) => ({ ...one, name: world.units[one.unit]?.name ?? '' })),
    spans,
    grid,
    conflicts: isMade ? conflictsOf(setup, spans, world, grid) : [],
    isMade,
  }
}
/** Runs an act on a plan as it was seen, and answers the table as it stands then. */
async function act(
  kernel: Kernel,
  ctx: Context,
  id: string,
  version: unknown,
  work: (tx: Context, plan: ApiRecord) => Promise<void>,
): Promise<RotationTable> {
  if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
  kernel.access.need(ctx.actor, 'update', name)
  await kernel.transaction(ctx, async (tx) => {
    const plan = await loadRecord(kernel, tx, kernel.resource(name), id, { lock: true })
    if (!plan) throw new Refusal('notFound')
    if (plan.version !== version) throw new Refusal('versionConflict', '别人刚刚修改了这个计划，请刷新后再操作')
    await work(tx, plan)
  })
  return tableOf(kernel, ctx, id)
}
function refuseFixed(plan: ApiRecord): void {
  if (plan['status'] !== 'draft') throw new Refusal('flowRefused', '计划已发布，须先撤回发布再调整')
}
async function keep(kernel: Kernel, ctx: Context, plan: ApiRecord, grid: Grid, actName: string): Promise<void> {
  const keyOf = ({ person, unit, at, periods }: Run & { person: string }) => [person, unit, at, periods].join()
  const old = new Map(((plan['cells'] ?? []) as (Run & { person: string; id: string })[]).map((row) => [keyOf(row), row]))
  const cells = Object.entries(grid).flatMap(([person, list]) =>
    runsOf(list).map((run) => old.get(keyOf({ ...run, person })) ?? { ...run, person }),
  )
  await updateRecordOf(kernel, ctx, name, plan.id, plan.version, { cells }, { byModule: true, system: true, act: actName })
}
/** The table by one key. */
export async function fill(kernel: Kernel, ctx: Context, plan: ApiRecord): Promise<void> {
  refuseFixed(plan)
  if (peopleOf(plan).length === 0) throw new Refusal('flowRefused', '还没有轮转人员，请先加入')
  if (unitsOf(plan).length === 0) throw new Refusal('flowRefused', '还没有轮转科室，请先在计划里填写')
  await keep(kernel, ctx, plan, generate((await known(ctx, plan)).setup), 'rotation.generate')
}
/** Cells as the officer picks them; two that swap come together. */
async function adjust(kernel: Kernel, ctx: Context, plan: ApiRecord, given: unknown): Promise<void> {
  refuseFixed(plan)
  const { setup, grid } = await known(ctx, plan)
  if (!Array.isArray(given) || given.length === 0 || given.length > most.periods * 2) throw new Refusal('badRequest', '没有要调整的格子')
  const next = Object.fromEntries(Object.entries(grid).map(([person, cells]) => [person, [...cells]]))
  for (const one of given as unknown[]) {
    const { person, at, unit } = Object(one) as Record<string, unknown>
    const cells = typeof person === 'string' && Object.hasOwn(next, person) ? next[person]! : null
    if (!cells) throw new Refusal('badRequest', '计划里没有这个人员')
    if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at >= cells.length) throw new Refusal('badRequest', '没有这一期')
    if (unit !== null && !setup.units.some((known) => known.unit === unit)) throw new Refusal('badRequest', '计划里没有这个科室')
    cells[at] = unit as string | null
  }
  await keep(kernel, ctx, plan, next, 'rotation.adjust')
}
/** Many at once, out of a pool; who is in already stays. */
async function join(kernel: Kernel, ctx: Context, plan: ApiRecord, given: unknown): Promise<void> {
  refuseFixed(plan)
  const [chosen, present] = [Array.isArray(given) ? [...new Set(given.filter(isUuid))] : [], peopleOf(plan)]
  const fresh = chosen.filter((person) => !present.includes(person))
  if (fresh.length === 0) throw new Refusal('badRequest', chosen.length ? '选中的人都已在计划里' : '请选择人员')
  const people = [...(plan['people'] as Record<string, unknown>[]), ...fresh.map((person) => ({ person }))]
  if (people.length > most.people) throw new Refusal('badRequest', `一个计划最多 ${most.people} 人`)
  await updateRecordOf(kernel, ctx, name, plan.id, plan.version, { people })
}

function routes({ app, kernel, contextOf }: Server): void {
  const who = { config: { who: { right: 'organisation.rotation' } } } as const
  const base = '/api/organisation/rotations/:id'
  app.get<{ Params: { id: string } }>(base, who, async (request) => tableOf(kernel, await contextOf(request), needId(request.params.id)))
  const acts: Readonly<Record<string, (ctx: Context, plan: ApiRecord, body: Values) => Promise<void>>> = {
    generate: (ctx, plan) => fill(kernel, ctx, plan),
    adjust: (ctx, plan, { changes }) => adjust(kernel, ctx, plan, changes),
    join: (ctx, plan, { people }) => join(kernel, ctx, plan, people),
    publish: (ctx, plan, { reason }) => publish(kernel, ctx, plan, typeof reason === 'string' ? reason.trim().slice(0, 200) : ''),
    withdraw: (ctx, plan) => withdraw(kernel, ctx, plan),
  }
  for (const [verb, work] of Object.entries(acts))
    app.post<{ Params: { id: string } }>(`${base}/${verb}`, who, async (request) => {
      const body = bodyOf(request)
      return act(kernel, await contextOf(request), needId(request.params.id), body['version'], (tx, plan) => work(tx, plan, body))
    })
}

export default service({
  name,
  checks: { [name]: check },
  keeps: { [name]: ({ status }) => (status === 'draft' ? null : '已发布的计划不能删除，可以撤回发布或结束') },
  routes,
})
