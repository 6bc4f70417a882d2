/** What a flow is: frozen plain data made by factories. Nothing here runs; `prove.ts` judges it, `engine.ts` walks it. */
import type { Admission } from './admission.ts'
import type { Decider, PersonId, StepId } from './deciders.ts'
import { administrator } from './deciders.ts'
import { frozen } from './frozen.ts'

export * from './admission.ts'
export * from './deciders.ts'
export { frozen } from './frozen.ts'

/** A plain JSON value: what a line may be narrowed to. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }
/** An exact share: `[2, 3]` is two thirds. */
export type Fraction = readonly [number, number]

/** Quorum is of all members; the share is of members minus 回避 (semantics 12). `moreThan` 过半数, `atLeast` 三分之二以上. */
export interface VoteRule {
  readonly quorum: Fraction
  readonly share: { readonly moreThan: Fraction } | { readonly atLeast: Fraction }
  /** Weight by person; 1 when not named. */
  readonly weights?: Readonly<Record<PersonId, number>>
  readonly tie: 'refuse' | 'chair'
  readonly chair?: Decider
}

export type Mode = 'anyOf' | 'allOf' | 'inOrder' | { readonly vote: VoteRule }
/** A stretch of time; working time is counted by the calendar outside. */
export interface Duration {
  readonly unit: 'workingHours' | 'workingDays' | 'hours' | 'days'
  readonly amount: number
}
/** A step's time: said here, or by a rule card (`x.y`). */
export type Limit = Duration | { readonly rule: string }
/**
 * W21, one stage of a limit, in the order of the list. `after` counts from the due moment (negative: before it; absent: at it).
 * `remind` and `escalate` tell, `pass` hands the open tasks on, `approve` consents for them: only where somebody wrote it down.
 */
export type OnTimeout = (
  { readonly do: 'remind' } | { readonly do: 'escalate' | 'pass'; readonly to: Decider } | { readonly do: 'approve' }
) & { readonly after?: Duration }
/** W20. `ask`: he decides like anybody · `pass`: counted as his consent · `skip`: left out · `recuse`: a member under 回避 (votes only). */
export type SelfPolicy = 'ask' | 'pass' | 'skip' | 'superior' | 'administrator' | 'recuse'
export type NobodyPolicy = 'administrator' | 'superior' | 'skip' | 'refuse'
export type ReturnTarget = 'applicant' | { readonly step: StepId }
/** Acts that a step may allow to its deciders. `bulkDecide` lets the page offer it among many (W22); each is still an act of its own. */
export type StepAct =
  | 'approve'
  | 'reject'
  | 'return'
  | 'decideItems'
  | 'seal'
  | 'transfer'
  | 'addApprover'
  | 'removeApprover'
  | 'delegateTask'
  | 'takeBack'
  | 'copyTo'
  | 'consult'
  | 'bulkDecide'

