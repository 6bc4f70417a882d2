import { invalid, isDay, isUuid, Refusal, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, judgeDraft, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { categories } from '../practitioner/practitioner.ts'
import { lineProblems, mostLines, type PermanentAnswer, type PermanentLine } from './permanent.rules.ts'

const movement = 'organisation.movement'
const numberSystem = 'HIS'
const none: ReadonlySet<string> = new Set()

/** Makes temporary people permanent: number of the HIS, movement, file of medical staff. All of them or nobody; what is wrong stands at its line. */
export async function makePermanent(kernel: Kernel, ctx: Context, lines: readonly PermanentLine[]): Promise<PermanentAnswer> {
  kernel.access.need(ctx.actor, 'create', movement)
  kernel.access.need(ctx.actor, 'update', 'staff.practitioner')
  const wrong = lineProblems(lines)
  if (wrong.length) throw invalid(wrong)
  return kernel.transaction(ctx, async (tx) => {
    // In one order, so that two batches at once wait for each other.
    for (const id of lines.map(({ person }) => person).toSorted()) await loadRecord(kernel, tx, kernel.resource('directory.person'), id, { lock: true })
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('staff.permanent.numbers', 0))`)
    const problems: FieldProblem[] = []
    for (const [n, line] of lines.entries()) problems.push(...(await judge(kernel, tx, line)).map(({ field, message }) => ({ field: `lines.${n}.${field}`, message })))
    if (problems.length) throw invalid(problems)
    for (const line of lines) await carryOut(kernel, tx, line)
    return { made: lines.length }
  })
} // prettier-ignore

const moved = ({ person, from, unit }: PermanentLine) => ({ person, kind: 'permanent', from, toUnit: unit })
/** The movement's own checks say who may be made permanent from when; here stands what concerns the number. */
async function judge(kernel: Kernel, ctx: Context, line: PermanentLine): Promise<FieldProblem[]> {
  const { problems } = await judgeDraft(kernel, ctx, kernel.resource(movement), moved(line), none)
  const places: Readonly<Record<string, string>> = { toUnit: 'unit', kind: 'person' }
  const taken = await holderOf(ctx, line)
  return [
    ...problems.map(({ field, message }) => ({ field: places[field] ?? field, message })),
    ...(taken ? [{ field: 'number', message: `工号 ${line.number} 已由${taken}使用` }] : []),
  ]
}
/** Numbers come again after somebody has left: only who holds one on the day or later is in the way. Relies on the indexes of both number columns. */
async function holderOf(ctx: Context, { person, number, from }: PermanentLine): Promise<string | null> {
  const [held] = await ctx.db.query<{ name: string }>(
    `SELECT p.name FROM directory.identifier i JOIN directory.person p ON p.id = i.person
      WHERE i.system = $3 AND i.value = $2 AND i.deleted_at IS NULL AND p.id <> $1::uuid AND (i."to" IS NULL OR i."to" >= $4::date)
     UNION ALL SELECT name FROM directory.person WHERE staff_number = $2 AND status <> 'left' AND deleted_at IS NULL AND id <> $1::uuid LIMIT 1`,
    [person, number, numberSystem, from],
  )
  return held?.name ?? null
}

async function carryOut(kernel: Kernel, ctx: Context, line: PermanentLine): Promise<void> {
  const { person, number, from, category } = line
  const [has] = await ctx.db.query(`SELECT 1 FROM directory.identifier WHERE person = $1::uuid AND system = $2 AND value = $3 AND deleted_at IS NULL`, [person, numberSystem, number])
  const how = { byModule: true, act: 'permanent' }
  if (!has) await createRecord(kernel, ctx, 'directory.identifier', { person, system: numberSystem, value: number, from }, how)
  const change = async (name: string, changes: Record<string, unknown>): Promise<ApiRecord> => {
    const file = await loadRecord(kernel, ctx, kernel.resource(name), person)
    return (await updateRecordOf(kernel, ctx, name, person, file!.version, changes, { ...how, system: true })).record
  }
  await change('organisation.temporary', { permanentOn: from })
  await change('staff.practitioner', { staffNumber: number, category, traineeKind: 'employee' })
  await createRecord(kernel, ctx, movement, moved(line), how)
} // prettier-ignore

function readLines(given: unknown): PermanentLine[] {
  if (!Array.isArray(given) || given.length === 0) throw new Refusal('badRequest', '请选择要转正的人员')
  if (given.length > mostLines) throw new Refusal('badRequest', `一次最多转正 ${mostLines} 人`)
  return (given as unknown[]).map((one) => {
    const { person, number, unit, from, category } = Object(one) as Record<string, unknown>
    if (!isUuid(person)) throw new Refusal('badRequest', '人员不对')
    return {
      person,
      number: typeof number === 'string' ? number.trim() : '',
      unit: isUuid(unit) ? unit : null,
      from: isDay(from) ? from : '',
      category: typeof category === 'string' && Object.hasOwn(categories, category) ? category : '',
    }
  })
}

export default service({
  name: 'staff.permanent',
  routes({ app, kernel, contextOf }) {
    app.post('/api/staff/permanent', { config: { who: { right: 'staff.permanent' } } }, async (request) => {
      const ctx = await contextOf(request)
      return makePermanent(kernel, ctx, readLines(bodyOf(request)['lines']))
    })
  },
})
