import { addDays, isUuid, parseInstant, Refusal, today, type FieldProblem } from '#model'
import {
  add,
  calendarProblems,
  type CalendarLayer,
  dayNumberAt,
  durationProblem,
  type DurationUnit,
  durationUnits,
  formatTime,
  holidayYearOfRecord,
  isInDays,
  layerOfRecord,
  periodsText,
  type WorkingCalendar,
} from '#kernel/model/clock/index.ts'
import { planningOf, type Planning } from '#kernel/server/clock/planning.ts'
import type { Context } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { service } from '#kernel/server/service.ts'
import type { CalendarYear, Trial } from './calendar.rules.ts'

/** One year of a unit's calendar, and who says what about it. */
export async function calendarYear(kernel: Kernel, ctx: Context, unit: string | null, year: number): Promise<CalendarYear> {
  const planning = await planningOf(kernel)
  const calendar = planning.calendarOf(unit)
  const { resolved } = calendar
  const facts = daysOf(year).map((day) => calendar.day(day))
  const notice = planning.holidays.years.get(year)
  const own = await ctx.db.query<{ id: string; unit: string | null; name: string }>(
    `SELECT id, unit, name FROM clock.calendar WHERE deleted_at IS NULL AND state = 'approved' ORDER BY unit NULLS FIRST, name`,
  )
  const known = [...planning.holidays.years.keys()]
  return {
    unit: unit ? { id: unit, name: ctx.directory.unitName(unit) } : null,
    year,
    years: [...new Set([...known, Math.max(...known) + 1, year])].sort((a, b) => b - a),
    days: facts.map(({ day, kind, name, hours, missing, source }) => ({
      day, kind, name, missing, source, hours: hours.map(([from, to]) => `${formatTime(from)}–${formatTime(to)}`).join(' '),
    })),
    layers: planning.layersOf(unit).map((layer) => layerLine(layer, own)),
    hoursFrom: resolved.periodsFrom,
    holidaysFrom: resolved.holidaysFrom,
    follows: resolved.holidays,
    holidays: notice ? { source: notice.source, readOn: notice.readOn, certainty: notice.certainty } : null,
    workdays: facts.filter((fact) => fact.isWorkday).length,
    others: own.map(({ id, unit: at, name }) => ({ unit: at, name: at ? ctx.directory.unitName(at) : name, record: id })),
  } // prettier-ignore
}
function daysOf(year: number): string[] {
  const days: string[] = []
  for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) days.push(day)
  return days
}
const layerLine = (layer: CalendarLayer, own: readonly { id: string; unit: string | null }[]): CalendarYear['layers'][number] => ({
  record: own.find((o) => o.unit === layer.unit)?.id ?? null,
  unit: layer.unit,
  name: layer.name,
  hours: layer.periods.length ? periodsText(layer.periods) : null,
  holidays: layer.holidays,
  extra: layer.days.length,
})

/** 若现在开始，何时到期: the same reckoning as a step of a flow, tried out. */
export function trial(planning: Planning, unit: string | null, duration: { unit: DurationUnit; amount: number }, from: Date): Trial {
  const calendar = planning.calendarOf(unit)
  const due = add(duration, from, calendar)
  return { from: from.toISOString(), at: due.at.toISOString(), provisional: due.provisional, missing: [...due.missing], how: howCounted(duration.unit, from, due.at, calendar) }
} // prettier-ignore
function howCounted(unit: DurationUnit, from: Date, to: Date, calendar: WorkingCalendar): string {
  if (unit === 'minutes' || unit === 'hours') return '连续计算，昼夜与节假日都算'
  const skipped: string[] = []
  for (let n = dayNumberAt(from.getTime()); n <= dayNumberAt(to.getTime()); n++) {
    const fact = calendar.fact(n)
    if ((fact.kind === 'holiday' || fact.kind === 'extraOff') && fact.name && !skipped.includes(fact.name)) skipped.push(fact.name)
  }
  const first = isInDays(unit) ? '开始当日不计' : '只计工作时间，午休不计'
  return unit === 'days' ? `${first}，到当日 24 时止` : `${first}${skipped.length ? `；跳过${skipped.join('、')}` : ''}`
}

