/** What a flow is: frozen plain data made by factories. Nothing here runs; `prove.ts` judges it, `engine.ts` walks it. */

export type PersonId = string
export type StepId = string
/** A plain JSON value: what a line may be narrowed to. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** Who decides. Resolved outside the engine (directory), except `earlier` and `chosen`, which the instance itself knows. */
export type Decider =
  | { readonly kind: 'people'; readonly people: readonly PersonId[] }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'post'; readonly post: string; readonly unit?: string }
  | { readonly kind: 'headOf'; readonly unit?: string }
  | { readonly kind: 'upper'; readonly level: number }
  | { readonly kind: 'group'; readonly group: string; readonly unit?: string }
  | { readonly kind: 'formField'; readonly field: string }
  | { readonly kind: 'earlier'; readonly step: StepId }
  | { readonly kind: 'chosen'; readonly within?: Decider; readonly max?: number }
  | { readonly kind: 'administrator' }

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
export type Limit = { readonly unit: 'workingHours' | 'workingDays' | 'hours' | 'days'; readonly amount: number }
export type OnTimeout = { readonly do: 'remind' } | { readonly do: 'escalate' | 'pass'; readonly to: Decider }
/** W20. `ask`: he decides like anybody · `pass`: counted as his consent · `skip`: left out · `recuse`: a member under 回避 (votes only). */
export type SelfPolicy = 'ask' | 'pass' | 'skip' | 'superior' | 'administrator' | 'recuse'
export type NobodyPolicy = 'administrator' | 'superior' | 'skip' | 'refuse'
export type ReturnTarget = 'applicant' | { readonly step: StepId }
/** Acts that a step may allow to its deciders; those of the next issue stand here so that definitions need not change. */
export type StepAct =
  | 'approve'
  | 'reject'
  | 'return'
  | 'decideItems'
  | 'transfer'
  | 'addApprover'
  | 'removeApprover'
  | 'delegateTask'
  | 'takeBack'
  | 'copyTo'
  | 'claim'
  | 'consult'
  | 'bulkDecide'

export interface Approve {
  readonly kind: 'approve'
  readonly id: StepId
  readonly label: string
  readonly by: readonly Decider[]
  readonly mode: Mode
  /** Every line is decided on its own (W23); otherwise the request is decided as one. */
  readonly items: boolean
  readonly mayEdit: readonly string[]
  readonly hide: readonly string[]
  readonly require: readonly string[]
  readonly sign: boolean
  readonly acts: readonly StepAct[]
  readonly limit?: Limit
  readonly onTimeout: readonly OnTimeout[]
  readonly onNobody: NobodyPolicy
  readonly onSamePerson: SelfPolicy
  readonly onApplicant: SelfPolicy
  /** What earlier deciders hear when `mayEdit` changed a field (semantics 4). */
  readonly onEdit: 'askAgain' | 'tell' | 'nothing'
  /** Where a returned line starts again (semantics 7). */
  readonly returnTo: ReturnTarget
  /** The minutes of a meeting may be entered by a recorder instead of on-line votes. */
  readonly meeting?: { readonly recorder: Decider }
}
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
}
export interface Parallel<F = unknown> {
  readonly kind: 'parallel'
  readonly branches: readonly (readonly Step<F>[])[]
  readonly onRefuse: 'endRequest' | 'branchOnly'
}
export type Step<F = unknown> = Approve | When<F> | Notify | Service | Parallel<F>

export interface Flow<F = unknown> {
  readonly kind: 'flow'
  readonly name: string
  readonly label: string
  readonly steps: readonly Step<F>[]
  /** The sub-table whose rows are the lines, and the field of a row that a decider may narrow (by its declared order). */
  readonly items?: { readonly rows: string; readonly narrow?: string }
  readonly start: { readonly sign: boolean; readonly require: readonly string[] }
  /** The module's function that makes the results real, in the transaction of the last decision. */
  readonly effect?: string
  readonly effectWhen: 'together' | 'perItem'
}

type ApproveOptions = Partial<Omit<Approve, 'kind' | 'id' | 'label' | 'by'>> & { readonly by: Decider | readonly Decider[] }
type FlowOptions<F> = Pick<Flow<F>, 'label' | 'steps' | 'effect'> & {
  readonly items?: string | NonNullable<Flow['items']>
  readonly start?: Partial<Flow['start']>
  readonly effectWhen?: Flow['effectWhen']
}

