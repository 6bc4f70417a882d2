import type { PersonId, ReturnTarget, StepId } from './definition.ts'
import type { EntryId, Meeting, TaskId, Verdicts } from './state.ts'

/** What every act carries. The same `actId` again gets the same answer and no new event. */
interface ActBase {
  readonly actId: string
  readonly actor: PersonId
  /** The record version that the author saw; another one is refused. */
  readonly seenVersion: number
  readonly opinion?: string
  readonly signature?: string
}
interface OnTask extends ActBase {
  readonly task: TaskId
  /** A stand-in acts in this person's right. */
  readonly onBehalfOf?: PersonId
}
interface Deciding extends OnTask {
  /** Fields that the same transaction changes under `mayEdit`. */
  readonly edits?: readonly string[]
}

export type Act =
  | (ActBase & {
      readonly kind: 'submit'
      readonly instance: { readonly id: string; readonly number: string; readonly flowVersion: number }
      readonly applicant: PersonId
      /** The secretary who filled it in; she never signs. */
      readonly filledBy?: PersonId
      readonly chosen?: Readonly<Record<StepId, readonly PersonId[]>>
    })
  | (ActBase & { readonly kind: 'resubmit'; readonly chosen?: Readonly<Record<StepId, readonly PersonId[]>> })
  | (ActBase & { readonly kind: 'withdraw' })
  /** Passes all lines that wait for this person; in a vote: yes. */
  | (Deciding & { readonly kind: 'approve' })
  /** W12: refuses all lines that wait for this person; in a vote: no. */
  | (OnTask & { readonly kind: 'reject' })
  /** W10: the whole request goes back. */
  | (OnTask & { readonly kind: 'return'; readonly to?: ReturnTarget })
  /** W23; in a vote without lines the one line is `*`. */
  | (Deciding & { readonly kind: 'decideItems'; readonly verdicts: Verdicts })
  | (OnTask & { readonly kind: 'transfer'; readonly to: PersonId })
  | (ActBase & { readonly kind: 'enterMinutes'; readonly step: StepId; readonly meeting: Meeting })
  /** Told by the job that called outside; `actor` is `system`. */
  | (ActBase & { readonly kind: 'serviceDone'; readonly entry: EntryId })
  | (ActBase & { readonly kind: 'serviceFailed'; readonly entry: EntryId; readonly why: string })
export type ActKind = Act['kind']
export type ActOf<K extends ActKind> = Extract<Act, { kind: K }>

/**
 * The shapes of the acts to come: each becomes one handler in one file and one line in the table of `engine.ts`.
 * W9 (stand-in rules) is `environment.mayActFor`; W11 is `resubmit` with `to: 'returner'`; W22 is a loop outside over single acts.
 */
export type LaterAct =
  | (OnTask & { readonly kind: 'addApprover'; readonly people: readonly PersonId[]; readonly where: 'before' | 'after' | 'parallel' })
  | (OnTask & { readonly kind: 'removeApprover'; readonly person: PersonId })
  | (OnTask & { readonly kind: 'delegateTask'; readonly to: PersonId })
  | (ActBase & { readonly kind: 'takeBack'; readonly undo: string })
  | (ActBase & { readonly kind: 'copyTo' | 'consult'; readonly people: readonly PersonId[] })
  | (ActBase & { readonly kind: 'markRead' | 'urge' })
  | (OnTask & { readonly kind: 'claim' | 'release' })
  | (ActBase & { readonly kind: 'jump'; readonly to: StepId })
  | (ActBase & { readonly kind: 'terminate' })
  | (ActBase & { readonly kind: 'timeOut'; readonly entry: EntryId; readonly stage: number })
