import { axisTop, figureText } from './chart-data.ts'
import { colourOf, type ChartProps } from './chart-props.ts'

const [width, height, left, bottom, top, right] = [760, 260, 52, 30, 16, 16]

/** What moves over time: a line a series, each point with its figure. */
export function LineChart({ label, data: { categories, series }, onPick }: ChartProps) {
  const highest = axisTop(Math.max(...series.flatMap(({ values }) => values)))
  const step = categories.length > 1 ? (width - left - right) / (categories.length - 1) : 0
  const x = (at: number) => (categories.length > 1 ? left + at * step : (left + width - right) / 2)
  const y = (value: number) => height - bottom - (Math.max(0, value) / highest) * (height - bottom - top)
  const every = Math.ceil(categories.length / 12)
  return (
    <div className="x-line-box">
      <svg className="x-line-chart" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={left} x2={width - right} y1={y(share * highest)} y2={y(share * highest)} />
            <text x={left - 8} y={y(share * highest) + 4} textAnchor="end">
              {figureText(share * highest)}
            </text>
          </g>
        ))}
        {categories.map(({ text }, at) =>
          at % every === 0 ? (
            <text key={at} x={x(at)} y={height - 8} textAnchor="middle">
              {text.replaceAll(' ', '')}
            </text>
          ) : null,
        )}
        {series.map(({ text, values }, of) => (
          <g key={of} style={{ color: colourOf(of) }}>
            <polyline points={values.map((value, at) => `${x(at)},${y(value)}`).join(' ')} />
            {values.map((value, at) => {
              const said = `${categories[at]?.text ?? ''}${text ? ` ${text}` : ''} ${label} ${figureText(value)}`
              return (
                <circle
                  key={at}
                  cx={x(at)}
                  cy={y(value)}
                  r={4.5}
                  role={onPick ? 'button' : 'img'}
                  tabIndex={onPick ? 0 : undefined}
                  aria-label={said}
                  onClick={() => onPick?.(at, of)}
                  onKeyDown={(event) => event.key === 'Enter' && onPick?.(at, of)}
                >
                  <title>{said}</title>
                </circle>
              )
            })}
          </g>
        ))}
      </svg>
    </div>
  )
}
