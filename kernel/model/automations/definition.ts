import type { Minutes } from '../clock/calendar.ts'
import type { Fields } from '../fields/field.ts'
import type { Filter } from '../filter/filter.ts'
import type { Receiver, Rhythm } from '../reminders/definition.ts'

/** How far automations go. */
export const mostInAutomation = { acts: 10, values: 40, receivers: 20, fields: 40, days: 3650, text: 2000 } as const
/** An automation may be led to by so many others; a further one is stopped. */
export const mostDepth = 5
/** Of one automation within an hour; then it pauses, and whoever published it is told. */
export const mostRunsAnHour = 1000
/** So long a run is kept. */
export const keptRunDays = 180

export const whenKinds = {
  created: '新建时',
  changed: '修改时',
  approved: '审批通过时',
  deleted: '删除时',
  date: '到某个日期前后',
  schedule: '定时',
  webhook: '其他系统通知时',
} as const
export type WhenKind = keyof typeof whenKinds
export type AutomationWhen =
  | { readonly kind: 'created' }
  | { readonly kind: 'approved' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'webhook' }
  /** One of these fields has changed; any where none is named. */
  | { readonly kind: 'changed'; readonly fields: readonly string[] }
  /** So many days before the date (negative: after it), not before this time of the day. */
  | { readonly kind: 'date'; readonly date: string; readonly days: number; readonly at: Minutes }
  /** `each`: for each record that passes the conditions; else once, about no record. */
  | { readonly kind: 'schedule'; readonly rhythm: Rhythm; readonly at: Minutes; readonly each: boolean }

/** Where a value that is written comes from. */
export const valueSources = {
  constant: '固定内容',
  field: '触发记录的字段',
  expression: '公式',
  hook: '通知里的内容',
  today: '当天日期',
  runner: '运行身份本人',
} as const
export type AutomationValue =
  | { readonly from: 'constant'; readonly value: unknown }
  /** `id`: the record itself. */
  | { readonly from: 'field'; readonly field: string }
  | { readonly from: 'expression'; readonly text: string }
  | { readonly from: 'hook'; readonly key: string }
  | { readonly from: 'today' }
  | { readonly from: 'runner' }
export interface SetValue {
  readonly field: string
  readonly value: AutomationValue
}
export const actKinds = { create: '新建记录', update: '修改记录', message: '发消息', webhook: '通知其他系统' } as const
export type AutomationAct =
  /** Of a type under approval: submits it. */
  | { readonly kind: 'create'; readonly resource: string; readonly values: readonly SetValue[] }
  /** `at`: the field through which the record is found; null: the record itself. Under approval: asks for the change. */
  | { readonly kind: 'update'; readonly at: string | null; readonly values: readonly SetValue[] }
  | { readonly kind: 'message'; readonly whom: readonly Receiver[]; readonly title: string; readonly text: string }
  /** These fields go along. */
  | { readonly kind: 'webhook'; readonly url: string; readonly fields: readonly string[] }

/** When something happens – if – then: what the hospital lets the program do by itself. */
export interface Automation {
  readonly label: string
  /** Empty where it is about no record. */
  readonly resource: string
  readonly when: AutomationWhen
  readonly where: Filter | null
  /** What the values must have been before a change. */
  readonly was: Filter | null
  readonly acts: readonly AutomationAct[]
  /** Also for what a file brings in: not unless it is said. */
  readonly onImport?: boolean
  /** The person as whom it acts; null: whoever publishes it. */
  readonly runsAs: string | null
}

/** May a file bring about what it waits for? */
export const mayComeByFile = ({ kind }: AutomationWhen): boolean => kind === 'created' || kind === 'changed' || kind === 'approved'
/** Is it about one record? */
export const hasRecord = ({ when }: Pick<Automation, 'when'>): boolean => when.kind !== 'webhook' && (when.kind !== 'schedule' || when.each)
/** The type that an act writes; null where it writes none. */
export function writtenType(
  defs: { readonly resources: { get(name: string): { readonly fields: Fields } | undefined } },
  { resource }: Pick<Automation, 'resource'>,
  act: AutomationAct,
): string | null {
  if (act.kind === 'create') return act.resource
  if (act.kind !== 'update') return null
  if (act.at === null) return resource
  const field = defs.resources.get(resource)?.fields[act.at]
  return field && 'target' in field.options ? field.options.target : null
}
