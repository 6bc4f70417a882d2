import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { aggregates, isProtected, isTotalled, readTotalKey, type Fields, type GroupPath, type ReportAnswer, type ReportSpec, type Scalar } from '#model' // prettier-ignore
import { Pagination } from 'antd'
import { Link } from 'react-router'
import { LateBar, LateOrFailed } from '../answers/late-parts.tsx'
import { chartOf, drawsOnce, figureText, keyWord } from '../charts/chart-data.ts'
import { Chart } from '../charts/chart.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { CellOf, TitlesProvider } from '../fields/index.ts'
import { totalText } from '../list/groups/group-words.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { rowsAtOnce, type ReportRun } from './use-reports.ts'

interface Props {
  spec: ReportSpec
  fields: Fields
  run: ReportRun
  page: number
  onPage: (page: number) => void
  /** The group that is looked into. */
  within: GroupPath | null
  onWithin: (keys: GroupPath | null) => void
  onSort: (sort: string[]) => void
}
/** 学分合计 */
const totalName = (text: string, fields: Fields): string => {
  const key = readTotalKey(text)
  return key ? `${fields[key.path]?.label ?? key.path}${aggregates[key.by]}` : text
}

/** What a report shows: its picture, its groups with their figures, its rows. */
export function Result(props: Props) {
  const { spec, fields, run, within, onWithin } = props
  const catalog = useCatalog()
  const { data, error } = run
  if (!data && (error || run.late.isAsked)) return <Trouble run={run} />
  if (!data) return <div className="x-card">{spec.columns.length ? <Skeleton rows={8} /> : <Notice kind="empty" title="请先添加列" />}</div>
  const wordOf = (level: number, key: Scalar | null) => {
    const text = spec.group[level] ?? ''
    return keyWord(text, fields[text.split(':')[0] ?? ''], key, data.titles, catalog.unitName)
  }
  const chart = chartOf(data.groups, spec.totals.length ? 0 : -1, wordOf)
  const label = spec.totals[0] ? totalName(spec.totals[0], fields) : '行数'
  const whole = spec.totals[0] ? totalText(data.totals[0]) : figureText(data.count)
  const pick = (category: number, series: number) => {
    const first = chart.categories[category]?.key ?? null
    onWithin(spec.group.length > 1 && !(spec.chart && drawsOnce.has(spec.chart)) ? [first, chart.series[series]?.key ?? null] : [first])
  }
  return (
    <TitlesProvider titles={data.titles}>
      <div className={`x-report-result ${run.isPlaceholderData ? 'faded' : ''}`}>
        {error && <Trouble run={run} />}
        <LateBar late={run.late} />
        {spec.chart && (spec.group.length > 0 || spec.chart === 'number') && !within && (
          <section className="x-card" aria-label="图表">
            <Chart
              kind={spec.chart}
              label={label}
              data={chart}
              whole={whole}
              onPick={spec.group.length > 1 && drawsOnce.has(spec.chart) ? undefined : pick}
            />
          </section>
        )}
        {spec.group.length > 0 && !within && <Groups {...props} data={data} wordOf={wordOf} />}
        {within && (
          <p className="x-report-within">
            {within.map((key, level) => wordOf(level, key)).join(' · ')}：{data.count} 行
            <button type="button" className="x-link" onClick={() => onWithin(null)}>
              返回全部
            </button>
          </p>
        )}
        <Rows {...props} data={data} />
      </div>
    </TitlesProvider>
  )
}
function Trouble({ run }: { run: ReportRun }) {
  return (
    <div className="x-card">
      <LateOrFailed late={run.late} error={run.error} retry={() => void run.refetch()} />
    </div>
  )
}