async function checkCalendar(
  _kernel: Kernel,
  ctx: Context,
  values: Readonly<Record<string, unknown>>,
  stored: { id: string } | null,
): Promise<FieldProblem[]> {
  const layer = layerOfRecord(values)
  const problems: FieldProblem[] = calendarProblems(layer).map(({ at, message }) => ({ field: fieldOf(at), message }))
  if (!layer.unit && layer.periods.length === 0) problems.push({ field: 'periods', message: '全院日历须写明作息' })
  const same = await ctx.db.query(
    `SELECT 1 FROM clock.calendar WHERE unit IS NOT DISTINCT FROM $1::uuid AND id IS DISTINCT FROM $2::uuid AND deleted_at IS NULL LIMIT 1`,
    [layer.unit, stored?.id ?? null],
  )
  if (same.length) problems.push({ field: 'unit', message: layer.unit ? '该科室已有工作日历，请修改原有的' : '全院日历已有，请修改原有的' })
  return problems
}
/** `periods.0.to` of the layer stands in the field `periods.0.end` of the record. */
const fieldOf = (at: string): string =>
  at
    .replace(/^(periods\.\d+)\.from$/, '$1.start')
    .replace(/^(periods\.\d+)\.to$/, '$1.end')
    .replace(/^(periods\.\d+)\.season$/, '$1.seasonFrom')
    .replace(/^(days\.\d+)\.hours$/, '$1.end')

async function checkHolidayYear(_kernel: Kernel, _ctx: Context, values: Readonly<Record<string, unknown>>): Promise<FieldProblem[]> {
  const year = holidayYearOfRecord(values)
  const rows = values['days'] as { from: string; to: string; kind: string }[]
  const problems: FieldProblem[] = []
  rows.forEach((row, at) => {
    if (!row.from.startsWith(String(year.year))) problems.push({ field: `days.${at}.from`, message: `须在 ${year.year} 年内` })
    else if (!row.to.startsWith(String(year.year))) problems.push({ field: `days.${at}.to`, message: `须在 ${year.year} 年内` })
    else if (row.to < row.from) problems.push({ field: `days.${at}.to`, message: '止日不能早于起日' })
    else if (row.kind === 'work' && row.to !== row.from) problems.push({ field: `days.${at}.to`, message: '调休上班请一天一行' })
    const clash = rows.slice(0, at).some((other) => row.from <= other.to && row.to >= other.from)
    if (clash) problems.push({ field: `days.${at}.from`, message: '与上面的日期重叠' })
  })
  return problems
}

/** From mid-November on the next year must be there: until then every limit that reaches it is provisional. Told once a month. */
export async function warnOfMissingYear(kernel: Kernel): Promise<void> {
  const day = today(kernel.clock)
  const next = Number(day.slice(0, 4)) + (day.slice(5) >= '11-15' ? 1 : 0)
  const planning = await planningOf(kernel)
  if (planning.holidays.years.has(next)) return
  const ctx = await kernel.context({ kind: 'system', reason: '节假日安排' }, 'system')
  const people = ctx.directory.peopleWithRole('medicalOffice', day)
  await tell(ctx, people, {
    kind: 'reminder',
    title: `${next} 年节假日安排尚未录入`,
    body: `跨入 ${next} 年的时限一律标为暂定。国务院办公厅的通知发布后，请录入放假与调休日期。`,
    link: `/r/clock.holidayYear/new?year=${next}`,
    onceKey: `clock/missing/${next}/${day.slice(0, 7)}`,
  })
}

function routes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'policies.calendar' } } }
  const unitOf = (ctx: Context, given: string | undefined): string | null => {
    if (!given) return null
    if (!isUuid(given) || !ctx.directory.units.has(given)) throw new Refusal('badRequest', '没有这个科室')
    return given
  }
  app.get<{ Querystring: { unit?: string; year?: string } }>('/api/clock/year', config, async (request) => {
    const ctx = await contextOf(request)
    const year = Number(request.query.year ?? today(ctx.clock).slice(0, 4))
    if (!Number.isInteger(year) || year < 1990 || year > 2100) throw new Refusal('badRequest', '年份不对')
    return calendarYear(kernel, ctx, unitOf(ctx, request.query.unit), year)
  })
  app.get<{ Querystring: { unit?: string; amount?: string; of?: string; from?: string } }>('/api/clock/trial', config, async (request) => {
    const ctx = await contextOf(request)
    const { unit, amount, of, from } = request.query
    if (!of || !Object.hasOwn(durationUnits, of)) throw new Refusal('badRequest', '单位不对')
    const duration = { unit: of as DurationUnit, amount: Number(amount) }
    const problem = durationProblem(duration)
    if (problem) throw new Refusal('badRequest', problem)
    const start = from ? parseInstant(from) : ctx.clock.now()
    if (!start) throw new Refusal('badRequest', '开始时间不对')
    return trial(await planningOf(kernel), unitOf(ctx, unit), duration, start)
  })
}

export default service({
  name: 'policies.calendar',
  routes,
  checks: { 'clock.calendar': checkCalendar, 'clock.holidayYear': checkHolidayYear },
  daily: { missingYear: warnOfMissingYear },
})
