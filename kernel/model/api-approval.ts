import type { ApiRecord, ClientResource, Titles } from './api.ts'
import type { AdmissionMode, InstanceState, Line, PathStep } from './flow/index.ts'
import type { RowChange } from './rows.ts'
import type { StepRule } from './rules/step-rule.ts'

/** What travels about one approval: all that a decision needs on one screen. */

/** One field of a change request. */
export interface ChangedField {
  field: string
  label: string
  was: unknown
  wanted: unknown
  /** What the record holds meanwhile, where that is neither. */
  now?: unknown
  /** Of a sub-table: what is done to which of its rows. */
  rows?: RowChange[]
}
/** A step of a path, its people named. */
export interface NamedPath extends Omit<PathStep, 'people'> {
  rule?: StepRule
  people: (PathStep['people'][number] & { name: string; unitName: string })[]
}
/** POST /api/flows/preview {resource, draft}: who will decide, before submission. */
export interface PreviewAnswer {
  path: NamedPath[]
  /** Steps whose people the applicant chooses as he submits. */
  choose: ChoosePeople[]
}
/** A step whose people are chosen: within a range (absent: anybody), and at most so many. */
export interface ChoosePeople {
  step: string
  label: string
  max?: number
  range?: { id: string; name: string; unitName: string }[]
}
/** GET /api/approvals/:instance: everything that a decision needs on one screen. */
export interface ApprovalAnswer {
  instance: string
  number: string
  label: string
  title: string
  status: InstanceState['status']
  resource: string
  /** What the record type is, for whom his task alone lets read it; others have it already. */
  definition: ClientResource | null
  record: ApiRecord
  titles: Titles
  applicant: { id: string; name: string; unitName: string }
  filledBy: { id: string; name: string } | null
  path: NamedPath[]
  /** Line id → where it stands; only the lines of this instance. Empty without lines. */
  items: Record<string, Line>
  itemsKey: string | null
  /** Columns of sub-tables (`items.level`) that the reader's step does not show. */
  hiddenColumns: string[]
  /** The choices that a line may be narrowed to. */
  narrow: { key: string; label: string }[]
  /** Instances split off from this one, and the one it came from. */
  related: { instance: string; number: string; status: InstanceState['status'] }[]
  occasion: string
  reason: string
  /** The version that an act must have seen: of the record, or of the patch to it. */
  version: number
  /** 准入条件: by which rule, how strictly, and what does not keep them. */
  admissions: AdmissionView[]
  /** Everything that was done, in order. */
  chain: {
    at: string
    name: string
    actorName: string | null
    word: string
    step: string
    opinion: string | null
    signature: string | null
    isVoid: boolean
    /** What was decided line by line, counted. */
    said: string | null
    /** What the opinion carries: pictures (file ids), and the names of those it mentions. */
    pictures: string[]
    mentions: string[]
  }[]
  /** What a change request changes, before and after; empty for new records. */
  changes: ChangedField[]
  /** Of a request over many records: each of them with what changes; empty otherwise. */
  batch: { record: string; title: string; changes: ChangedField[] }[]
  /** An import decided on as a whole: how much it brings; its rows are read page by page. */
  import: { batch: string; number: number; fileName: string; created: number; changed: number } | null
  /** The version of the changed record (of many: of all together), for who overrules what it holds meanwhile. */
  baseVersion: number | null
  /** Questions asked without deciding, with their answers: the conversation of the approval. */
  consultations: {
    id: string
    by: string
    person: string
    question: string
    at: string
    reply: string | null
    repliedAt: string | null
    pictures: string[]
    replyPictures: string[]
  }[]
  /** Who was given a copy, and when he read it. */
  copies: { person: string; by: string; at: string; readAt: string | null }[]
  my: {
    /** My open task (or that of somebody I stand in for), and what I may do at its step. */
    task: MyTask | null
    /** What else I may do. */
    acts: MyActs
    /** Steps whose meeting I may enter the minutes of, with the members called (应到). */
    minutes: { step: string; label: string; members: { id: string; name: string; chair: boolean }[] } | null
  }
}
/** A condition of admission as it is judged now, or was at the decision. */
export interface AdmissionView {
  id: string
  label: string
  asOf: 'start' | 'decision'
  mode: AdmissionMode
  modeLabel: string
  /** Is any line of this request meant? */
  concerns: boolean
  /** Null when it is not asked: no rule is in force, or no line is meant. */
  holds: boolean | null
  /** What is held against the rule, in words. */
  fact: string
  /** The lines that do not keep it. */
  lines: string[]
  rule: StepRule
}
/** GET /api/approvals/:id/rows?kind=created|changed&from=&limit=: what an import under approval brings, in the order of the file. */
export interface ImportRowsAnswer {
  total: number
  created: ApiRecord[]
  changed: ApprovalAnswer['batch']
  titles: Titles
}
export interface MyTask {
  id: string
  step: string
  kind: 'approve' | 'fill' | 'seal'
  label: string
  acts: readonly string[]
  sign: boolean
  vote: boolean
  mayEdit: readonly string[]
  require: readonly string[]
  seal: string | null
  /** In whose name. */
  insteadOf: { id: string; name: string } | null
  /** Steps that it may go back to, the applicant apart. */
  returnTo: { id: string; label: string }[]
  /** Approvers I added who have not acted (W6). */
  added: { id: string; name: string }[]
  claimed: boolean
  /** Later steps whose people are chosen with this decision. */
  choose: ChoosePeople[]
}
export interface MyActs {
  withdraw: boolean
  resubmit: boolean
  /** After repair straight back to who returned it (W11). */
  resume: boolean
  /** The fields of a returned change request that I may mend; of a request over many records those it changes, in all of them. */
  mend: readonly string[] | null
  urge: boolean
  copyTo: boolean
  /** My own last act, which nobody has built on (W13). */
  takeBack: { undo: string; label: string } | null
  claim: { entry: string; label: string } | null
  reply: { consultation: string; question: string; byName: string } | null
  /** I was given a copy that I have not marked as read. */
  markRead: boolean
  /** Repair, jump and terminate: the administrator's. */
  administer: { steps: { id: string; label: string; seal: boolean }[]; stuck: { entry: string; label: string; why: string }[] } | null
  /** The ended request may be asked for once more as a copy (再次提交). */
  copy: boolean
}
