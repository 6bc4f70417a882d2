import type { ChartKind } from '#model'
import type { ChartData } from './chart-data.ts'

export interface ChartProps {
  kind: ChartKind
  /** What is measured: 条数, 学分合计. */
  label: string
  data: ChartData
  /** The figure of all, for the number. */
  whole: string
  /** Leads to what makes a figure. */
  onPick?: ((category: number, series: number) => void) | undefined
}
/** Colours are told apart by the colour-blind, too, and never alone: each stands beside its word. */
export const colourOf = (at: number): string => `var(--chart-${(at % 8) + 1})`
