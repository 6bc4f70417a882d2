import { fitted, widthOf } from './text-fit.ts'

interface Entry {
  text: string
  colour: string
}
interface InLines<E> {
  height: number
  entries: (E & { x: number; y: number })[]
}
export type LegendLayout = InLines<Entry>
const line = 20
/** Words one after the other, in lines as wide as the drawing. */
export function inLines<E extends { text: string }>(entries: readonly E[], width: number): InLines<E> {
  const placed: InLines<E>['entries'] = []
  let [x, y] = [0, 0]
  for (const entry of entries) {
    const text = fitted(entry.text, 160)
    const needed = widthOf(text) + 34
    if (x > 0 && x + needed > width) [x, y] = [0, y + line]
    placed.push({ ...entry, text, x, y })
    x += needed
  }
  return { height: placed.length ? y + line + 6 : 0, entries: placed }
}
/** What the colours mean; one colour needs no word. */
export const legendOf = (entries: readonly Entry[], width: number): LegendLayout => inLines(entries.length < 2 ? [] : entries, width)
export const Legend = ({ layout }: { layout: LegendLayout }) => (
  <g className="x-legend" aria-hidden>
    {layout.entries.map(({ text, colour, x, y }, at) => (
      <g key={at} transform={`translate(${x}, ${y})`}>
        <rect width="10" height="10" y="3" rx="2" fill={colour} />
        <text x="16" y="12">
          {text}
        </text>
      </g>
    ))}
  </g>
)
