import type { Plain, PersonId, ReturnTarget, StepId } from './definition.ts'

export type * from './events.ts'

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
  /** The step that said so last, the stay, and the act by which it was settled there. */
  readonly step?: StepId
  readonly entry?: EntryId
  readonly by?: string
  /** Its result is real already (`effectWhen: 'perItem'`). */
  readonly effected?: true
  /** The child instance's number, when the line was split off. */
  readonly splitTo?: string
  /** The terms as each stay left them, so that a return forgets exactly what it makes void. */
  readonly past: readonly PastTerms[]
}
export interface PastTerms {
  readonly entry: EntryId
  readonly terms: Terms
  /** The act that settled the line there. */
  readonly by?: string
}
export type Outcome = { readonly to: 'passed'; readonly terms: Terms } | { readonly to: 'refused' | 'returned'; readonly reason: string }

/** One branch of a running split: `<parallel>/<place>`. Absent means the main way. */
export type TrackId = string
/** A branch and what it says about each line; the join makes one word of the branches. */
export interface Track {
  readonly parallel: StepId
  readonly items: Readonly<Record<RowId, Line>>
  readonly state: 'running' | 'done'
}

/** An open stay at a step (several while branches run in parallel). */
export interface Entry {
  readonly id: EntryId
  readonly step: StepId
  readonly kind: 'approve' | 'fill' | 'seal' | 'service' | 'timer'
  readonly track?: TrackId
  /** Who was resolved: the voters of a vote, the order of `inOrder`. */
  readonly members: readonly PersonId[]
  /** `inOrder`: those whose turn has not come. */
  readonly queue: readonly Slot[]
  /** W18: who may take it while nobody has. */
  readonly pool?: readonly PersonId[]
  /** W5 and `askAgain`: whose consent is needed besides. */
  readonly added: readonly Added[]
  /** Deciders who wait for those they asked first (added before, delegated). */
  readonly held: readonly Held[]
  readonly chair?: PersonId
  readonly openedAt: string
  readonly openedBy: string
  readonly due?: string
  /** 暂定: the due moment reaches into a year without holiday data. */
  readonly provisional?: true
  /** When its clock stood still for a question (W19); the last one has no end as long as it does. The due moment is moved when it runs again. */
  readonly rests?: readonly Rest[]
  /** The stages of the limit that have run (W21). */
  readonly stages: readonly number[]
  /** Calls of a service so far. */
  readonly attempts: number
  /** Nobody can act: waits for repair at the administrator. */
  readonly stuck?: StuckCause
}
/** A stretch in which a clock stands still. */
export interface Rest {
  readonly from: string
  readonly to?: string
}
export type StuckCause = 'nobodyFound' | 'quorumImpossible' | 'serviceFailed' | 'noMoment'
export interface Added {
  readonly person: PersonId
  /** Who added him, and whose consent he stands beside. */
  readonly by: PersonId
  readonly where: 'before' | 'after' | 'parallel' | 'askAgain'
  /** `after`: his turn has not come. */
  readonly waits: boolean
  /** Has left before he spoke on every line: nobody waits for him. */
  readonly gone?: true
}
export interface Held {
  readonly slot: Slot
  readonly for: readonly PersonId[]
}

/** A person who is to decide, and how he came to it. */
export interface Slot {
  readonly person: PersonId
  /** Only `resolved` and `claimed` depend on the decider's role. */
  readonly via: 'resolved' | 'claimed' | 'transfer' | 'superior' | 'administrator' | 'added' | 'delegate' | 'assigned'
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
  /** The act that opened it. */
  readonly openedBy: string
  readonly closedAt?: string
  /** The act that closed it. */
  readonly closedBy?: string
  /** Why it was cancelled. */
  readonly cause?: CancelCause
}
export type CancelCause =
  | 'decidedByOther'
  | 'stepSettled'
  | 'returned'
  | 'withdrawn'
  | 'terminated'
  | 'jumped'
  | 'transferred'
  /** Waits for those he asked first; gets a new task then. */
  | 'held'
  | 'removed'
  | 'released'
  | 'timedOut'
  | 'takenBack'
  | 'lostRole'
  | 'inactive'
  | 'minutesEntered'
  | 'superseded'
  | 'migrated'

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
  readonly auto?: 'applicant' | 'samePerson' | 'timeOut'
  /** Said by somebody who was asked (delegate, added to a vote): advice that decides nothing. */
  readonly advice?: Verdicts
  readonly seal?: { readonly kind: string; readonly copies: number; readonly files: readonly string[] }
  /** Undone by its own author (W13). */
  readonly takenBack?: true
  /** On a path that a return abandoned: shown, counts no more. */
  readonly void?: true
}

export type InstanceStatus = 'running' | 'returned' | 'approved' | 'refused' | 'withdrawn' | 'terminated'
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
  readonly tracks: Readonly<Record<TrackId, Track>>
  /** Stays that are over, in order. */
  readonly past: readonly Past[]
  readonly tasks: readonly Task[]
  readonly chain: readonly Decision[]
  readonly branches: Readonly<Record<string, 'then' | 'otherwise'>>
  /** People chosen by the applicant, by step. */
  readonly chosen: Readonly<Record<StepId, readonly PersonId[]>>
  /** The results are real (`effect` is out); what follows are services and messages. */
  readonly isEffected: boolean
  /** Numbers that grow only. */
  readonly counts: { readonly entries: number; readonly children: number }
  /** The last return, as long as nobody has acted after it: what W11 and W13 go back to. */
  readonly returned?: Returned | undefined
  /** Who may read it as a copy (W15), and since when he has read it. */
  readonly copies: Readonly<Record<PersonId, { readonly at: string; readonly by: PersonId; readonly readAt?: string }>>
  readonly consultations: readonly Consultation[]
  readonly urgedAt?: string
  /** Acts already answered (idempotency): act id → what it was. */
  readonly acts: Readonly<Record<string, string>>
}
export interface Past {
  readonly entry: EntryId
  readonly step: StepId
  readonly how: EntryEnd
  readonly at: string
  /** The act that ended it, and the stay as it was then: what `takeBack` opens again. */
  readonly by: string
  readonly was: Entry
  readonly void?: true
}
/** The parts of a state that a return changes and going straight back restores. */
export type Snapshot = Pick<InstanceState, 'items' | 'tracks' | 'entries' | 'past' | 'branches'> & {
  /** Tasks that were open. */
  readonly open: readonly TaskId[]
}
export interface Returned {
  readonly entry: EntryId
  readonly actId: string
  readonly actor: PersonId
  readonly to: ReturnTarget
  /** The links of the chain that it made void, by place. */
  readonly words: readonly number[]
  readonly before: Snapshot
}
/** W19: a question to somebody who decides nothing by answering. */
export interface Consultation {
  readonly id: string
  readonly entry: EntryId
  readonly by: PersonId
  readonly person: PersonId
  readonly question: string
  readonly at: string
  /** The step's clock stands until the answer. */
  readonly pauses?: true
  readonly reply?: string
  readonly repliedAt?: string
}
export type EntryEnd =
  'passed' | 'refused' | 'returned' | 'skipped' | 'withdrawn' | 'served' | 'elapsed' | 'joined' | 'jumped' | 'terminated'
