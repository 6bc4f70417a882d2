import type { Filter } from './filter/filter.ts'
import type { InstanceState } from './flow/index.ts'

/** What travels about work that waits, and about approvals as a whole. */

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
  /** Unread in conversations. */
  talks: number
  /** Notices that must be read before anything else. */
  mustRead: number
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
/** GET /api/todos: what a person has to look after beyond approvals. */
export interface TodoItem {
  id: string
  title: string
  link: string
  due: string | null
  openedAt: string
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