/** What all steps have at which people act. */
export interface Handling {
  readonly id: StepId
  readonly label: string
  readonly by: readonly Decider[]
  readonly mode: Mode
  /** One of them takes it for all (W18); needs `anyOf`. */
  readonly claim: boolean
  /** Every line is decided on its own (W23); otherwise the request is decided as one. */
  readonly items: boolean
  readonly mayEdit: readonly string[]
  /** The fields shown here; not said means all. */
  readonly see?: readonly string[]
  readonly hide: readonly string[]
  /** Fields, attachments among them, that must be filled before a consent. */
  readonly require: readonly string[]
  readonly sign: boolean
  readonly acts: readonly StepAct[]
  readonly limit?: Limit
  readonly onTimeout: readonly OnTimeout[]
  /** Asking somebody stops this step's clock until he answers (W19). */
  readonly consultPauses: boolean
  readonly onNobody: NobodyPolicy
  readonly onSamePerson: SelfPolicy
  readonly onApplicant: SelfPolicy
  /** What earlier deciders hear when `mayEdit` changed a field that they were shown (semantics 4). */
  readonly onEdit: 'askAgain' | 'tell' | 'nothing'
  /** Where a returned line starts again (semantics 7). */
  readonly returnTo: ReturnTarget
  /** The minutes of a meeting may be entered by a recorder instead of on-line votes. */
  readonly meeting?: { readonly recorder: Decider }
}
export interface Approve extends Handling {
  readonly kind: 'approve'
}
/** Somebody fills a section of the form: `mayEdit` are its fields, `require` those he must fill; to approve is to hand it in. */
export interface Fill extends Handling {
  readonly kind: 'fill'
}
/** 盖章: its people put a seal on, by the act `seal`; no jump passes it in silence (W17). */
export interface Seal extends Handling {
  readonly kind: 'seal'
  /** Which seal: 院章, 医务处章 … */
  readonly seal: string
}
/** A step at which people act. */
export type Handled = Approve | Fill | Seal
export interface When<F = unknown> {
  readonly kind: 'when'
  readonly condition: F
  readonly then: readonly Step<F>[]
  readonly otherwise: readonly Step<F>[]
}
export interface Notify {
  readonly kind: 'notify'
  readonly who: readonly ('applicant' | Decider)[]
}
/** A call outside: a job after commit with an idempotency key; the instance waits for `serviceDone` (semantics 9). */
export interface Service {
  readonly kind: 'service'
  readonly id: StepId
  readonly service: string
  readonly label: string
  /** So often it is tried before it becomes an incident. */
  readonly attempts: number
}
/** Waits for a stretch of time, or until the moment in a form field; ended by the act `elapse`. */
export interface Timer {
  readonly kind: 'timer'
  readonly id: StepId
  readonly label: string
  readonly until: Limit | { readonly field: string }
}
/** Branches at the same time, joined line by line: refused before returned before the strictest narrowing (W23). */
export interface Parallel<F = unknown> {
  readonly kind: 'parallel'
  readonly id: StepId
  readonly label: string
  readonly branches: readonly (readonly Step<F>[])[]
  /** `branchOnly`: a line is refused only when every branch refuses it. */
  readonly onRefuse: 'endRequest' | 'branchOnly'
  /** Who settles narrowings of two branches that cannot be compared. */
  readonly reconcile: Decider
}
export type Step<F = unknown> = Handled | When<F> | Notify | Service | Timer | Parallel<F>

export interface Flow<F = unknown> {
  readonly kind: 'flow'
  readonly name: string
  readonly label: string
  /**
   * How an approval is called in lists, messages and on its page: `{field}`, `{rows.count}`, `{rows.column}` of the record,
   * `{applicant}`, `{applicantUnit}`, `{number}`, `{form}`. Without it: who asks for what.
   */
  readonly title?: string
  /** What it says in a line, one piece each; pieces without a value are left out. Without it: the record's first facts. */
  readonly summary?: readonly string[]
  readonly steps: readonly Step<F>[]
  /** The sub-table whose rows are the lines, and the field of a row that a decider may narrow (by its declared order). */
  readonly items?: { readonly rows: string; readonly narrow?: string }
  readonly start: { readonly sign: boolean; readonly require: readonly string[] }
  /** Hours that must lie between two reminders of one request (W16). */
  readonly urgeEveryHours: number
  /** The module's function that makes the results real, in the transaction of the last decision. */
  readonly effect?: string
  /** `perItem`: a line becomes real as soon as nobody can decide on it any more (semantics 9). */
  readonly effectWhen: 'together' | 'perItem'
  /** 准入条件, judged when somebody consents. */
  readonly admissions?: readonly Admission<F>[]
}

/** So large a drawing may be: what is larger is not kept. */
export const bounds = { steps: 300, nested: 10, branches: 20, deciders: 50, stages: 10, pieces: 10, admissions: 50 } as const

type HandlingOptions = Partial<Omit<Handling, 'id' | 'label' | 'by'>> & { readonly by: Decider | readonly Decider[] }
type FlowOptions<F> = Pick<Flow<F>, 'label' | 'steps' | 'effect' | 'title' | 'summary' | 'admissions'> & {
  readonly items?: string | NonNullable<Flow['items']>
  readonly start?: Partial<Flow['start']>
  readonly effectWhen?: Flow['effectWhen']
  readonly urgeEveryHours?: number
}

/** A flow; `name` is prefixed by the module that owns it. */
export function flow<F>(name: string, { items, start, ...rest }: FlowOptions<F>): Flow<F> {
  const rows = typeof items === 'string' ? { items: { rows: items } } : items ? { items } : {}
  const defaults = { effectWhen: 'together', urgeEveryHours: 4 } as const
  return frozen({ kind: 'flow', name, ...defaults, ...rest, ...rows, start: { sign: false, require: [], ...start } })
}

