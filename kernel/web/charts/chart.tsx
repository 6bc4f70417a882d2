import { figureText, type ChartData } from './chart-data.ts'
import { colourOf, type ChartProps } from './chart-props.ts'
import { LineChart } from './line-chart.tsx'
import { Ring } from './ring.tsx'
import './charts.css'

const most = 60
/** Groups as a picture: every figure stands beside its mark and leads to its records. */
export function Chart(props: ChartProps) {
  const { kind, label, data, whole } = props
  const { categories, series } = data
  if (kind === 'number')
    return (
      <p className="x-chart-number">
        <b>{whole}</b>
        <span>{label}</span>
      </p>
    )
  if (categories.length === 0) return <p className="x-chart-none">没有可以画的数据</p>
  const isSplit = series.length > 1
  const shown = kind === 'ring' ? { categories, series: [summed(data)] } : data
  return (
    <figure className="x-chart" aria-label={`${label}的图表`}>
      <h3>{label}</h3>
      {isSplit && kind !== 'ring' && <Legend data={data} />}
      {kind === 'line' ? (
        <LineChart {...props} data={shown} />
      ) : kind === 'ring' ? (
        <Ring {...props} data={shown} />
      ) : (
        <Bars {...props} data={shown} />
      )}
      {categories.length > most && kind !== 'line' && <figcaption>只画出前 {most} 组，全部数字见下表</figcaption>}
    </figure>
  )
}
const summed = ({ categories, series }: ChartData) => ({
  key: null,
  text: '',
  values: categories.map((_, at) => series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0)),
})

const Legend = ({ data: { series } }: { data: ChartData }) => (
  <ul className="x-legend">
    {series.map(({ text }, at) => (
      <li key={at}>
        <i style={{ background: colourOf(at) }} aria-hidden />
        {text}
      </li>
    ))}
  </ul>
)

/** Bars lie on their side: names of departments need their room, on the phone most of all. */
function Bars({ kind, label, data: { categories, series }, onPick }: ChartProps) {
  const isStacked = kind === 'stacked'
  const sums = categories.map((_, at) => series.reduce((sum, { values }) => sum + Math.max(0, values[at] ?? 0), 0))
  const top = Math.max(...(isStacked ? sums : series.flatMap(({ values }) => values))) || 1
  const part = (at: number, of: number) => {
    const value = series[of]?.values[at] ?? 0
    const said = `${categories[at]?.text ?? ''}${series[of]?.text ? ` ${series[of].text}` : ''} ${label} ${figureText(value)}`
    return (
      <button
        key={of}
        type="button"
        className="x-bar-mark"
        style={{ width: `${(Math.max(0, value) / top) * 100}%`, background: colourOf(of) }}
        aria-label={said}
        title={said}
        disabled={!onPick}
        onClick={() => onPick?.(at, of)}
      />
    )
  }
  return (
    <ol className="x-bars">
      {categories.slice(0, most).map(({ text }, at) => (
        <li key={at}>
          <span className="x-bars-name" title={text}>
            {text}
          </span>
          <div>
            {isStacked ? (
              <div className="x-bars-line">
                {series.map((_, of) => ((series[of]?.values[at] ?? 0) > 0 ? part(at, of) : null))}
                <b>{figureText(sums[at] ?? 0)}</b>
              </div>
            ) : (
              series.map(({ values }, of) => (
                <div key={of} className="x-bars-line">
                  {part(at, of)}
                  <b>{figureText(values[at] ?? 0)}</b>
                </div>
              ))
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
