import type { InstanceState } from './flow/index.ts'
import type { Field, Fields, OnDelete } from './fields/field.ts'
import type { Filter } from './filter/filter.ts'
import type { MenuGroup } from './module.ts'
import type { FieldProblem, RefusalCode } from './refusals.ts'
import type { Group, ListSpec, Owner, RecordState } from './resource.ts'

/** What travels between page and server: one set of types for both. */

/** GET /api/me */
export interface Me {
  person: { id: string; name: string; unit: string | null; unitName: string | null } | null
  account: { id: string; name: string; mustChangePassword: boolean }
  roles: { name: string; label: string }[]
  /** Rights that are no record's (`privileges.check` …). */
  rights: string[]
  hospital: { name: string; medicalOffice: string }
  today: string
  /** Sent back as `x-csrf-token` with every writing request. */
  csrf: string
}

/** GET /api/definitions: the effective definitions, cut to the asker's rights. */
export interface ClientDefinitions {
  version: string
  resources: ClientResource[]
  menu: MenuGroup[]
  units: ClientUnit[]
}
export interface ClientResource {
  name: string
  module: string
  moduleLabel: string
  label: string
  title: string
  fields: Fields
  owner: Owner
  groups: readonly Group[]
  list: ListSpec
  items?: string
  approval?: string
  writtenBy?: 'module'
  form?: string
  rules?: readonly { at: string; holds: string; message: string }[]
  /** An empty form of it may be filled in by whoever holds a link. */
  hasPublicForm?: true
  /** Columns put together by a page: nobody made or changed it. */
  hasNoEnvelope?: true
  may: Record<'read' | 'create' | 'update' | 'delete' | 'import' | 'export', boolean>
  /** Keys of fields that this asker sees masked, or may not write. */
  masked: string[]
  readOnly: string[]
}
/** GET /api/search: records of one type, a few of those found. */
export interface FoundGroup {
  resource: string
  label: string
  records: { id: string; title: string; hint: string }[]
  /** The list has more. */
  more: boolean
  /** Did not answer in time. */
  isLate: boolean
}
export interface SearchAnswer {
  groups: FoundGroup[]
}
export interface ClientUnit {
  id: string
  name: string
  kind: string
  parent: string | null
}

/** A record as answered: envelope, values (references as ids, columns asked by path under their path) and what the asker may do with it. */
export interface ApiRecord {
  id: string
  version: number
  state: RecordState
  createdAt: string
  createdBy: string | null
  updatedAt: string
  updatedBy: string | null
  deletedAt: string | null
  may?: {
    update: boolean
    delete: boolean
    restore?: boolean
    purge?: boolean
    writeDirectly?: boolean
    requestChange?: boolean
    requestDeletion?: boolean
    /** Open it to a colleague. */
    share?: boolean
  }
  /** The open or last approval of the record. */
  flow?: { instance: string } | null
  /** Changes of the record that still wait for their approval. */
  changing?: { instance: string; group: string; occasion: 'change' | 'delete'; applicant: string; at: string }[]
  /** Deleted because it was merged into this record. */
  mergedInto?: string
  /** It belongs to a period that is closed. */
  closed?: { through: string; byName: string; at: string }
  /** I am told what becomes of it. */
  followed?: boolean
  /** Came in through a public form. */
  fromPublicForm?: true
  /** Kept fields whose value is still being worked out. */
  computing?: string[]
  [key: string]: unknown
}
/** Titles of everything referred to: resource → id → title. */
export type Titles = Record<string, Record<string, string>>

