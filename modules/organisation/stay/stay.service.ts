import { today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { service } from '#kernel/server/service.ts'

const name = 'organisation.rotationStay'
type Values = Readonly<Record<string, unknown>>
const marks = ['theory', 'skill', 'attitude'] as const
const changed = (values: Values, stored: ApiRecord | null, keys: readonly string[]): boolean =>
  keys.some((key) => (values[key] ?? null) !== (stored?.[key] ?? null))

/** Who rated and who handed over, and when. */
function alongStay(_kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Values {
  const by = { on: today(ctx.clock), who: personOf(ctx.actor) }
  const given = marks.map((key) => values[key]).filter((one) => typeof one === 'number')
  return {
    ...(changed(values, stored, [...marks, 'comment']) ? { score: given.length === marks.length ? (given.reduce((sum, one) => sum + one, 0) / marks.length).toFixed(1) : null, ratedBy: by.who, ratedOn: by.on } : {}),
    ...(changed(values, stored, ['handover']) ? { handedOverBy: by.who, handedOverOn: by.on } : {}),
  }
} // prettier-ignore
function checkStay(_kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const isEarly = today(ctx.clock) < String(values['from'])
  const message = `${String(values['from'])} 才入科，入科后才能填写`
  const early = ['theory', 'skill', 'attitude', 'handover', 'receivedOn'].filter((key) => isEarly && changed(values, stored, [key]) && values[key] !== null)
  const open = marks.filter((key) => marks.some((one) => typeof values[one] === 'number') && typeof values[key] !== 'number')
  return Promise.resolve([...early.map((field) => ({ field, message })), ...open.map((field) => ({ field, message: '三项都要评价' }))])
} // prettier-ignore

const stayOf = (kernel: Kernel, ctx: Context, values: Values) => loadRecord(kernel, ctx, kernel.resource(name), String(values['stay']))
async function checkAbsence(kernel: Kernel, ctx: Context, values: Values): Promise<FieldProblem[]> {
  const stay = await stayOf(kernel, ctx, values)
  const [from, to, day] = [String(stay?.['from']), String(stay?.['to']), String(values['day'])]
  return day < from || day > to ? [{ field: 'day', message: `不在轮转期间（${from} 至 ${to}）` }] : []
}
async function checkFeedback(kernel: Kernel, ctx: Context, values: Values): Promise<FieldProblem[]> {
  const from = String((await stayOf(kernel, ctx, values))?.['from'])
  return today(ctx.clock) < from ? [{ field: 'stay', message: `${from} 才入科，入科后才能反馈` }] : []
}

export default service({
  name,
  along: {
    [name]: alongStay,
    'organisation.rotationTask': (_kernel, _ctx, values) => ({ isDone: Number(values['done'] ?? 0) >= Number(values['target'] ?? 1) }),
  },
  checks: { [name]: checkStay, 'organisation.rotationAbsence': checkAbsence, 'organisation.rotationFeedback': checkFeedback },
})
