import type { Certainty, Change, Layer, RuleCard, RuleUse } from '#kernel/model/rules/index.ts'

/** One line of the list: a rule as it binds. */
export interface RuleLine {
  key: string
  label: string
  values: { name: string; text: string; layer: Layer }[]
  basis: string
  certainty: Certainty
  /** The layers that say something, widest first. */
  layers: Layer[]
  /** Versions in force by their dates that wait for a signature. */
  unsigned: number
  uses: number
}
export interface RuleList {
  unit: { id: string; name: string } | null
  day: string
  rules: RuleLine[]
}

/** A version of a layer as the card's page shows it. */
export interface CardView {
  card: RuleCard
  layerName: string
  /** Its values as sentences. */
  texts: Record<string, string>
  basis: string
  /** In force on the day, and counting. */
  stands: boolean
  /** Waits for a signature. */
  waits: boolean
  signature: { by: string; on: string } | null
  checkedByName: string | null
  /** Against the version before it of the same layer and unit; null for the first. */
  changes: Change[] | null
}
export interface ValueView {
  name: string
  label: string
  text: string
  /** The card that binds. */
  card: string
  said: { card: string; text: string; isBinding: boolean; isOverruled: boolean }[]
  /** If it began now: when the law's limit would end and when the house's. */
  due: { at: string; provisional: boolean } | null
  lawDue: { at: string; provisional: boolean } | null
}
export interface RuleAnswer {
  key: string
  label: string
  day: string
  unit: { id: string; name: string } | null
  /** Those that stand or wait on the day, widest first. */
  columns: CardView[]
  values: ValueView[]
  /** All versions of all layers on the way up from the unit, newest first. */
  versions: CardView[]
  uses: RuleUse[]
  may: { sign: boolean; write: Layer[] }
}
