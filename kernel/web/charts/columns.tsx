import type { DrawingProps } from './chart-props.ts'
import { axisTop, valueSaid } from './chart-data.ts'
import { FittedText } from './fitted-text.tsx'
import { Legend, legendOf } from './legend.tsx'
import { Mark } from './mark.tsx'
import { widthOf } from './text-fit.ts'

const [bottom, top] = [28, 14]
/** What moves over time or stands side by side: columns, lines, or columns on the left axis and a line on the right. */
export function Columns({ kind, label, data, width, height: given, format, colour, onPick }: DrawingProps) {
  const { categories, series } = data
  const legend = legendOf(series.map(({ text }, of) => ({ text: kind === 'axes' ? `${text}（${of ? '右轴' : '左轴'}）` : text, colour: colour(of) })), width) // prettier-ignore
  const height = Math.max(160, given ?? 280)
  const isLine = (of: number) => kind === 'line' || (kind === 'axes' && of === 1)
  // Two axes where two measures differ in kind; else one for all.
  const sides = kind === 'axes' ? [series.slice(0, 1), series.slice(1, 2)] : [series]
  const tops = sides.map((list) => axisTop(Math.max(...list.flatMap(({ values }) => values))))
  const topOf = (of: number) => tops[kind === 'axes' ? of : 0] ?? 1
  const margins = tops.map((most) => widthOf(format(most)) + 14)
  const [left, right] = [margins[0] ?? 40, kind === 'axes' ? (margins[1] ?? 40) : 12]
  const floor = height - bottom
  const room = Math.max(40, width - left - right)
  const band = room / categories.length
  const columns = series.map((_, of) => of).filter((of) => !isLine(of))
  const thick = Math.min(40, (band * 0.7) / Math.max(1, columns.length))
  const x = (at: number) => left + (at + 0.5) * band
  const y = (value: number, of: number) => floor - (Math.max(0, value) / topOf(of)) * (floor - top - legend.height)
  const every = Math.max(1, Math.ceil(categories.length / Math.max(1, Math.floor(room / 64))))
  return (
    <svg className="x-drawing" width={width} height={height} role="group" aria-label={label}>
      <Legend layout={legend} />
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={left} x2={width - right} y1={y(share * topOf(0), 0)} y2={y(share * topOf(0), 0)} />
          {tops.map((most, side) => (
            <text
              key={side}
              x={side ? width - right + 8 : left - 8}
              y={y(share * most, side) + 4}
              textAnchor={side ? 'start' : 'end'}
              className="x-axis"
            >
              {format(share * most)}
            </text>
          ))}
        </g>
      ))}
      {categories.map(({ text }, at) =>
        at % every === 0 ? (
          <FittedText
            key={at}
            text={text.replaceAll(' ', '')}
            width={band * every - 6}
            x={x(at)}
            y={height - 8}
            textAnchor="middle"
            className="x-axis"
          />
        ) : null,
      )}
      {series.map(({ values }, of) => (
        <g key={of} style={{ color: colour(of) }}>
          {isLine(of) && <polyline points={values.map((value, at) => `${x(at)},${y(value, of)}`).join(' ')} />}
          {values.map((value, at) => (
            <Mark key={at} said={valueSaid(data, label, at, of, format)} onPick={onPick && (() => onPick(at, of))}>
              {isLine(of) ? (
                <circle cx={x(at)} cy={y(value, of)} r={4.5} />
              ) : (
                <rect
                  x={x(at) - (thick * columns.length) / 2 + columns.indexOf(of) * thick}
                  y={Math.min(y(value, of), floor - 1)}
                  width={Math.max(1, thick - 2)}
                  height={Math.max(1, floor - y(value, of))}
                  fill={colour(of)}
                />
              )}
              {!isLine(of) && thick > 18 && (
                <text
                  className="x-figure"
                  textAnchor="middle"
                  x={x(at) - (thick * columns.length) / 2 + (columns.indexOf(of) + 0.5) * thick}
                  y={y(value, of) - 4}
                >
                  {format(value)}
                </text>
              )}
            </Mark>
          ))}
        </g>
      ))}
    </svg>
  )
}
