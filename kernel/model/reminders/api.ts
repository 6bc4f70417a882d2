import type { Day } from '../clock/day.ts'
import type { FieldProblem } from '../refusals.ts'
import type { ClientResource } from '../api.ts'
import type { FlowName } from '../api-flow-design.ts'
import type { MessageChannel } from '../messaging/kinds.ts'
import type { Reminder } from './definition.ts'

export const reminderRunStates = { waiting: '等待执行', running: '执行中', done: '已完成', failed: '失败' } as const
export interface ReminderRun {
  day: Day
  state: keyof typeof reminderRunStates
  startedAt: string
  endedAt: string | null
  /** Records that were due. */
  records: number
  /** Messages: one a record, or one gathered line. */
  told: number
  people: number
  /** Receivers who were passed over: left, without right. */
  withheld: number
  problem: string | null
}
/** A reminder as the list shows it. */
export interface ReminderItem {
  name: string
  label: string
  resource: string
  typeLabel: string
  /** `program`: as the product declares it; `changed`: the hospital's version of that; `hospital`: its own. */
  from: 'program' | 'changed' | 'hospital'
  programChanged: boolean
  isOn: boolean
  sentence: string
  /** `YYYY-MM-DD HH:mm`; null: it does not run. */
  next: string | null
  last: ReminderRun | null
  problems: FieldProblem[]
}
/** A reminder as the editor opens it. */
export interface ReminderDetail extends ReminderItem {
  definition: Reminder
  /** The version in force; 0: the product's own. */
  version: number
  changedAt: string | null
  changedBy: string | null
  /** What it may name. */
  roles: FlowName[]
  rules: FlowName[]
  people: FlowName[]
  types: ClientResource[]
}
export interface ReminderVersion {
  version: number
  at: string
  by: string
  note: string
  inForce: boolean
  sentence: string
  definition: Reminder
}

export const withheldWords = {
  gone: '已离职或账号停用',
  unseen: '无权查看这条记录',
  hidden: '条件用到他无权查看的字段',
  nobody: '没有可提醒的人',
} as const
export type Withheld = keyof typeof withheldWords
export interface ReminderPreviewRow {
  /** `told`: told of it before. */
  verdict: 'tell' | 'told' | Withheld
  person: string
  /** Null where the reader may not see the record. */
  title: string | null
  text: string | null
  link: string | null
  stage: number
}
/** Who would be told. */
export interface ReminderPreview {
  /** The next day on which it runs, and whether that is today. */
  day: Day
  isToday: boolean
  /** It would run at once: its time has passed. */
  isNow: boolean
  at: string
  records: number
  people: number
  messages: number
  told: number
  withheld: Partial<Record<Withheld, number>>
  ways: Record<MessageChannel, number>
  /** Of those with own quiet hours at that time. */
  quiet: number
  rows: ReminderPreviewRow[]
  /** No more records than this were looked at; null: all. */
  bound: number | null
  /** Whoever asks sees only some of the records: only those are counted. */
  isPartial: boolean
  /** Why nothing can be counted, in words. */
  obstacle: string | null
}
/** Who was told of what. */
export interface ReminderTold {
  at: string
  person: string
  record: string
  /** Null where the reader may not see the record. */
  title: string | null
  occurrence: Day
  stage: number
}
/** What a record has reminded of. */
export interface RecordReminded {
  at: string
  reminder: string
  people: string[]
  stage: number
}
