import { shareText, valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { FittedText } from './fitted-text.tsx'
import { Mark } from './mark.tsx'

const most = 20
const thick = 34
/** Steps one after the other, each with what is left of the first. */
export function Funnel({ label, data, width, format, colour, onPick }: DrawingProps) {
  const { categories, series } = data
  const values = (series[0]?.values ?? []).slice(0, most).map((value) => Math.max(0, value))
  const [first, top] = [values[0] || 1, Math.max(...values) || 1]
  const room = width * 0.62
  const long = (value: number) => Math.max(4, (value / top) * room)
  return (
    <svg className="x-drawing" width={width} height={values.length * (thick + 4)} role="group" aria-label={label}>
      {values.map((value, at) => {
        const [wide, next] = [long(value), long(values[at + 1] ?? value)]
        const y = at * (thick + 4)
        const middle = room / 2
        const points = [[middle - wide / 2, y], [middle + wide / 2, y], [middle + next / 2, y + thick], [middle - next / 2, y + thick]].map((one) => one.join(',')).join(' ') // prettier-ignore
        return (
          <Mark key={at} said={valueSaid(data, label, at, 0, format)} onPick={onPick && (() => onPick(at, 0))}>
            <rect y={y} width={width} height={thick} fill="transparent" />
            <polygon points={points} fill={colour(at)} />
            <FittedText text={categories[at]?.text ?? ''} width={width - room - 16} x={room + 12} y={y + 15} />
            <text className="x-figure" x={room + 12} y={y + 30}>
              {format(value)}　{shareText(value, first)}
            </text>
          </Mark>
        )
      })}
    </svg>
  )
}
