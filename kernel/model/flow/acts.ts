import type { PersonId, ReturnTarget, StepId } from './definition.ts'
import type { EntryId, Meeting, TaskId, Verdicts } from './state.ts'

/** What every act carries. The same `actId` again gets the same answer and no new event. */
interface ActBase {
  readonly actId: string
  readonly actor: PersonId
  /** The record version that the author saw; another one is refused where the act decides or ends something. */
  readonly seenVersion: number
  readonly opinion?: string
  readonly signature?: string
}
interface OnTask extends ActBase {
  readonly task: TaskId
  /** A stand-in acts in this person's right (W9). */
  readonly onBehalfOf?: PersonId
}
interface Deciding extends OnTask {
  /** Fields that the same transaction changes under `mayEdit`. */
  readonly edits?: readonly string[]
  /** People for later steps whose deciders are chosen here. */
  readonly chosen?: Chosen
}
export type Chosen = Readonly<Record<StepId, readonly PersonId[]>>
/** Told by a job; `actor` is `system`. */
interface OnEntry extends ActBase {
  readonly entry: EntryId
}

export type Act =
  | (ActBase & {
      readonly kind: 'submit'
      readonly instance: { readonly id: string; readonly number: string; readonly flowVersion: number }
      readonly applicant: PersonId
      /** The secretary who filled it in; she never signs. */
      readonly filledBy?: PersonId
      readonly chosen?: Chosen
    })
  /** W11: `to: 'returner'` goes straight back to who returned it. */
  | (ActBase & { readonly kind: 'resubmit'; readonly chosen?: Chosen; readonly to?: 'start' | 'returner' })
  | (ActBase & { readonly kind: 'withdraw' })
  /** Passes all lines that wait for this person; in a vote: yes; at a `fill` step: handed in. */
  | (Deciding & { readonly kind: 'approve' })
  /** W12: refuses all lines that wait for this person; in a vote: no. */
  | (OnTask & { readonly kind: 'reject' })
  /** W10: the whole request goes back. */
  | (OnTask & { readonly kind: 'return'; readonly to?: ReturnTarget })
  /** W23; in a vote without lines the one line is `*`. */
  | (Deciding & { readonly kind: 'decideItems'; readonly verdicts: Verdicts })
  /** 盖章: on which papers (file ids), so many copies. */
  | (OnTask & { readonly kind: 'seal'; readonly copies: number; readonly files?: readonly string[] })
  | (OnTask & { readonly kind: 'transfer'; readonly to: PersonId })
  | (OnTask & { readonly kind: 'addApprover'; readonly people: readonly PersonId[]; readonly where: 'before' | 'after' | 'parallel' })
  | (OnTask & { readonly kind: 'removeApprover'; readonly person: PersonId })
  | (OnTask & { readonly kind: 'delegateTask'; readonly to: PersonId })
  /** W13: undoes one's own act, named by its id. */
  | (ActBase & { readonly kind: 'takeBack'; readonly undo: string })
  /** W15: by a holder with his task, or by the applicant without one. */
  | (OnTask & { readonly kind: 'copyTo'; readonly people: readonly PersonId[] })
  | (ActBase & { readonly kind: 'copyTo'; readonly people: readonly PersonId[]; readonly task?: undefined })
  /** W19: the question is the opinion. */
  | (OnTask & { readonly kind: 'consult'; readonly people: readonly PersonId[] })
  | (ActBase & { readonly kind: 'reply'; readonly consultation: string })
  | (ActBase & { readonly kind: 'markRead' })
  | (ActBase & { readonly kind: 'urge'; readonly urgent?: true })
  | (ActBase & { readonly kind: 'claim'; readonly entry: EntryId })
  | (OnTask & { readonly kind: 'release' })
  /** W17: seals that are left out are named, or the jump is refused. */
  | (ActBase & { readonly kind: 'jump'; readonly to: StepId; readonly withoutSeals?: readonly StepId[] })
  | (ActBase & { readonly kind: 'terminate' })
  /** By the administrator: a stuck entry is tried again, passed by, or given to named people. */
  | (ActBase & { readonly kind: 'repair'; readonly entry: EntryId; readonly how: 'retry' | 'skip' })
  | (ActBase & { readonly kind: 'repair'; readonly entry: EntryId; readonly how: 'assign'; readonly people: readonly PersonId[] })
  | (ActBase & { readonly kind: 'enterMinutes'; readonly step: StepId; readonly meeting: Meeting })
  | (OnEntry & { readonly kind: 'serviceDone' })
  | (OnEntry & { readonly kind: 'serviceFailed'; readonly why: string })
  /** W21: the stage is its place in the step's `onTimeout`. */
  | (OnEntry & { readonly kind: 'timeOut'; readonly stage: number })
  /** A timer's moment has come. */
  | (OnEntry & { readonly kind: 'elapse' })
export type ActKind = Act['kind']
export type ActOf<K extends ActKind> = Extract<Act, { kind: K }>
