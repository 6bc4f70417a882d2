import type { Plain, PersonId, ReturnTarget, StepId } from './definition.ts'

export type RowId = string
/** One stay at a step: `<step>#<n>`, n counting all stays of the instance. */
export type EntryId = string
/** `<entry>/<n>`. */
export type TaskId = string
/** The whole request, where a flow has no lines. */
export const whole: RowId = '*'

/** What one person says about one line. `abstain` and `recuse` (回避) exist in votes only. */
export type Verdict =
  | { readonly say: 'pass'; readonly supervisedCases?: number }
  | { readonly say: 'narrow'; readonly to: Plain; readonly supervisedCases?: number }
  | { readonly say: 'refuse' | 'return'; readonly reason: string }
  | { readonly say: 'abstain' }
  | { readonly say: 'recuse'; readonly reason?: string }
export type Verdicts = Readonly<Record<RowId, Verdict>>

/** What hangs on a passed line; it stays with the line through later steps and may only get stricter. */
export interface Terms {
  readonly narrowTo?: Plain
  readonly supervisedCases?: number
}
export type LineState = 'open' | 'passed' | 'refused' | 'returned' | 'narrowed' | 'conditional'
/** One line. `narrowed` wins over `conditional` in the name; the terms tell both. */
export interface Line {
  readonly state: LineState
  readonly terms: Terms
  readonly reason?: string
  /** The step that said so last. */
  readonly step?: StepId
  /** The child instance's number, when the line was split off. */
  readonly splitTo?: string
  /** The terms as each stay left them, so that a return forgets exactly what it makes void. */
  readonly past: readonly { readonly entry: EntryId; readonly terms: Terms }[]
}
export type Outcome = { readonly to: 'passed'; readonly terms: Terms } | { readonly to: 'refused' | 'returned'; readonly reason: string }

/** An open stay at a step (several once branches run in parallel). */
export interface Entry {
  readonly id: EntryId
  /** The step's id, or its path for a step without id. */
  readonly step: StepId
  readonly kind: 'approve' | 'service'
  /** Who was resolved: the voters of a vote, the order of `inOrder`. */
  readonly members: readonly PersonId[]
  /** `inOrder`: those whose turn has not come. */
  readonly queue: readonly Slot[]
  readonly chair?: PersonId
  readonly openedAt: string
  readonly due?: string
  /** Nobody can act: waits for repair at the administrator. */
  readonly stuck?: StuckCause
}
export type StuckCause = 'nobodyFound' | 'quorumImpossible' | 'serviceFailed'

/** A person who is to decide, and how he came to it. */
export interface Slot {
  readonly person: PersonId
  /** Only `resolved` depends on the decider's role. */
  readonly via: 'resolved' | 'transfer' | 'superior' | 'administrator'
  /** The person in whose place. */
  readonly insteadOf?: PersonId
}
export interface Task extends Slot {
  readonly id: TaskId
  readonly entry: EntryId
  readonly step: StepId
  readonly state: 'open' | 'done' | 'cancelled'
  /** The record version when the task was opened. */
  readonly version: number
  readonly openedAt: string
  readonly closedAt?: string
  /** Why it was cancelled. */
  readonly cause?: CancelCause
}
export type CancelCause =
  'decidedByOther' | 'stepSettled' | 'returned' | 'withdrawn' | 'transferred' | 'lostRole' | 'inactive' | 'minutesEntered' | 'superseded'

/** A meeting as its minutes tell it; 应到 members, 实到 present. */
export interface Meeting {
  readonly date: string
  readonly place?: string
  readonly members: readonly PersonId[]
  readonly present: readonly PersonId[]
  /** Why 应到 differs from the members that the directory gave. */
  readonly membersReason?: string
  readonly lines: readonly MeetingLine[]
  /** File id of the scanned minutes. */
  readonly scan: string
}
export interface MeetingLine {
  readonly item: RowId
  readonly recused: readonly PersonId[]
  readonly for: number
  readonly against: number
  readonly abstain: number
  readonly result: Exclude<Verdict, { say: 'abstain' | 'recuse' }>
  /** A tie that the chair broke. */
  readonly byChair?: boolean
}

/** One link of the chain: who said what, having seen which version. Automatic ones name their cause. */
export interface Decision {
  readonly entry: EntryId
  readonly step: StepId
  readonly act: string
  readonly actId: string
  readonly at: string
  readonly task?: TaskId
  /** In whose right: the task's person. */
  readonly person: PersonId
  /** Whose hand; differs for a stand-in. */
  readonly actor: PersonId
  readonly verdicts: Verdicts
  readonly version: number
  readonly hash?: string
  readonly opinion?: string
  readonly signature?: string
  readonly meeting?: Meeting
  readonly auto?: 'applicant' | 'samePerson'
  /** On a path that a return abandoned: shown, counts no more. */
  readonly void?: true
}

