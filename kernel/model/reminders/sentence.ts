import type { Filter } from '../filter/filter.ts'
import { restDayWords, type Receiver, type Reminder, type ReminderDays, type Rhythm } from './definition.ts'

/** How names are said here. */
export interface SentenceNames {
  type: string
  date(path: string): string
  field(key: string): string
  role(name: string): string
  rule(name: string): string
  person(id: string): string
  filter(filter: Filter): string
}
const weekdays = ['一', '二', '三', '四', '五', '六', '日']
const time = (at: number): string => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
const listed = (words: readonly string[]): string => words.join('、')

function daysWords(days: readonly ReminderDays[], ruled: (name: string) => string): string {
  const numbers = days.filter((one) => typeof one === 'number').toSorted((a, b) => b - a)
  const rules = days.flatMap((one) => (typeof one === 'number' ? [] : [`“${ruled(one.rule)}”`]))
  const [before, after] = [numbers.filter((one) => one > 0), numbers.filter((one) => one < 0)]
  const ahead = [...rules, ...before.map(String)]
  return listed([
    ...(ahead.length ? [`前 ${listed(ahead)} 天`] : []),
    ...(numbers.includes(0) ? ['当天'] : []),
    ...(after.length ? [`后 ${listed(after.map((one) => String(-one)))} 天`] : []),
  ])
}
/** 每周一、三 */
export function rhythmWords(rhythm: Rhythm): string {
  if (rhythm.every === 'day') return '每天'
  if (rhythm.every === 'workday') return '每个工作日'
  if (rhythm.every === 'week') return `每周${listed(rhythm.on.toSorted((a, b) => a - b).map((one) => weekdays[one - 1]!))}`
  return `每月 ${listed(rhythm.on.toSorted((a, b) => a - b).map(String))} 日`
}
const whose = { hospital: '全院', campus: '本院区', unit: '本科室' } as const
/** 本人、科主任、医务处（汇总一条） */
export function receiverWords(one: Receiver, names: Pick<SentenceNames, 'field' | 'role' | 'person'>): string {
  const gathered = one.gathered ? '（汇总一条）' : ''
  if (one.who === 'owner') return `本人${gathered}`
  if (one.who === 'headOfUnit') return `科主任${gathered}`
  if (one.who === 'field') return `${names.field(one.field)}${gathered}`
  if (one.who === 'role') return `${one.of === 'hospital' ? '' : whose[one.of]}${names.role(one.role)}${gathered}`
  const some = one.people.slice(0, 3).map((id) => names.person(id))
  return `${listed(some)}${one.people.length > 3 ? ` 等 ${one.people.length} 人` : ''}${gathered}`
}
const whomWords = (whom: readonly Receiver[], names: SentenceNames): string =>
  listed(whom.map((one) => receiverWords(one, names))) || '（未选择）'

/** What a reminder means, as people would say it. */
export function sayReminder({ when, where, done, whom, repeat, escalate, at, restDays, urgent }: Reminder, names: SentenceNames): string {
  const subject = where ? `${names.type}（${names.filter(where)}）` : names.type
  const isDate = when.kind === 'date'
  const again = repeat === null ? '' : `，此后每 ${repeat} 天一次`
  const first = isDate
    ? `${subject}的${names.date(when.date)}${daysWords(when.days, (name) => names.rule(name))}，${time(at)} 提醒${whomWords(whom, names)}${again}`
    : `${subject}，${rhythmWords(when.rhythm)} ${time(at)} 提醒${whomWords(whom, names)}`
  const more = escalate.map((one) => {
    const from = isDate ? (one.after === 0 ? '到了当天仍未办结' : `过 ${one.after} 天仍未办结`) : `首次提醒后 ${one.after} 天仍未办结`
    return `${from}，${one.repeat === null ? '' : `每 ${one.repeat} 天`}提醒${whomWords(one.whom, names)}`
  })
  const until = done ? `直到${names.filter(done)}` : repeat !== null || escalate.some((one) => one.repeat !== null) ? '直到办结' : ''
  const rest = restDays === 'same' ? '' : `遇休息日${restDayWords[restDays]}`
  return `${[first, ...more, until, rest, urgent ? '紧急，不受免打扰限制' : ''].filter(Boolean).join('；')}。`
}