/** GET /api/records/:resource?filter=<json>&sort=a,-b&search=&columns=a,b.c&marks=<json filters>&limit=50&cursor= &deleted=1 */
export interface ListAnswer {
  rows: ApiRecord[]
  titles: Titles
  /** Cursor of the next page; null at the end. */
  next: string | null
  /** Of the filters asked for as marks: which of them each record passes. Records that pass none are left out. */
  marks?: Record<string, number[]>
}
/** GET /api/records/:resource/days?on=&from=&to=&each=&filter=&search=&columns= : how many records stand on each day, and the first of them. */
export interface DaysAnswer {
  days: { day: string; count: number; ids: string[] }[]
  rows: ApiRecord[]
  titles: Titles
}
/** GET /api/records/:resource/branches?by=parent&under=<id> : the records directly below one, or the topmost; with a filter those that pass it, and those above them. */
export interface BranchesAnswer extends ListAnswer {
  /** How many stand directly below each; none where it is left out. */
  below: Record<string, number>
  /** Those that pass the filter themselves; null without a filter. */
  hits: string[] | null
}
/** GET /api/records/:resource/count?filter=&search= ; exact up to 10,000, else estimated. */
export interface CountAnswer {
  count: number
  exact: boolean
  /** There are more than `count`; how many is not known. */
  over?: true
}
/** GET /api/records/:resource/:id; POST and PATCH answer the same. */
export interface RecordAnswer {
  record: ApiRecord
  titles: Titles
}
/** GET /api/records/:resource/:id/pointing: what points at a record, by declared reference; POST …/purge {reason} is refused with the same. */
export interface PointingAnswer {
  groups: PointingGroup[]
}
export interface PointingGroup {
  resource: string
  label: string
  field: string
  fieldLabel: string
  onDelete: OnDelete
  count: number
  /** There are more than were counted. */
  isMore: boolean
  /** Some of those that the asker may see. */
  records: { id: string; title: string }[]
}
/** GET /api/choices/:resource?search=&filter=&limit=20 : for pickers; needs only the right to name records. */
export interface ChoicesAnswer {
  options: { id: string; title: string; hint?: string }[]
}
/** POST /api/choices/:resource/named {texts}: in their order, which record each text names, or why none can be told. */
export interface NamedAnswer {
  found: ({ id: string; title: string } | { problem: string })[]
}
/** GET /api/records/:resource/:id/history */
export interface HistoryEntry {
  at: string
  version: number
  actor: string | null
  actorName: string
  onBehalfOf: string | null
  act: string
  origin: string
  /** Field key → before and after, formatted for people. */
  changes: { field: string; label: string; before: string; after: string }[]
}

/** problem+json (RFC 9457): every refusal and fault. A version conflict also carries `current`. */
export interface Problem {
  type: string
  title: string
  status: number
  code: RefusalCode
  problems?: FieldProblem[]
  current?: ApiRecord
  requestId?: string
  [detail: string]: unknown
}

/** Which of my work: what waits for me, what I may claim, what I decide for others, what I asked for, what I dealt with, what I was shown. */
export type TaskView = 'open' | 'claim' | 'standIn' | 'mine' | 'done' | 'copied'
/** GET /api/tasks?view=&cursor=&search=&flow= */
export interface TaskPage {
  rows: TaskItem[]
  /** Cursor of the next page; null at the end. */
  next: string | null
}
export interface TaskItem {
  task: string
  instance: string
  kind: 'decide' | 'fill' | 'seal' | 'claim' | 'consult' | 'copy' | 'mine'
  number: string
  flow: string
  flowLabel: string
  step: string
  stepLabel: string
  resource: string
  record: string
  title: string
  summary: string
  applicant: string
  applicantName: string
  applicantUnit: string
  openedAt: string
  due: string | null
  /** 暂定: the due moment reaches into a year whose holidays are not known yet. */
  provisional: boolean
  items: number
  state: 'open' | 'done' | 'cancelled'
  status: InstanceState['status']
  /** In whose name I decide it. */
  insteadOf: { id: string; name: string } | null
  /** Whom it waits for, where it is mine. */
  waitsFor: string[]
  /** The step lets it be decided among many (W22). */
  bulk: boolean
  /** What it holds as seen here: a bulk act carries it. */
  version: number
}
/** POST /api/tasks/bulk {tasks: [{instance, task, version, actId}], opinion}: each its own act with its own result. */
export interface BulkAnswer {
  results: { instance: string; task: string; ok: boolean; message: string }[]
}
/** GET /api/counts: the badges. */
export interface Counts {
  tasks: number
  claim: number
  standIn: number
  copied: number
  messages: number
}
/** GET /api/stand-ins */
export interface StandInItem {
  id: string
  person: string
  personName: string
  deputy: string
  deputyName: string
  from: string
  to: string
  /** Null: all approvals. */
  flows: string[] | null
  reason: string
  state: 'coming' | 'running' | 'ended'
  /** I gave it. */
  mine: boolean
}
/** GET /api/flow-bindings */
export interface BindingItem {
  resource: string
  resourceLabel: string
  occasion: string
  occasionLabel: string
  default: string
  bindings: { id: string; label: string; filter: Filter; flow: string; enabled: boolean }[]
}
/** POST /api/flows/change-many/:resource {actId, reason, records: [{id, seenVersion, changes}]}: what became of each record. */
export interface ChangeManyAnswer {
  results: { record: string; ok: boolean; instance: string | null; message: string }[]
}
/** PATCH /api/records/:resource {records: [{id, version, changes}]}: what became of each record; `current` where somebody has changed it since. */
export interface WriteManyAnswer {
  results: { record: string; ok: boolean; version: number | null; message: string; problems: FieldProblem[]; current: ApiRecord | null }[]
}
export interface BinItem {
  resource: string
  label: string
  id: string
  version: number
  title: string
  deletedAt: string
  deletedBy: string
}
/** GET /api/bin?resource=&by=&after= : what was deleted, the latest first; `next` is the `after` of the next page. */
export interface BinAnswer {
  items: BinItem[]
  next: string | null
  kinds: { name: string; label: string }[]
}
/** GET /api/seal-uses?before= : 用印登记, newest first. */
export interface SealUse {
  id: string
  at: string
  seal: string
  copies: number
  person: string
  personName: string
  actor: string
  actorName: string
  instance: string
  number: string
  title: string
  note: string
}
/** GET /api/incidents: approvals that nobody can act on, and calls that fail. */
export interface IncidentItem {
  instance: string
  number: string
  title: string
  flowLabel: string
  step: string
  stepLabel: string
  entry: string
  why: 'nobodyFound' | 'quorumImpossible' | 'serviceFailed' | 'noMoment' | 'due'
  since: string
  problem: string | null
  applicantName: string
}

