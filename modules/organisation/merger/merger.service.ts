import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { closeUnit, movePerson, moveUnit, notThere, peopleOf, unitsBelow } from './regroup.ts'
import { takeBackRoute } from './take-back.ts'

const name = 'organisation.merger'
const act = 'merger'

async function check(kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored) return []
  const { unit, into, from } = values as Record<'unit' | 'into' | 'from', string>
  const [old, next] = await Promise.all([unit, into].map((id) => loadRecord(kernel, ctx, kernel.resource('directory.unit'), id)))
  const problems = [...notThere('unit', old, from), ...notThere('into', next, from)]
  if (problems.length === 0 && ctx.directory.isUnder(into, unit)) return [{ field: 'into', message: '不能并入自己的下级，请先调整上下级' }]
  return problems
} // prettier-ignore

/** Moves people with their posts, and what stood under the unit; closes the unit on the day before. All or nothing: whoever cannot be moved is named. */
async function carryOut(kernel: Kernel, ctx: Context, record: ApiRecord): Promise<void> {
  const { unit, into, from } = record as unknown as Record<'unit' | 'into' | 'from', string>
  const people = await peopleOf(kernel, ctx, unit, from)
  for (const person of people) await movePerson(kernel, ctx, person, { act, record, into, at: 'unit' })
  const below = await unitsBelow(kernel, ctx, unit, from)
  for (const { id } of below) await moveUnit(kernel, ctx, id, into, { act, on: from })
  const until = await closeUnit(kernel, ctx, unit, from, act)
  const kept = { people: people.length, units: below.length, below: below.map(({ id }) => id), until }
  await updateRecordOf(kernel, ctx, name, record.id, record.version, kept, { byModule: true, system: true, act })
  const { unitName } = ctx.directory
  const told = new Set([...people.map(({ id }) => id), ...[unit, into].flatMap((one) => ctx.directory.headsOf(one, today(ctx.clock)))])
  await tell(ctx, [...told], { kind: 'result', title: `科室合并：${unitName(unit)} 并入 ${unitName(into)}`, body: `自 ${from} 起，人员、任职和下级科室一并转入`, link: `/r/${name}/${record.id}` })
} // prettier-ignore

export default service({
  name,
  checks: { [name]: check },
  begins: { [name]: carryOut },
  routes: takeBackRoute('/api/organisation/mergers/:id/revoke', {
    act,
    moved: (merged) => [{ into: merged['into'] as string, units: (merged['below'] ?? []) as string[] }],
    closed: () => true,
  }),
})
