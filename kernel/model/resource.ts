import type { ActionButton } from './buttons/buttons.ts'
import type { Limits } from './limits/limits.ts'
import type { Draft, Fields, Values } from './fields/field.ts'
import type { Filter } from './filter/filter.ts'

/** Where a record under approval stands; `state` is written by the flow only. */
export type RecordState = 'pending' | 'returned' | 'approved' | 'refused'

export interface ListSpec {
  /** Field keys or paths through references, e.g. `practitioner.title`. */
  columns: readonly string[]
  /** Offered as quick filters above the list. */
  filters?: readonly string[]
  /** `-field` sorts descending. */
  sort?: readonly string[]
  /** Ready-made views, shown as tabs; with columns of their own where these tell more than the usual ones. */
  views?: readonly { name: string; label: string; filter: Filter; columns?: readonly string[] }[]
}
export interface Owner {
  /** Field (or `id`) that names the person a row belongs to: the ground of the scope "own". */
  person?: string
  /** Field that names the unit a row belongs to: the ground of "my units", campus and zone. Without one a row counts to the unit of its person, wherever he stands today. */
  department?: string
}
export interface Group {
  readonly label: string
  /** Keys of fields, and what stands between them. */
  readonly fields: readonly (string | LayoutElement)[]
  /** Groups of one tab are shown together, one tab at a time. */
  readonly tab?: string
}
/** What stands in a form and holds no value: a description, or a line with a heading. */
export type LayoutElement = { readonly note: string } | { readonly divider: string }
/** A description in a form, above the fields that follow it. */
export const note = (text: string): LayoutElement => ({ note: text })
/** A line across a form; with words, a heading of what follows. */
export const divider = (heading = ''): LayoutElement => ({ divider: heading })
export const keysOf = (group: Group): string[] => group.fields.filter((one) => typeof one === 'string')
export interface ChangeGroup {
  readonly label: string
  readonly fields: readonly string[]
  readonly flow: string
}
export interface ResourceSpec<F extends Fields> {
  label: string
  /** The field whose value names a record. */
  title: string
  fields: F
  /** Adds fields to the table of another resource: one row seen under two names, `id` shared. */
  extends?: string
  owner?: Owner
  /** On the page of the person whom a record belongs to: the tab under which it stands with others of its kind. Without one it has a tab of its own. */
  chapter?: string
  groups?: readonly Group[]
  /** Keys that hold over pending and approved, not deleted rows. */
  unique?: readonly (readonly string[])[]
  indexes?: readonly (readonly string[])[]
  list?: Partial<ListSpec>
  /** The flow that a new record passes. Without one, a record is valid when saved. */
  approval?: string
  /** Field groups of an approved record whose changes other offices decide on: group → its fields and flow. What no group names passes `approval`. */
  changes?: Readonly<Record<string, ChangeGroup>>
  /** Which field holds the lines that are decided one by one. */
  items?: string
  /** Records are written by a module's verbs only, never through the generic routes. */
  writtenBy?: 'module'
  /** Path of the page where a record is filled in, where the generic form does not serve; `?repair=<instance>` mends a returned one. */
  form?: string
  /** A log that a module writes in bulk, out of what it has just read: the database neither proves its references nor indexes them for "what points here". */
  log?: boolean
  /** An empty form of it may be given to strangers by link: the fields that they fill in. The rest comes from defaults; its person and unit are those of whoever shared it. */
  publicForm?: { readonly fields: readonly string[]; readonly note?: string }
  /** Who has the right `security.emergency` may open one of its records to himself for some minutes, naming it by one of these keys in full. */
  emergency?: { readonly by: readonly string[]; readonly maxMinutes: number }
  /** Its records belong to periods that an officer closes: by which of its days. What is closed nobody writes any more, until it is opened again. */
  closing?: { readonly date: string }
  /** What of it holds from a day on, and was otherwise before: the row holds what counts today, its stretches lie beside it. `from`, `to`: fields of its first and last day. */
  timeline?: { readonly fields: readonly string[]; readonly from?: string; readonly to?: string }
  /** How many years its records must be kept, from which of their days, and by which rule: nothing of them is destroyed sooner, whoever asks. */
  retention?: { readonly years: number; readonly from: string; readonly basis: string }
  /** Form rules over several fields: a CEL condition that must hold, and the message at a field when it does not. */
  rules?: readonly { at: string; holds: string; message: string }[]
  /** When it may be begun, and how much there may be of it. */
  limits?: Limits
  /** Acts of its own, offered on a record. */
  buttons?: readonly ActionButton[]
  help?: string
}
export interface Resource<F extends Fields = Fields> extends ResourceSpec<F> {
  readonly name: string
}

export interface Envelope {
  id: string
  version: number
  state: RecordState
  createdAt: string
  createdBy: string | null
  updatedAt: string
  updatedBy: string | null
  deletedAt: string | null
}
export type Row<R> = R extends Resource<infer F> ? Envelope & Values<F> : never
export type DraftOf<R> = R extends Resource<infer F> ? Draft<F> : never

/** Declares a record type: from this one piece of data come table, API, list, form, import, export, rights and history. */
export function resource<const F extends Fields>(name: `${string}.${string}`, spec: ResourceSpec<F>): Resource<F> {
  return Object.freeze({ name, ...spec })
}

/** Envelope fields that lists, filters and sorts may name beside the declared ones. */
export const envelopeKinds = {
  id: 'reference',
  version: 'integer',
  state: 'choice',
  createdAt: 'dateTime',
  createdBy: 'person',
  updatedAt: 'dateTime',
  updatedBy: 'person',
  deletedAt: 'dateTime',
} as const
export type EnvelopeKey = keyof typeof envelopeKinds
export const stateLabels: Record<RecordState, string> = { pending: '审批中', returned: '已退回', approved: '已生效', refused: '未通过' }
