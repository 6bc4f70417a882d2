import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { figureParts, type Dynamics, type Figure } from './dynamics.rules.ts'
import { addressOf, countIn, type Line } from './lines.rules.ts'

export interface Shown {
  answer: Dynamics
  lines: readonly Line[]
  columns: readonly Figure[]
  today: string
}
/** Units below one another, figures side by side; the head and the first column stay in sight. */
export function DynamicsTable({ answer, lines, columns, today, isFlat }: Shown & { isFlat: boolean }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(() => (isFlat ? lines : openLines(lines, closed)), [lines, closed, isFlat])
  const parts = Map.groupBy(columns, ({ part }) => part)
  const toggle = (id: string) => setClosed(new Set(closed.has(id) ? [...closed].filter((one) => one !== id) : [...closed, id]))
  return (
    <section className="x-card d-table" aria-label="医师动态">
      <table>
        <thead>
          <tr>
            <th rowSpan={2} scope="col">
              科室
            </th>
            {[...parts].map(([part, some]) => (
              <th key={part} colSpan={some.length} scope="colgroup">
                {figureParts[part]}
              </th>
            ))}
          </tr>
          <tr>
            {columns.map(({ key, label, help }) => (
              <th key={key} scope="col" title={help}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {!isFlat && (
            <tr className="d-whole">
              <th scope="row">全院</th>
              {columns.map((figure) => (
                <Cell key={figure.key} figure={figure} count={countIn(answer.whole, figure)} name="全院" to={addressOf(figure, answer, null, today)} />
              ))}
            </tr>
          )}
          {shown.map((line) => (
            <tr key={line.id}>
              <th scope="row">
                <div className="d-unit" style={{ paddingInlineStart: line.depth * 14 }}>
                  {!isFlat && line.ids.length > 1 && lines.some(({ parent }) => parent === line.id) ? (
                    <button type="button" className="x-icon-button" aria-label={`${closed.has(line.id) ? '展开' : '收起'}${line.name}`} onClick={() => toggle(line.id)}>
                      {closed.has(line.id) ? <CaretRightOutlined /> : <CaretDownOutlined />}
                    </button>
                  ) : (
                    <i />
                  )}
                  <Link to={`/r/directory.unit/${line.id}`}>{line.name}</Link>
                </div>
              </th>
              {columns.map((figure) => (
                <Cell key={figure.key} figure={figure} count={countIn(line.counts, figure)} name={line.name} to={addressOf(figure, answer, line, today)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
} // prettier-ignore
function openLines(lines: readonly Line[], closed: ReadonlySet<string>): Line[] {
  const hidden = new Set(lines.filter(({ id }) => closed.has(id)).flatMap(({ id, ids }) => ids.filter((one) => one !== id)))
  return lines.filter(({ id }) => !hidden.has(id))
}
function Cell({ figure, count, name, to }: { figure: Figure; count: number; name: string; to: string }) {
  return (
    <td className={count ? undefined : 'd-none'}>
      {count ? (
        <Link to={to} aria-label={`${name}${figure.label} ${count} 人`}>
          {count}
        </Link>
      ) : (
        '–'
      )}
    </td>
  )
}