/** A flow; `name` is prefixed by the module that owns it. */
export function flow<F>(name: string, { items, start, ...rest }: FlowOptions<F>): Flow<F> {
  const rows = typeof items === 'string' ? { items: { rows: items } } : items ? { items } : {}
  return frozen({ kind: 'flow', name, effectWhen: 'together', ...rest, ...rows, start: { sign: false, require: [], ...start } })
}

/** A step at which people decide. What is not said gets the cautious default. */
export function approve(id: StepId, label: string, { by, ...options }: ApproveOptions): Approve {
  const isVote = typeof options.mode === 'object'
  const acts: readonly StepAct[] = isVote
    ? ['approve', 'reject', 'decideItems']
    : ['approve', 'reject', 'return', 'decideItems', 'transfer']
  return frozen({
    kind: 'approve',
    id,
    label,
    by: Array.isArray(by) ? by : [by],
    mode: 'anyOf',
    items: false,
    mayEdit: [],
    hide: [],
    require: [],
    sign: false,
    acts,
    onTimeout: [],
    onNobody: 'administrator',
    onSamePerson: 'ask',
    onApplicant: isVote ? 'recuse' : 'superior',
    onEdit: 'tell',
    returnTo: 'applicant',
    ...options,
  })
}

/** Steps taken only when the condition holds as the request reaches this place; `otherwise` when it does not. */
export const when = <F>(condition: F, then: readonly Step<F>[], otherwise: readonly Step<F>[] = []): When<F> =>
  frozen({ kind: 'when', condition, then, otherwise })
/** People who are told and decide nothing. */
export const notify = (...who: readonly ('applicant' | Decider)[]): Notify => frozen({ kind: 'notify', who })
/** A call of a module's function after commit, with an idempotency key. */
export const service = (id: StepId, name: string, label = name): Service => frozen({ kind: 'service', id, service: name, label })
/** Branches at the same time. The shape is fixed, the engine does not run it yet: `prove` refuses it. */
export const parallel = <F>(branches: readonly (readonly Step<F>[])[], onRefuse: Parallel['onRefuse'] = 'endRequest'): Parallel<F> =>
  frozen({ kind: 'parallel', branches, onRefuse })

/** Named people. */
export const people = (...ids: readonly PersonId[]): Decider => frozen({ kind: 'people', people: ids })
/** Everybody who holds a role. */
export const role = (name: string): Decider => frozen({ kind: 'role', role: name })
/** The holders of a post, of one unit (a form field's name) or anywhere. */
export const post = (name: string, unit?: string): Decider => frozen({ kind: 'post', post: name, ...(unit ? { unit } : {}) })
/** The head of the unit in a form field, or of the applicant's own unit. */
export const headOf = (unit?: string): Decider => frozen({ kind: 'headOf', ...(unit ? { unit } : {}) })
/** The n-th level above the person in question (the applicant, or the one who is replaced). */
export const upper = (level: number): Decider => frozen({ kind: 'upper', level })
/** A named expert group or committee; with `unit` that of the unit in this form field (科室授权考核小组). */
export const group = (name: string, unit?: string): Decider => frozen({ kind: 'group', group: name, ...(unit ? { unit } : {}) })
/** The person or people in a form field. */
export const formField = (field: string): Decider => frozen({ kind: 'formField', field })
/** Whoever decided at an earlier step. */
export const earlier = (step: StepId): Decider => frozen({ kind: 'earlier', step })
/** Chosen by the applicant when submitting, within a range. */
export const chosenByApplicant = (within?: Decider, max?: number): Decider =>
  frozen({ kind: 'chosen', ...(within ? { within } : {}), ...(max ? { max } : {}) })
/** The people who repair stuck instances. */
export const administrator: Decider = frozen({ kind: 'administrator' })

export const workingHours = (amount: number): Limit => frozen({ unit: 'workingHours', amount })
export const workingDays = (amount: number): Limit => frozen({ unit: 'workingDays', amount })
export const naturalDays = (amount: number): Limit => frozen({ unit: 'days', amount })
export const remind = (): OnTimeout => frozen({ do: 'remind' })
export const escalate = (to: Decider): OnTimeout => frozen({ do: 'escalate', to })

/** Freezes a value and all it holds. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}