const handOn: readonly StepAct[] = ['transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult']
/** What is not said gets the cautious default. */
function handling(id: StepId, label: string, { by, ...options }: HandlingOptions, acts: readonly StepAct[]): Handling {
  return {
    id,
    label,
    by: Array.isArray(by) ? by : [by as Decider],
    mode: 'anyOf',
    claim: false,
    items: false,
    mayEdit: [],
    hide: [],
    require: [],
    sign: false,
    acts,
    onTimeout: [],
    consultPauses: false,
    onNobody: 'administrator',
    onSamePerson: 'ask',
    onApplicant: typeof options.mode === 'object' ? 'recuse' : 'superior',
    onEdit: 'tell',
    returnTo: 'applicant',
    ...options,
  }
}

/** A step at which people decide. */
export function approve(id: StepId, label: string, options: HandlingOptions): Approve {
  const isVote = typeof options.mode === 'object'
  const acts: readonly StepAct[] = isVote
    ? ['approve', 'reject', 'decideItems', 'takeBack', 'copyTo', 'consult']
    : ['approve', 'reject', 'return', 'decideItems', ...handOn]
  return frozen({ kind: 'approve', ...handling(id, label, options, acts) })
}
/** A step at which somebody fills the fields `mayEdit`, those in `require` at least. The applicant may fill a section himself. */
export const fill = (id: StepId, label: string, options: HandlingOptions): Fill =>
  frozen({ kind: 'fill', ...handling(id, label, { onApplicant: 'ask', ...options }, ['approve', 'return', ...handOn]) })
/** A step at which a seal is put on. */
export const seal = (id: StepId, label: string, { seal: kind, ...options }: HandlingOptions & { readonly seal: string }): Seal =>
  frozen({ kind: 'seal', seal: kind, ...handling(id, label, options, ['seal', 'return', 'transfer', 'takeBack', 'copyTo', 'consult']) })

/** Steps taken only when the condition holds as the request reaches this place; `otherwise` when it does not. */
export const when = <F>(condition: F, then: readonly Step<F>[], otherwise: readonly Step<F>[] = []): When<F> =>
  frozen({ kind: 'when', condition, then, otherwise })
/** People who are told and decide nothing; each gets a copy to read. */
export const notify = (...who: readonly ('applicant' | Decider)[]): Notify => frozen({ kind: 'notify', who })
/** A call of a module's function after commit, with an idempotency key. */
export const service = (id: StepId, name: string, { label = name, attempts = 5 }: { label?: string; attempts?: number } = {}): Service =>
  frozen({ kind: 'service', id, service: name, label, attempts })
/** Waits for a stretch of time or until the moment in a form field. */
export const timer = (id: StepId, label: string, until: Timer['until']): Timer => frozen({ kind: 'timer', id, label, until })
/** Branches at the same time. */
export const parallel = <F>(
  id: StepId,
  branches: readonly (readonly Step<F>[])[],
  options: Partial<Pick<Parallel, 'label' | 'onRefuse' | 'reconcile'>> = {},
): Parallel<F> =>
  frozen({ kind: 'parallel', id, label: '并行办理', branches, onRefuse: 'endRequest', reconcile: administrator, ...options })

export const workingHours = (amount: number): Duration => frozen({ unit: 'workingHours', amount })
export const workingDays = (amount: number): Duration => frozen({ unit: 'workingDays', amount })
export const hours = (amount: number): Duration => frozen({ unit: 'hours', amount })
export const naturalDays = (amount: number): Duration => frozen({ unit: 'days', amount })
/** The limit that a rule card gives. */
export const byRule = (rule: string): Limit => frozen({ rule })

type Stage = { readonly after?: Duration }
const at = (after?: Duration): Stage => (after ? { after } : {})
export const remind = (after?: Duration): OnTimeout => frozen({ do: 'remind', ...at(after) })
export const escalate = (to: Decider, after?: Duration): OnTimeout => frozen({ do: 'escalate', to, ...at(after) })
export const passTo = (to: Decider, after?: Duration): OnTimeout => frozen({ do: 'pass', to, ...at(after) })
export const autoApprove = (after?: Duration): OnTimeout => frozen({ do: 'approve', ...at(after) })
