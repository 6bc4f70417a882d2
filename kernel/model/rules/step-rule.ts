/** The rule that sets a step's limit as it stood when the step's time began, or that a condition refers to. */
export interface StepRule {
  key: string
  label: string
  /** `不超过 3 个工作日`; null while no version of it counts: then there is no limit. */
  text: string | null
  /** Which layer binds, by what, in which version. */
  layer: string | null
  basis: string | null
  version: string | null
  /** What it says today (at the decision), where that is something else: what began earlier keeps its own limit. */
  today: string | null
  /** What it said when the request began, where that is something else: admission goes by the day of the decision. */
  start?: string | null
}
