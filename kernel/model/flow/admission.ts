import type { StatedRule } from '../rules/binding.ts'
import { frozen } from './frozen.ts'

/** How strictly a condition is meant: it is said (提示), must be answered in the opinion (须说明), or stands in the way (拦截). */
export const admissionModes = { hint: '提示', explain: '须说明', block: '拦截' } as const
export type AdmissionMode = keyof typeof admissionModes

/**
 * 准入条件: what a rule card wants of who, or what, is granted. Judged when somebody consents; what the card does not say (or what nobody has signed)
 * is not asked. How strictly is said by two demands of the same card, so that a hospital or department may only tighten it.
 */
export interface Admission<F = unknown> {
  readonly id: string
  readonly label: string
  /** The value that the fact is held against, and whose day it means. */
  readonly by: StatedRule
  /** A field of the record, or of what a reference of it names: `practitioner.titleLevel`. */
  readonly fact: string
  /** Which lines it is about, by their own fields; without it the request as a whole. */
  readonly lines?: F
  /** Demands of the card: when done, 须说明 and 拦截. Without them it is only said. */
  readonly explain?: string
  readonly block?: string
}
/** A condition of admission; `by` says whose day its rule means (admission: that of the decision). */
export const admission = <F>(id: string, label: string, options: Omit<Admission<F>, 'id' | 'label'>): Admission<F> =>
  frozen({ id, label, ...options })
