import { axisTop } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { Mark } from './mark.tsx'
import { fitted, widthOf } from './text-fit.ts'

const [bottom, top, right] = [40, 16, 24]
/** Each group a point: one measure to the right, one upwards. */
export function Scatter({ label, data: { categories, series }, width, height: given, format, colour, onPick }: DrawingProps) {
  const height = Math.max(200, given ?? 320)
  const [across, up] = [series[0]!, series[1] ?? series[0]!]
  const [mostX, mostY] = [axisTop(Math.max(...across.values)), axisTop(Math.max(...up.values))]
  const left = widthOf(format(mostY)) + 14
  const x = (value: number) => left + (Math.max(0, value) / mostX) * (width - left - right)
  const y = (value: number) => height - bottom - (Math.max(0, value) / mostY) * (height - bottom - top)
  const isNamed = categories.length <= 30
  return (
    <svg className="x-drawing" width={width} height={height} role="group" aria-label={label}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={left} x2={width - right} y1={y(share * mostY)} y2={y(share * mostY)} />
          <text className="x-axis" x={left - 8} y={y(share * mostY) + 4} textAnchor="end">
            {format(share * mostY)}
          </text>
          <text className="x-axis" x={x(share * mostX)} y={height - bottom + 16} textAnchor="middle">
            {format(share * mostX)}
          </text>
        </g>
      ))}
      <text className="x-axis" x={width - right} y={height - 6} textAnchor="end">
        {across.text} →
      </text>
      <text className="x-axis" x={left} y={11}>
        ↑ {up.text}
      </text>
      {categories.map(({ text }, at) => {
        const [across0, up0] = [across.values[at] ?? 0, up.values[at] ?? 0]
        const said = `${text} ${across.text} ${format(across0)}，${up.text} ${format(up0)}`
        return (
          <Mark key={at} said={said} onPick={onPick && (() => onPick(at, 0))}>
            <circle cx={x(across0)} cy={y(up0)} r={6} style={{ fill: colour(0) }} fillOpacity={0.75} />
            {isNamed && (
              <text x={x(across0) + 9} y={y(up0) + 4}>
                {fitted(text, 90)}
              </text>
            )}
          </Mark>
        )
      })}
    </svg>
  )
}