export type InstanceStatus = 'running' | 'returned' | 'approved' | 'refused' | 'withdrawn'
/** An approval as it stands: the fold of its events, JSON through and through. */
export interface InstanceState {
  readonly id: string
  readonly number: string
  readonly flow: string
  readonly flowVersion: number
  readonly applicant: PersonId
  readonly filledBy?: PersonId
  readonly parent?: { readonly id: string; readonly entry: EntryId }
  readonly status: InstanceStatus
  readonly version: number
  readonly items: Readonly<Record<RowId, Line>>
  readonly entries: readonly Entry[]
  /** Stays that are over in this round, in order. */
  readonly past: readonly {
    readonly entry: EntryId
    readonly step: StepId
    readonly how: EntryEnd
    readonly at: string
    readonly void?: true
  }[]
  readonly tasks: readonly Task[]
  readonly chain: readonly Decision[]
  readonly branches: Readonly<Record<string, 'then' | 'otherwise'>>
  /** People chosen by the applicant, by step. */
  readonly chosen: Readonly<Record<StepId, readonly PersonId[]>>
  /** The results are real (`effect` is out); what follows are services and messages. */
  readonly isEffected: boolean
  /** Numbers that grow only. */
  readonly counts: { readonly entries: number; readonly children: number }
  /** Acts already answered (idempotency): act id → what it was. */
  readonly acts: Readonly<Record<string, string>>
}
export type EntryEnd = 'passed' | 'refused' | 'returned' | 'skipped' | 'withdrawn' | 'served'

/** Everything an event says about itself: when, by which act, by whose hand. */
export interface Stamp {
  readonly at: string
  readonly actId: string
  readonly actor: PersonId
}
/** `noStep`: the conditions led to the end past every approve step, so nobody was asked. */
export type Routed = 'applicant' | 'samePerson' | 'nobody' | 'inactive' | 'lostRole' | 'noStep'
/** What happened, without its stamp. Folding these in order gives the state. */
export type Happening =
  | { readonly type: 'acted'; readonly act: string; readonly print: string }
  | {
      readonly type: 'submitted'
      readonly id: string
      readonly number: string
      readonly flow: string
      readonly flowVersion: number
      readonly applicant: PersonId
      readonly filledBy?: PersonId
      readonly items: readonly RowId[]
      readonly version: number
      readonly hash?: string
      readonly signature?: string
      readonly chosen: Readonly<Record<StepId, readonly PersonId[]>>
    }
  | {
      readonly type: 'begunBySplit'
      readonly id: string
      readonly number: string
      readonly flow: string
      readonly flowVersion: number
      readonly applicant: PersonId
      readonly filledBy?: PersonId
      readonly parent: { readonly id: string; readonly entry: EntryId }
      readonly items: Readonly<Record<RowId, Line>>
      readonly version: number
      readonly chosen: Readonly<Record<StepId, readonly PersonId[]>>
      readonly branches: Readonly<Record<string, 'then' | 'otherwise'>>
      readonly to: ReturnTarget
    }
  | {
      readonly type: 'resubmitted'
      readonly added: readonly RowId[]
      readonly removed: readonly RowId[]
      readonly chosen: Readonly<Record<StepId, readonly PersonId[]>>
      readonly version: number
      readonly hash?: string
      readonly signature?: string
      readonly opinion?: string
    }
  | { readonly type: 'branchTaken'; readonly branch: string; readonly taken: 'then' | 'otherwise' }
  | { readonly type: 'stepOpened'; readonly entry: Entry; readonly version: number }
  | { readonly type: 'membersChanged'; readonly entry: EntryId; readonly members: readonly PersonId[]; readonly queue: readonly Slot[] }
  | { readonly type: 'taskOpened'; readonly task: Task }
  | { readonly type: 'taskDone'; readonly task: TaskId }
  | { readonly type: 'taskCancelled'; readonly task: TaskId; readonly cause: CancelCause }
  /** W20, never silent: whom the rule concerned, which policy answered, to whom it went. */
  | {
      readonly type: 'routed'
      readonly entry: EntryId
      readonly step: StepId
      readonly why: Routed
      readonly policy: string
      readonly person?: PersonId
      readonly to: readonly PersonId[]
    }
  | { readonly type: 'decided'; readonly decision: Decision }
  | {
      readonly type: 'edited'
      readonly step: StepId
      readonly fields: readonly string[]
      readonly version: number
      readonly tell: readonly PersonId[]
    }
  | { readonly type: 'settled'; readonly entry: EntryId; readonly step: StepId; readonly outcomes: Readonly<Record<RowId, Outcome>> }
  | { readonly type: 'stepClosed'; readonly entry: EntryId; readonly how: EntryEnd }
  | {
      readonly type: 'splitOff'
      readonly entry: EntryId
      readonly items: readonly RowId[]
      readonly number: string
      readonly to: ReturnTarget
    }
  | {
      readonly type: 'returned'
      readonly entry: EntryId
      readonly to: ReturnTarget
      readonly reason: string
      readonly voided: readonly EntryId[]
      readonly forgotten: readonly string[]
    }
  | { readonly type: 'notified'; readonly step?: StepId; readonly topic: 'notify' | 'superseded'; readonly to: readonly PersonId[] }
  | { readonly type: 'serviceCalled'; readonly entry: EntryId; readonly service: string; readonly key: string }
  | { readonly type: 'serviceFailed'; readonly entry: EntryId; readonly why: string }
  | { readonly type: 'stuck'; readonly entry: EntryId; readonly why: StuckCause }
  | { readonly type: 'repaired'; readonly entry: EntryId }
  | { readonly type: 'effect'; readonly effect?: string; readonly items: readonly ({ readonly item: RowId } & Terms)[] }
  | { readonly type: 'ended'; readonly result: 'approved' | 'refused' | 'withdrawn'; readonly reason?: string }
export type FlowEvent = Happening & Stamp
