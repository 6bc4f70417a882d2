import { fitted, widthOf } from './text-fit.ts'

interface Entry {
  text: string
  colour: string
}
export interface LegendLayout {
  height: number
  entries: (Entry & { x: number; y: number })[]
}
const line = 20
/** What the colours mean, in lines as wide as the drawing. */
export function legendOf(entries: readonly Entry[], width: number): LegendLayout {
  if (entries.length < 2) return { height: 0, entries: [] }
  const placed: LegendLayout['entries'] = []
  let [x, y] = [0, 0]
  for (const entry of entries) {
    const text = fitted(entry.text, 160)
    const needed = widthOf(text) + 34
    if (x > 0 && x + needed > width) [x, y] = [0, y + line]
    placed.push({ ...entry, text, x, y })
    x += needed
  }
  return { height: y + line + 6, entries: placed }
}
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
