import type { OnTimeout, PersonId, ReturnTarget, StepId } from './definition.ts'
import type { Due } from './environment.ts'
import type {
  CancelCause,
  Consultation,
  Decision,
  Entry,
  EntryEnd,
  EntryId,
  Line,
  Outcome,
  RowId,
  Snapshot,
  StuckCause,
  Task,
  TaskId,
  Terms,
  TrackId,
} from './state.ts'

/** Everything an event says about itself: when, by which act, by whose hand. */
export interface Stamp {
  readonly at: string
  readonly actId: string
  readonly actor: PersonId
}
/** `noStep`: the conditions led to the end past every approve step, so nobody was asked. */
export type Routed = 'applicant' | 'samePerson' | 'nobody' | 'inactive' | 'lostRole' | 'noStep' | 'timeOut'
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
      readonly opinion?: string
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
  | { readonly type: 'stepOpened'; readonly entry: Entry; readonly version: number; readonly keep?: true }
  | { readonly type: 'entryChanged'; readonly entry: EntryId; readonly change: EntryChange }
  /** A split begins: each branch with its own word on every line that goes on. */
  | { readonly type: 'split'; readonly parallel: StepId; readonly tracks: readonly TrackId[]; readonly track?: TrackId }
  | { readonly type: 'trackDone'; readonly track: TrackId }
  /** All branches are through: one word for each line. */
  | { readonly type: 'joined'; readonly stay: Entry; readonly outcomes: Readonly<Record<RowId, Outcome>> }
  | { readonly type: 'taskOpened'; readonly task: Task }
  | { readonly type: 'taskDone'; readonly task: TaskId }
  | { readonly type: 'taskReopened'; readonly task: TaskId }
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
  /** `spread`: where a refusal counts as well, in the branches beside (`''`: the main way). */
  | {
      readonly type: 'settled'
      readonly entry: EntryId
      readonly step: StepId
      readonly outcomes: Readonly<Record<RowId, Outcome>>
      readonly track?: TrackId
      readonly spread?: readonly TrackId[]
    }
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
      /** The branch where it goes on, the branches open again for that, and those that are gone. */
      readonly target?: TrackId
      readonly reopens: readonly TrackId[]
      readonly drops: readonly TrackId[]
      readonly before: Snapshot
    }
  /** W11: straight back to who returned it, everything as before his act but the record. */
  | {
      readonly type: 'resumed'
      readonly entry: EntryId
      readonly version: number
      readonly due?: string
      readonly provisional?: true
      readonly signature?: string
    }
  /** W13. `stays` are open again as they were; those that had been opened by what is undone are void. */
  | {
      readonly type: 'takenBack'
      readonly undo: string
      readonly stays: readonly Entry[]
      readonly voided: readonly EntryId[]
      readonly forgotten: readonly string[]
      readonly reopens: readonly TrackId[]
      readonly drops: readonly TrackId[]
    }
  | { readonly type: 'returnTakenBack'; readonly undo: string }
  | { readonly type: 'chosen'; readonly chosen: Readonly<Record<StepId, readonly PersonId[]>> }
  | { readonly type: 'copied'; readonly to: readonly PersonId[] }
  /** What the opinion of the same act carries: pictures, and people named in it. */
  | { readonly type: 'remarked'; readonly pictures: readonly string[]; readonly mentions: readonly PersonId[] }
  | { readonly type: 'consulted'; readonly consultation: Consultation }
  | { readonly type: 'replied'; readonly consultation: string; readonly to: PersonId; readonly reply: string }
  | { readonly type: 'read' }
  /** W19: the clock of a stay stands still for a question, and runs again when nobody is asked any more. */
  | { readonly type: 'clockPaused'; readonly entry: EntryId }
  | { readonly type: 'clockResumed'; readonly entry: EntryId; readonly due?: Due }
  /** Semantics 13: the calendar or a rule changed, and with it moments that lay ahead. */
  | { readonly type: 'duesChanged'; readonly dues: Readonly<Record<EntryId, Due>> }
  | { readonly type: 'urged'; readonly to: readonly PersonId[]; readonly urgent: boolean; readonly note?: string }
  /** W21: a stage of the limit has run; `to` are told or got the tasks. */
  | {
      readonly type: 'timedOut'
      readonly entry: EntryId
      readonly stage: number
      readonly did: OnTimeout['do']
      readonly to: readonly PersonId[]
    }
  | {
      readonly type: 'jumped'
      readonly to: StepId
      readonly closed: readonly EntryId[]
      readonly voided: readonly EntryId[]
      readonly forgotten: readonly string[]
      /** Into a branch: as with a return. */
      readonly target?: TrackId
      readonly reopens?: readonly TrackId[]
      readonly drops?: readonly TrackId[]
      readonly withoutSeals: readonly StepId[]
      readonly reason: string
    }
  | { readonly type: 'migrated'; readonly flowVersion: number; readonly fields: Readonly<Record<string, string>> }
  | { readonly type: 'notified'; readonly step?: StepId; readonly topic: 'notify' | 'superseded'; readonly to: readonly PersonId[] }
  | { readonly type: 'serviceCalled'; readonly entry: EntryId; readonly service: string; readonly key: string; readonly attempt: number }
  | { readonly type: 'serviceFailed'; readonly entry: EntryId; readonly why: string }
  | { readonly type: 'stuck'; readonly entry: EntryId; readonly why: StuckCause }
  | { readonly type: 'repaired'; readonly entry: EntryId; readonly how?: 'retry' | 'skip' | 'assign'; readonly reason?: string }
  | {
      readonly type: 'effect'
      readonly effect?: string
      readonly items: readonly ({ readonly item: RowId } & Terms)[]
      readonly isLast: boolean
    }
  | { readonly type: 'ended'; readonly result: 'approved' | 'refused' | 'withdrawn' | 'terminated'; readonly reason?: string }
/** What may change about an open stay. */
export type EntryChange = Partial<Pick<Entry, 'members' | 'queue' | 'pool' | 'added' | 'held'>>
export type FlowEvent = Happening & Stamp
