import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { heldOn } from '#kernel/server/records/timeline.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { closeUnit, movePerson, moveUnit, notThere, peopleOf, unitsBelow } from '../merger/regroup.ts'
import { takeBackRoute } from '../merger/take-back.ts'
import { problemsOf, repeated, type Asked, type Part } from './split.rules.ts'

const name = 'organisation.split'
const act = 'split'
type Dated = Asked & { from: string }
/** As it lies in the record once the split is carried out: every part has its unit; those that were made have a name, too. */
type Done = Part & { id: string; into: string }
const isMade = ({ name: given }: Part): boolean => Boolean(given)
const partsOf = (record: ApiRecord) => (record['parts'] ?? []) as Done[]

async function check(kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored) return []
  const asked = values as unknown as Dated
  const { unit, from, parts } = asked
  const units = kernel.resource('directory.unit')
  const problems = notThere('unit', await loadRecord(kernel, ctx, units, unit), from)
  if (problems.length) return problems
  for (const [i, { into, code }] of parts.entries()) {
    if (into) problems.push(...notThere(`parts.${i}.into`, await loadRecord(kernel, ctx, units, into), from))
    if (into && into !== unit && ctx.directory.isUnder(into, unit)) problems.push({ field: `parts.${i}.into`, message: '是拆分的科室的下级，请先调整上下级' })
    if (!into && code && (await hasCode(ctx, code))) problems.push({ field: `parts.${i}.code`, message: '已有科室用这个编码' })
  }
  const there = { people: await peopleOf(kernel, ctx, unit, from), units: await unitsBelow(kernel, ctx, unit, from) }
  return [...problems, ...repeated(parts), ...problemsOf(asked, there)]
} // prettier-ignore
const hasCode = async (ctx: Context, code: string): Promise<boolean> =>
  (await ctx.db.query(`SELECT 1 FROM directory.unit WHERE code = $1 AND deleted_at IS NULL`, [code])).length > 0

/** Makes the new units, moves whoever and whatever is named, and closes the old unit where that is wanted. All or nothing. */
async function carryOut(kernel: Kernel, ctx: Context, record: ApiRecord): Promise<void> {
  const { unit, from, closes } = record as unknown as Dated
  const names = new Map((await peopleOf(kernel, ctx, unit, from)).map((one) => [one.id, one]))
  const parts: Done[] = []
  for (const [i, part] of partsOf(record).entries()) {
    const into = part.into || (await makeUnit(kernel, ctx, unit, from, part))
    const post = ctx.directory.units.get(unit)?.kind === 'office' ? 'director' : 'head'
    for (const id of part.people ?? [])
      await movePerson(kernel, ctx, names.get(id)!, { act, record, into, at: `parts.${i}.people` }, id === part.head ? post : null)
    for (const id of part.units ?? []) await moveUnit(kernel, ctx, id, into, { act, on: from })
    parts.push({ ...part, into })
  }
  const until = closes ? await closeUnit(kernel, ctx, unit, from, act) : null
  const moved = parts.flatMap(({ people }) => people ?? [])
  const became = parts.map((part) => part.name || ctx.directory.unitName(part.into)).join('、')
  const kept = { parts, until, became, people: moved.length, units: parts.flatMap(({ units }) => units ?? []).length }
  await updateRecordOf(kernel, ctx, name, record.id, record.version, kept, { byModule: true, system: true, act })
  await inform(ctx, { ...record, became }, parts, moved)
} // prettier-ignore
/** Of the kind of the old unit, and beside it, as that stands on the day. */
async function makeUnit(kernel: Kernel, ctx: Context, unit: string, from: string, part: Part): Promise<string> {
  const c = kernel.resource('directory.unit')
  const [old, held] = [await loadRecord(kernel, ctx, c, unit), await heldOn(kernel, ctx, c, unit, from)]
  const { kind, parent, zone, alsoZones, licence } = held
  const draft = { code: part.code, name: part.name, kind, parent, zone, alsoZones, licence, position: old!['position'], from }
  return (await createRecord(kernel, ctx, 'directory.unit', draft, { byModule: true, act })).record.id
}
async function inform(ctx: Context, record: ApiRecord, parts: readonly Done[], moved: readonly string[]): Promise<void> {
  const { unit, from } = record as unknown as Dated
  const heads = [unit, ...parts.flatMap((part) => (isMade(part) ? [] : [part.into]))].flatMap((one) => ctx.directory.headsOf(one, today(ctx.clock)))
  const body = `自 ${from} 起分出：${String(record['became'])}；人员、任职和下级科室按登记转入`
  await tell(ctx, [...new Set([...moved, ...heads])], { kind: 'result', title: `科室拆分：${ctx.directory.unitName(unit)}`, body, link: `/r/${name}/${record.id}` })
} // prettier-ignore

export default service({
  name,
  checks: { [name]: check },
  begins: { [name]: carryOut },
  routes: takeBackRoute('/api/organisation/splits/:id/revoke', {
    act,
    moved: (record) => partsOf(record).map(({ into, units }) => ({ into, units: units ?? [] })),
    closed: (record) => record['closes'] === true,
    made: (record) => partsOf(record).flatMap((part) => (isMade(part) ? [part.into] : [])),
  }),
})