interface Shown extends Props {
  data: ReportAnswer
}
function Groups({ spec, fields, data, wordOf, onWithin }: Shown & { wordOf: (level: number, key: Scalar | null) => string }) {
  const heads = spec.group.map((text) => fields[text.split(':')[0] ?? '']?.label ?? text)
  return (
    <section className="x-card x-report-scroll" aria-label="分组汇总">
      <table className="x-report-table">
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th key={at}>{head}</th>
            ))}
            <th className="right">行数</th>
            {spec.totals.map((text) => (
              <th key={text} className="right">
                {totalName(text, fields)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.groups.map(({ keys, count, totals }) => (
            <tr key={JSON.stringify(keys)}>
              {keys.map((key, level) => (
                <td key={level}>{wordOf(level, key)}</td>
              ))}
              <td className="right">
                <button
                  type="button"
                  className="x-link"
                  aria-label={`查看 ${keys.map((key, level) => wordOf(level, key)).join(' ')} 的 ${count} 行`}
                  onClick={() => onWithin(keys)}
                >
                  {count}
                </button>
              </td>
              {totals.map((value, at) => (
                <td key={at} className="right">
                  {totalText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={heads.length}>全部{data.more ? '（组太多，只列出前面的）' : ''}</td>
            <td className="right">{data.count}</td>
            {data.totals.map((value, at) => (
              <td key={at} className="right">
                {totalText(value)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function Rows(props: Shown) {
  const { spec, fields, data, page, onPage, onSort } = props
  const isPhone = useIsPhone()
  const columns = spec.columns.flatMap(({ key }) => (fields[key] ? [{ key, field: fields[key] }] : []))
  if (data.count === 0)
    return (
      <div className="x-card">
        <Notice kind="empty" title="没有符合条件的记录" text="请放宽条件，或换一个出发的记录类型。" />
      </div>
    )
  const sortOf = (key: string) => (spec.sort[0] === key ? 'up' : spec.sort[0] === `-${key}` ? 'down' : null)
  const turn = (key: string) => onSort(sortOf(key) === 'up' ? [`-${key}`] : sortOf(key) === 'down' ? [] : [key])
  const pages = data.count > rowsAtOnce && (
    <Pagination
      size="small"
      current={page + 1}
      pageSize={rowsAtOnce}
      total={data.count}
      showSizeChanger={false}
      onChange={(at) => onPage(at - 1)}
    />
  )
  if (isPhone)
    return (
      <>
        <ul className="x-report-cards">
          {data.rows.map((row) => (
            <li key={row.id} className="x-card">
              <Link to={`/r/${spec.base}/${row.id}`}>
                {columns.map(({ key, field }, at) => (
                  <span key={key} className={at === 0 ? 'first' : ''}>
                    {at > 0 && <small>{field.label}</small>}
                    <CellOf field={field} value={row[key] ?? null} />
                  </span>
                ))}
              </Link>
            </li>
          ))}
        </ul>
        {pages}
      </>
    )
  return (
    <section className="x-card x-report-scroll" aria-label="明细">
      <table className="x-report-table">
        <thead>
          <tr>
            {columns.map(({ key, field }) => (
              <th
                key={key}
                className={isTotalled(field) ? 'right' : ''}
                aria-sort={sortOf(key) === 'up' ? 'ascending' : sortOf(key) === 'down' ? 'descending' : undefined}
              >
                {isProtected(field) ? (
                  field.label
                ) : (
                  <button type="button" onClick={() => turn(key)}>
                    {field.label}{' '}
                    {sortOf(key) === 'up' ? (
                      <ArrowUpOutlined aria-hidden />
                    ) : sortOf(key) === 'down' ? (
                      <ArrowDownOutlined aria-hidden />
                    ) : null}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row) => (
            <tr key={row.id}>
              {columns.map(({ key, field }, at) => (
                <td key={key} className={isTotalled(field) ? 'right' : ''}>
                  {at === 0 ? (
                    <Link to={`/r/${spec.base}/${row.id}`}>
                      <CellOf field={field} value={row[key] ?? null} />
                    </Link>
                  ) : (
                    <CellOf field={field} value={row[key] ?? null} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pages}
    </section>
  )
}
