/** The rule that sets a step's limit, as it stood when the step's time began. */
export interface StepRule {
  key: string
  label: string
  /** `不超过 3 个工作日`; null while no version of it counts: then there is no limit. */
  text: string | null
  /** Which layer binds, by what, in which version. */
  layer: string | null
  basis: string | null
  version: string | null
  /** What it says today, where that is something else: what began earlier keeps its own. */
  today: string | null
}
