import { useMemo } from 'react'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import type { Run } from './rotation.rules.ts'
import { cellKey, marksOf, stretchesOf, type RotationTable } from './table.rules.ts'

/** A stretch of one person's line: in a unit, or one period in none. */
export interface Picked extends Omit<Run, 'unit'> {
  person: string
  unit: string | null
}
interface Props {
  table: RotationTable
  mayEdit: boolean
  onPick: (picked: Picked) => void
}
/** People as rows and periods as columns; on a phone a card for each person. */
export function Table({ table, mayEdit, onPick }: Props) {
  const isPhone = useIsPhone()
  const marks = useMemo(() => marksOf(table), [table])
  const names = useMemo(() => new Map(table.units.map(({ unit, name }) => [unit, name])), [table])
  const days = ({ at, periods }: Pick<Picked, 'at' | 'periods'>) => `${table.spans[at]!.from} 至 ${table.spans[at + periods - 1]!.to}`
  const wrongAt = ({ person, at, periods }: Picked) => Array.from({ length: periods }, (_, n) => marks.get(cellKey(person, at + n)) ?? []).flat()
  const Stretch = ({ picked, isLong = false }: { picked: Picked; isLong?: boolean }) => {
    const wrong = [...new Set(wrongAt(picked))]
    const unit = picked.unit ? (names.get(picked.unit) ?? '计划外科室') : isLong ? '未安排' : '—'
    const who = table.people.find(({ id }) => id === picked.person)?.name ?? ''
    return (
      <button
        type="button"
        className={`ro-run${picked.unit ? '' : ' empty'}${wrong.length ? ' wrong' : ''}`}
        title={wrong.join('\n') || days(picked)}
        aria-label={`${who} ${days(picked)} ${picked.unit ? unit : '未安排'}${wrong.length ? `，冲突：${wrong.join('；')}` : ''}`}
        disabled={!mayEdit}
        onClick={() => onPick(picked)}
      >
        <span>{unit}</span>
        {isLong && <small>{days(picked)}</small>}
      </button>
    )
  }
  if (isPhone)
    return (
      <div className="ro-people">
        {table.people.map(({ id, name }) => (
          <section key={id} className="x-card" aria-label={name}>
            <h2>{name}</h2>
            {(marks.get(cellKey(id, -1)) ?? []).map((message) => (
              <p key={message} className="x-problem">{message}</p>
            ))}
            {stretchesOf(table.grid[id] ?? [], true).map((one) => (
              <Stretch key={one.at} picked={{ ...one, person: id }} isLong />
            ))}
          </section>
        ))}
      </div>
    )
  return (
    <div className="ro-scroll" tabIndex={0} role="region" aria-label="轮转表">
      <table className="ro-table">
        <thead>
          <tr>
            <th scope="col">人员</th>
            {table.spans.map(({ from, to }, n) => (
              <th key={from} scope="col">
                第 {n + 1} 期
                <small>
                  {from.slice(2)} 至 {to.slice(5)}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.people.map(({ id, name }) => (
            <tr key={id}>
              <th scope="row" title={[name, ...(marks.get(cellKey(id, -1)) ?? [])].join('\n')} className={marks.has(cellKey(id, -1)) ? 'x-problem' : undefined}>
                {name}
              </th>
              {stretchesOf(table.grid[id] ?? [], false).map((one) => (
                <td key={one.at} colSpan={one.periods}>
                  <Stretch picked={{ ...one, person: id }} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
} // prettier-ignore
