import { addDays, invalid, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { rowsOnDay } from '#kernel/server/store/timeline.ts'

const name = 'organisation.merger'
type Values = Readonly<Record<string, unknown>>

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored) return []
  const { unit, into, from } = values as Record<'unit' | 'into' | 'from', string>
  const [old, next] = await Promise.all([unit, into].map((id) => loadRecord(kernel, ctx, kernel.resource('directory.unit'), id)))
  const problems = [...there('unit', old, from), ...there('into', next, from)]
  if (problems.length === 0 && ctx.directory.isUnder(into, unit)) return [{ field: 'into', message: '不能并入自己的下级，请先调整上下级' }]
  return problems
}
function there(field: string, unit: ApiRecord | null | undefined, day: string): FieldProblem[] {
  const [opens, ends] = [unit?.['from'], unit?.['to']] as (string | null | undefined)[]
  if (ends && ends < day) return [{ field, message: `该科室 ${ends} 已停用` }]
  return opens && opens > day ? [{ field, message: `该科室 ${opens} 才启用` }] : []
}

/** Moves people with their posts, and what stood under the unit; closes the unit on the day before. All or nothing: whoever cannot be moved is named. */
async function carryOut(kernel: Kernel, ctx: Context, merged: ApiRecord): Promise<void> {
  const { unit, into, from } = merged as unknown as Record<'unit' | 'into' | 'from', string>
  const on = (table: string) => rowsOnDay(kernel.defs, table, from)
  const people = await ctx.db.once<{ id: string; name: string }>(
    `SELECT p.id, p.name FROM ${on('directory.person')} p WHERE p.unit = $1::uuid AND p.status <> 'left' AND p.deleted_at IS NULL ORDER BY p.staff_number, p.id`,
    [unit],
  )
  for (const person of people) await move(kernel, ctx, merged, person)
  const below = await ctx.db.once<{ id: string; version: number }>(
    `SELECT u.id, u.version FROM ${on('directory.unit')} u WHERE u.parent = $1::uuid AND u.deleted_at IS NULL ORDER BY u.code`,
    [unit],
  )
  const how = { byModule: true, act: 'merger' }
  for (const { id, version } of below) await updateRecordOf(kernel, ctx, 'directory.unit', id, version, { parent: into }, { ...how, on: from })
  const closing = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit, { lock: true })
  await updateRecordOf(kernel, ctx, 'directory.unit', unit, closing!.version, { to: addDays(from, -1) }, how)
  await updateRecordOf(kernel, ctx, name, merged.id, merged.version, { people: people.length, units: below.length }, { ...how, system: true })
  const { unitName } = ctx.directory
  const told = new Set([...people.map(({ id }) => id), ...[unit, into].flatMap((one) => ctx.directory.headsOf(one, today(ctx.clock)))])
  await tell(ctx, [...told], { kind: 'result', title: `科室合并：${unitName(unit)} 并入 ${unitName(into)}`, body: `自 ${from} 起，人员、任职和下级科室一并转入`, link: `/r/${name}/${merged.id}` })
} // prettier-ignore
async function move(kernel: Kernel, ctx: Context, merged: ApiRecord, person: { id: string; name: string }): Promise<void> {
  const post = await postOf(ctx, person.id, merged['unit'] as string, merged['from'] as string)
  const draft = { person: person.id, kind: 'transfer', from: merged['from'], toUnit: merged['into'], toPost: post, merger: merged.id, basisNumber: merged['basisNumber'] }
  try {
    await createRecord(kernel, ctx, 'organisation.movement', draft, { byModule: true, system: true, act: 'merger' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalid([{ field: 'unit', message: `${person.name}不能转入：${error.message}` }])
  }
} // prettier-ignore
/** Who led the unit that is merged leads the other no more: that is for the hospital to say. */
async function postOf(ctx: Context, person: string, unit: string, from: string): Promise<string> {
  const [held] = await ctx.db.query<{ post: string }>(
    `SELECT post FROM directory.membership WHERE person = $1::uuid AND unit = $2::uuid AND deleted_at IS NULL AND ("from" IS NULL OR "from" < $3::date) AND ("to" IS NULL OR "to" >= $3::date) ORDER BY main DESC NULLS LAST, id LIMIT 1`,
    [person, unit, from],
  )
  return held && !['head', 'director'].includes(held.post) ? held.post : 'member'
}

export default service({ name, checks: { [name]: check }, begins: { [name]: carryOut } })
