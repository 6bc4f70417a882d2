import { shareText, valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import './pivot.css'

/** Groups down, groups across, figures where they meet, with the sums of what can be added up. */
export function Pivot({ label, data, height, share, format, onPick }: DrawingProps) {
  const { categories, series, isAdditive = true, head = '' } = data
  const down = series.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  const across = categories.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const all = down.reduce((sum, value) => sum + value, 0)
  const hasAcross = isAdditive && series.length > 1 && !data.isMeasures
  const cell = (value: number, of: number) => (
    <>
      {format(value)}
      {share && <small>{shareText(value, of)}</small>}
    </>
  )
  return (
    <div className="x-pivot" style={height ? { maxHeight: height } : undefined} tabIndex={0} role="region" aria-label={`${label}的表格`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {series.map(({ text }, of) => (
              <th key={of} scope="col">
                {text || label}
              </th>
            ))}
            {hasAcross && <th scope="col">合计</th>}
          </tr>
        </thead>
        <tbody>
          {categories.map(({ text }, at) => (
            <tr key={at}>
              <th scope="row">{text}</th>
              {series.map(({ values }, of) => {
                const value = values[at] ?? 0
                return (
                  <td key={of}>
                    {value === 0 && !data.isMeasures ? (
                      <span className="x-faint">0</span>
                    ) : onPick ? (
                      <button
                        type="button"
                        className="x-link"
                        aria-label={valueSaid(data, label, at, of, format)}
                        onClick={() => onPick(at, of)}
                      >
                        {cell(value, data.isMeasures ? down[of]! : across[at]!)}
                      </button>
                    ) : (
                      cell(value, data.isMeasures ? down[of]! : across[at]!)
                    )}
                  </td>
                )
              })}
              {hasAcross && <td className="sum">{format(across[at]!)}</td>}
            </tr>
          ))}
        </tbody>
        {isAdditive && (
          <tfoot>
            <tr>
              <th scope="row">合计</th>
              {down.map((value, of) => (
                <td key={of}>{cell(value, data.isMeasures ? value : all)}</td>
              ))}
              {hasAcross && <td className="sum">{format(all)}</td>}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}
