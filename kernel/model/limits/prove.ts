import { isDay } from '../clock/day.ts'
import type { Definitions, ResolvedResource } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'
import type { Field } from '../fields/field.ts'
import { isTotalled } from '../fields/totals.ts'
import { pathsOf } from '../filter/filter.ts'
import type { FieldProblem } from '../refusals.ts'
import type { Cap, OpenHours } from './limits.ts'

/** What is wrong with a type's limits, each at its place below `limits`. */
export function limitProblems(defs: Definitions, r: ResolvedResource): FieldProblem[] {
  const { open, caps = [] } = r.limits ?? {}
  return [
    ...(open ? hourProblems(open) : []),
    ...caps.flatMap((cap, n) => capProblems(defs, r, cap).map(({ field, message }) => ({ field: `limits.caps.${n}.${field}`, message }))),
  ]
}
const clock = /^([01]\d|2[0-3]):[0-5]\d$/
function hourProblems({ from, until, hours, days = [] }: OpenHours): FieldProblem[] {
  const problems: FieldProblem[] = []
  const say = (field: string, message: string) => problems.push({ field: `limits.open.${field}`, message })
  if (from && !isDay(from)) say('from', '日期不对')
  if (until && !isDay(until)) say('until', '日期不对')
  if (from && until && from > until) say('until', '截止日期早于开始日期')
  if (hours && !(clock.test(hours.from) && clock.test(hours.until))) say('hours', '时间写作 08:00')
  else if (hours && hours.from === hours.until) say('hours', '开始与结束相同')
  if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) say('days', '星期为 1 至 7')
  return problems
}

const isSingle = ({ kind }: Field): boolean => kind === 'reference' || kind === 'person' || kind === 'unit'
/** A number of the row itself, in plain. */
const isPlainNumber = (field: Field | undefined): boolean => field !== undefined && isTotalled(field) && !isProtected(field)
function capProblems(defs: Definitions, r: ResolvedResource, { by, per, most, amount, where }: Cap): FieldProblem[] {
  const problems: FieldProblem[] = []
  const say = (field: string, message: string) => problems.push({ field, message })
  const shared = by === 'person' || by === 'all' ? undefined : r.fields[by]
  if (by !== 'person' && by !== 'all' && !(shared && isSingle(shared) && !isProtected(shared))) say('by', '请选择一个引用字段')
  if (typeof most === 'number') {
    if (!(most > 0 && most <= 1_000_000_000)) say('most', '上限应大于 0')
  } else if (!shared) say('most', '只有按引用的记录共用时，上限才能取自它的字段')
  else {
    const target = defs.resources.get((shared.options as { target: string }).target)
    if (!isPlainNumber(target?.fields[most.field])) say('most', '请选择所引用记录的一个数字字段')
    if (per !== 'ever') say('per', '上限取自记录时，只能始终计算')
  }
  if (amount !== undefined && !isPlainNumber(r.fields[amount])) say('amount', '请选择一个数字字段')
  for (const path of where ? pathsOf(where) : [])
    if (path.includes('.') || !defs.path(r.name, path) || (r.fields[path] && isProtected(r.fields[path]))) {
      say('where', `条件只能用本表的普通字段：${r.fields[path]?.label ?? path}`)
      break
    }
  return problems
}
