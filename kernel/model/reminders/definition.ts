import type { Minutes, Weekday } from '../clock/calendar.ts'
import type { Filter } from '../filter/filter.ts'
import type { StatedRule } from '../rules/binding.ts'

/** So many days before the date; 0 on it, negative after it. A number may come from a rule card, as it stood when the record was made (`start`) or as it stands on the day (`decision`). */
export type ReminderDays = number | StatedRule
/** On which days a condition is looked at. The 31st of a short month is its last day. */
export type Rhythm =
  | { readonly every: 'day' }
  | { readonly every: 'workday' }
  | { readonly every: 'week'; readonly on: readonly Weekday[] }
  | { readonly every: 'month'; readonly on: readonly number[] }
export type ReminderWhen =
  /** `date` may lead through references. */
  | { readonly kind: 'date'; readonly date: string; readonly days: readonly ReminderDays[] }
  /** Whatever passes the conditions, as often as this. */
  | { readonly kind: 'rhythm'; readonly rhythm: Rhythm }
export type ReceiverKind =
  | { readonly who: 'owner' }
  | { readonly who: 'headOfUnit' }
  /** Who stands in a field of the record. */
  | { readonly who: 'field'; readonly field: string }
  | { readonly who: 'role'; readonly role: string; readonly of: 'hospital' | 'campus' | 'unit' }
  | { readonly who: 'people'; readonly people: readonly string[] }
/** `gathered`: one line for all records, else one message a record. */
export type Receiver = ReceiverKind & { readonly gathered: boolean }
/** Still not done so many days after the date, or after it was first told: then these as well. */
export interface Escalation {
  readonly after: number
  /** Again every so many days; null: once. */
  readonly repeat: number | null
  readonly whom: readonly Receiver[]
}
/** What falls on a rest day is told on the working day before or after it, or on that very day. */
export const restDayWords = { after: '顺延到下一个工作日', before: '提前到上一个工作日', same: '当天照常提醒' } as const
export type RestDays = keyof typeof restDayWords

/** Tells people of records whose date comes near or that pass a condition; the product's and the hospital's alike. */
export interface Reminder {
  readonly name: string
  readonly label: string
  readonly resource: string
  readonly when: ReminderWhen
  readonly where: Filter | null
  /** What passes this needs nobody's care any more. */
  readonly done: Filter | null
  readonly whom: readonly Receiver[]
  /** After the last threshold again every so many days until done; null: not. */
  readonly repeat: number | null
  readonly escalate: readonly Escalation[]
  /** Not before this time of the day. */
  readonly at: Minutes
  readonly restDays: RestDays
  readonly title: string
  readonly text: string
  /** The title of a gathered line. */
  readonly summary: string
  readonly urgent: boolean
  /** Leaves a to-do as well, until done. */
  readonly todo: boolean
}

const receiver = (whom: string): Receiver =>
  whom === 'owner' || whom === 'headOfUnit' ? { who: whom, gathered: false } : { who: 'role', role: whom, of: 'hospital', gathered: true }
export interface BeforeOptions {
  days: readonly ReminderDays[]
  /** `owner`, `headOfUnit`, or a role's name; an office is told in one line. */
  whom: readonly string[]
  where?: Filter
  text: string
  label?: string
  title?: string
}
/** Reminds some days before a date field is reached. */
export const before = (target: { readonly name: string; readonly label?: string }, date: string, options: BeforeOptions): Reminder => ({
  name: `${target.name}.${date}`,
  label: options.label ?? `${target.label ?? target.name}到期提醒`,
  resource: target.name,
  when: { kind: 'date', date, days: options.days },
  where: options.where ?? null,
  done: null,
  whom: options.whom.map(receiver),
  repeat: null,
  escalate: [],
  at: 480,
  restDays: 'same',
  title: options.title ?? '{type}即将到期',
  text: options.text,
  summary: '{count} 项{type}将到期',
  urgent: false,
  todo: true,
})
