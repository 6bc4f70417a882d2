import { frozen } from './frozen.ts'

export type PersonId = string
export type StepId = string

/** Who decides. Resolved outside the engine (directory), except `earlier`, `chosen` and `upperChain`, which the instance itself knows. */
export type Decider =
  | { readonly kind: 'people'; readonly people: readonly PersonId[] }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'post'; readonly post: string; readonly unit?: string }
  | { readonly kind: 'headOf'; readonly unit?: string }
  | { readonly kind: 'upper'; readonly level: number }
  /** Level after level up to this one, one after another: asked as `upper` 1, 2 … */
  | { readonly kind: 'upperChain'; readonly upTo: number }
  /** The office of this name that serves the zone or campus of a unit. */
  | { readonly kind: 'office'; readonly office: string; readonly unit?: string }
  | { readonly kind: 'group'; readonly group: string; readonly unit?: string }
  | { readonly kind: 'formField'; readonly field: string }
  | { readonly kind: 'earlier'; readonly step: StepId }
  /** `by`: chosen by whoever decides this earlier step; without it by the applicant. */
  | { readonly kind: 'chosen'; readonly within?: Decider; readonly max?: number; readonly by?: StepId }
  | { readonly kind: 'administrator' }

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
/** Every level above the applicant up to the n-th, one after another; the step's mode is `inOrder`. */
export const upperChain = (upTo: number): Decider => frozen({ kind: 'upperChain', upTo })
/** The office that serves the zone or campus of the unit in this form field, or of the applicant's own unit. */
export const office = (name: string, unit?: string): Decider => frozen({ kind: 'office', office: name, ...(unit ? { unit } : {}) })
/** A named expert group or committee; with `unit` that of the unit in this form field (科室授权考核小组). */
export const group = (name: string, unit?: string): Decider => frozen({ kind: 'group', group: name, ...(unit ? { unit } : {}) })
/** The person or people in a form field. */
export const formField = (field: string): Decider => frozen({ kind: 'formField', field })
/** Whoever decided at an earlier step. */
export const earlier = (step: StepId): Decider => frozen({ kind: 'earlier', step })
/** Chosen by the applicant when submitting, within a range. */
export const chosenByApplicant = (within?: Decider, max?: number): Decider =>
  frozen({ kind: 'chosen', ...(within ? { within } : {}), ...(max ? { max } : {}) })
/** Chosen by whoever decides an earlier step, within a range. */
export const chosenAt = (step: StepId, within?: Decider, max?: number): Decider =>
  frozen({ kind: 'chosen', by: step, ...(within ? { within } : {}), ...(max ? { max } : {}) })
/** The people who repair stuck instances. */
export const administrator: Decider = frozen({ kind: 'administrator' })