/** GET /api/messages */
export interface MessageItem {
  id: string
  at: string
  title: string
  body: string
  link: string | null
  readAt: string | null
}
/** GET /api/audit */
export interface AuditItem {
  seq: number
  at: string
  actor: string | null
  actorName: string | null
  act: string
  outcome: 'done' | 'refused' | 'failed'
  resource: string | null
  record: string | null
  address: string | null
  detail: Record<string, unknown>
  resourceLabel?: string | null
  recordTitle?: string | null
}
/** GET /api/flow-versions: each flow, and what runs under which of its versions, newest first. */
export interface FlowVersions {
  flow: string
  label: string
  /** Null when the program no longer has it: what runs can only be ended. */
  newest: number | null
  versions: { version: number; at: string; running: number }[]
}
/** GET /api/flow-versions/:flow/:version/running: what a move to the newest version would do to each instance. */
export interface FlowMovePreview {
  instance: string
  number: string
  title: string
  applicantName: string
  /** Why it cannot; empty when it can. */
  obstacles: { place: string; message: string }[]
  /** Fields under their new names. */
  renamed: { from: string; to: string }[]
  /** Steps whose people are others now, and whose tasks come and go. */
  steps: string[]
  losesTask: string[]
  getsTask: string[]
}
export interface FlowMovePage {
  rows: FlowMovePreview[]
  next: string | null
}
/** POST …/move and …/terminate {instances, reason?}, POST /api/flow-replacements: each its own transaction with its own result. */
export interface FlowMoveAnswer {
  results: { instance: string; number: string; ok: boolean; message: string }[]
}
/** GET /api/flow-replacements: one person in place of another in every definition. */
export interface FlowReplacementItem {
  id: string
  from: { id: string; name: string }
  to: { id: string; name: string }
  reason: string
  at: string
  byName: string
  endedAt: string | null
}
/** A person as other programs know him. */
export interface FlowApiPerson {
  name: string
  staffNumber: string | null
}
/** GET /api/flow-api/instances/:id: where an approval stands, for another program. */
export interface FlowApiAnswer {
  instance: string
  number: string
  flow: string
  resource: string
  record: string
  status: InstanceState['status']
  /** Sent back as seenVersion with an act. */
  version: number
  applicant: FlowApiPerson
  waitsFor: (FlowApiPerson & { tasks: { task: string; step: string; since: string }[] })[]
  stuck: readonly string[]
  path: {
    step: string
    label: string
    kind: string
    state: string
    since: string | null
    until: string | null
    due: string | null
    provisional: boolean
    people: (FlowApiPerson & { state: string; at: string | null })[]
  }[]
  items: { item: string; state: string; reason: string | null; narrowTo: unknown; splitTo: string | null }[]
}
/** GET /api/todos: what a person has to look after beyond approvals. */
export interface TodoItem {
  id: string
  title: string
  link: string
  due: string | null
  openedAt: string
}
export interface ImportColumn {
  /** Heading in the file. */
  heading: string
  /** Field key it goes to; null = not used. */
  field: string | null
  samples: string[]
}
export type { Field, Filter }
