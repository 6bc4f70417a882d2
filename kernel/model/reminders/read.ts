import { filterProblem, readFilter, type Filter } from '../filter/filter.ts'
import { checkText } from '../fields/kind.ts'
import type { FieldProblem } from '../refusals.ts'
import { restDayWords, type Escalation, type Receiver, type Reminder, type ReminderDays, type RestDays, type Rhythm } from './definition.ts'

type Given = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)
/** How many of each a definition may hold. */
export const mostInReminder = { thresholds: 20, receivers: 20, escalations: 5 } as const
const listOf = (value: unknown, most: number): unknown[] | null =>
  Array.isArray(value) && value.length <= most ? (value as unknown[]) : null
const mostDays = 3650
const isCount = (value: unknown, from: number, to: number): value is number =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to
const isName = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 200

/** Collects what is wrong, each at its place. */
class Reader {
  readonly problems: FieldProblem[] = []
  wrong(field: string, message: string): void {
    this.problems.push({ field, message })
  }
  text(given: Given, field: string, most: number): string {
    const checked = checkText(given[field] ?? '', most)
    if ('problem' in checked) this.wrong(field, checked.problem)
    else if (checked.value === '') this.wrong(field, '请填写')
    return 'problem' in checked ? '' : ((checked.value as string | null) ?? '')
  }
  filter(given: Given, field: string): Filter | null {
    const value = given[field] ?? null
    if (value === null) return null
    const problem = filterProblem(value)
    if (problem) this.wrong(field, problem)
    return readFilter(value)
  }
  repeat(value: unknown, field: string): number | null {
    if (value === null || value === undefined) return null
    if (isCount(value, 1, 365)) return value
    this.wrong(field, '请填写 1 至 365 天')
    return null
  }
  days(value: unknown): ReminderDays[] {
    const list = listOf(value, mostInReminder.thresholds)
    if (!list?.length) this.wrong('when.days', '请填写提前几天，最多 20 个')
    return (list ?? []).flatMap((one, n): ReminderDays[] => {
      if (isCount(one, -mostDays, mostDays)) return [one]
      if (isObject(one) && isName(one['rule']) && (one['asOf'] === 'start' || one['asOf'] === 'decision')) return [{ rule: one['rule'], asOf: one['asOf'] }]
      this.wrong(`when.days.${n}`, `请填写天数，不超过 ${mostDays} 天`)
      return []
    })
  }
  when(value: unknown): Reminder['when'] {
    if (isObject(value) && value['kind'] === 'date') {
      if (!isName(value['date'])) this.wrong('when.date', '请选择日期')
      return { kind: 'date', date: isName(value['date']) ? value['date'] : '', days: this.days(value['days']) }
    }
    if (isObject(value) && value['kind'] === 'rhythm') return { kind: 'rhythm', rhythm: this.rhythm(value['rhythm']) }
    this.wrong('when', '请选择按日期还是按条件提醒')
    return { kind: 'rhythm', rhythm: { every: 'day' } }
  }
  private rhythm(value: unknown): Rhythm {
    const every = isObject(value) ? value['every'] : null
    const on = isObject(value) ? listOf(value['on'], 31) : null
    const within = (most: number) => on !== null && on.length > 0 && on.every((one) => isCount(one, 1, most))
    if (every === 'day' || every === 'workday') return { every }
    if (every === 'week' && within(7)) return { every, on: on as (1 | 2)[] }
    if (every === 'month' && within(31)) return { every, on: on as number[] }
    this.wrong('when.rhythm', every === 'week' ? '请选择星期几' : every === 'month' ? '请选择每月几日' : '请选择多久提醒一次')
    return { every: 'day' }
  }
  receivers(value: unknown, field: string): Receiver[] {
    const list = listOf(value, mostInReminder.receivers)
    if (!list?.length) this.wrong(field, '请选择提醒谁')
    return (list ?? []).flatMap((one, n) => this.receiver(one, `${field}.${n}`) ?? [])
  }
  private receiver(one: unknown, field: string): Receiver | null {
    const given = isObject(one) ? one : {}
    const gathered = given['gathered'] === true
    const { who, of, people } = given
    if (who === 'owner' || who === 'headOfUnit') return { who, gathered }
    if (who === 'field' && isName(given['field'])) return { who, field: given['field'], gathered }
    if (who === 'role' && isName(given['role']) && (of === 'hospital' || of === 'campus' || of === 'unit')) return { who, role: given['role'], of, gathered }
    const named = listOf(people, 200)
    if (who === 'people' && named?.length && named.every(isName)) return { who, people: named, gathered }
    this.wrong(field, who === 'people' ? '请选择人员，最多 200 人' : who === 'role' ? '请选择角色' : who === 'field' ? '请选择人员字段' : '请选择提醒谁')
    return null
  }
  escalations(value: unknown): Escalation[] {
    const list = listOf(value ?? [], mostInReminder.escalations)
    if (!list) this.wrong('escalate', '最多 5 级')
    return (list ?? []).flatMap((one, n): Escalation[] => {
      const at = `escalate.${n}`
      if (!isObject(one)) return (this.wrong(at, '无法识别'), [])
      if (!isCount(one['after'], 0, mostDays)) this.wrong(`${at}.after`, '请填写天数')
      return [{ after: Number(one['after']), repeat: this.repeat(one['repeat'], `${at}.repeat`), whom: this.receivers(one['whom'], `${at}.whom`) }]
    })
  }
} // prettier-ignore

/** A definition as it comes from outside; what cannot be read is named by its path. Whether what it names exists is proved apart. */
export function readReminder(value: unknown, name: string, resource: string): { reminder: Reminder; problems: FieldProblem[] } {
  const given = isObject(value) ? value : {}
  const read = new Reader()
  const rest = given['restDays']
  if (!isCount(given['at'], 0, 1439)) read.wrong('at', '请填写时间')
  if (typeof rest !== 'string' || !Object.hasOwn(restDayWords, rest)) read.wrong('restDays', '请选择休息日怎么办')
  const reminder: Reminder = {
    name,
    label: read.text(given, 'label', 60),
    resource,
    when: read.when(given['when']),
    where: read.filter(given, 'where'),
    done: read.filter(given, 'done'),
    whom: read.receivers(given['whom'], 'whom'),
    repeat: read.repeat(given['repeat'], 'repeat'),
    escalate: read.escalations(given['escalate']),
    at: Number(given['at']),
    restDays: rest as RestDays,
    title: read.text(given, 'title', 100),
    text: read.text(given, 'text', 500),
    summary: read.text(given, 'summary', 100),
    urgent: given['urgent'] === true,
    todo: given['todo'] === true,
  }
  return { reminder, problems: read.problems }
}
