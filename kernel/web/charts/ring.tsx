import { figureText } from './chart-data.ts'
import { colourOf, type ChartProps } from './chart-props.ts'

const most = 8
/** Shares of a whole: the largest eight, the rest together. */
export function Ring({ label, data: { categories, series }, whole, onPick }: ChartProps) {
  const values = series[0]?.values ?? []
  const ranked = categories.map(({ text }, at) => ({ text, at, value: Math.max(0, values[at] ?? 0) })).sort((a, b) => b.value - a.value)
  const rest = ranked.slice(most)
  const parts = [
    ...ranked.slice(0, most).map((part) => ({ ...part, isRest: false })),
    ...(rest.length
      ? [{ text: `其余 ${rest.length} 组`, at: -1, value: rest.reduce((sum, { value }) => sum + value, 0), isRest: true }]
      : []),
  ]
  const sum = parts.reduce((all, { value }) => all + value, 0) || 1
  const begins = parts.map((_, at) => parts.slice(0, at).reduce((all, { value }) => all + value, 0) / sum)
  const colour = (at: number, isRest: boolean) => (isRest ? 'var(--line-strong)' : colourOf(at))
  return (
    <div className="x-ring">
      <svg
        viewBox="0 0 42 42"
        role="img"
        aria-label={`${label}：${parts.map(({ text, value }) => `${text} ${figureText(value)}`).join('，')}`}
      >
        {parts.map(({ value, isRest }, at) => (
          <circle
            key={at}
            cx="21"
            cy="21"
            r="15.9155"
            stroke={colour(at, isRest)}
            strokeDasharray={`${(value / sum) * 100} ${100 - (value / sum) * 100}`}
            strokeDashoffset={25 - (begins[at] ?? 0) * 100}
          />
        ))}
        <text x="21" y="22.5" textAnchor="middle">
          {whole}
        </text>
      </svg>
      <ul>
        {parts.map(({ text, at, value, isRest }, place) => (
          <li key={place}>
            <i style={{ background: colour(place, isRest) }} aria-hidden />
            {onPick && !isRest ? (
              <button type="button" className="x-link" onClick={() => onPick(at, 0)}>
                {text}
              </button>
            ) : (
              <span>{text}</span>
            )}
            <b>{figureText(value)}</b>
            <small>{((value / sum) * 100).toFixed(1)}%</small>
          </li>
        ))}
      </ul>
    </div>
  )
}
