import type { ChartKind } from '#model'
import type { ChartData } from './chart-data.ts'

export interface ChartProps {
  kind: ChartKind
  /** What is measured: 条数, 学分合计. */
  label: string
  data: ChartData
  /** The figure of all, as it is written. */
  whole: string
  /** Beside the figure of all: how it moved. */
  beside?: string | undefined
  /** How high the drawing may be; as high as it needs where it is not said. */
  height?: number | undefined
  /** Shares of the whole are written beside the figures. */
  share?: boolean | undefined
  /** Places in the palette, for the parts in their order. */
  colours?: readonly number[] | undefined
  format?: ((value: number) => string) | undefined
  /** What is measured stands above it. */
  hasHead?: boolean | undefined
  /** Leads to what makes a figure. */
  onPick?: ((category: number, series: number) => void) | undefined
}
/** What every drawing is given: everything said, and how wide it is. */
export interface DrawingProps extends Required<Pick<ChartProps, 'kind' | 'label' | 'data' | 'whole' | 'format'>> {
  width: number
  height: number | undefined
  share: boolean
  colour: (at: number) => string
  onPick: ChartProps['onPick']
}
/** Colours are told apart by the colour-blind, too, and never alone: each stands beside its word. */
export const colourOf = (at: number): string => `var(--chart-${(at % 8) + 1})`
