import { groupFilter, readGroupKey, readListChart, type ClientResource, type Filter, type Scalar } from '#model'
import { chartOf, drawsOnce, figureText, keyWord } from '../../charts/chart-data.ts'
import { Chart } from '../../charts/chart.tsx'
import { useMe } from '../../api/hooks.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { useDivisions } from '../../fields/load-divisions.ts'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { inOrder } from '../groups/group-order.ts'
import { totalLabel, totalText } from '../groups/group-words.tsx'
import { useSummary } from '../groups/use-summary.ts'
import type { ListAddress } from '../list-address.ts'
import './list-chart.css'

/** Beside its list a map is seen as a whole. */
const mapHeight = 300
/** The chart of what the list shows: of exactly its filter; each figure narrows the list to the records that make it. */
export default function ListChartCard({ resource, address }: { resource: ClientResource; address: ListAddress }) {
  const catalog = useCatalog()
  const { today } = useMe()
  const isPhone = useIsPhone()
  const { state, effective, set } = address
  const chart = readListChart(state.chart)
  const asked = {
    filter: effective,
    search: state.search,
    deleted: state.deleted,
    asOf: state.asOf,
    totals: chart?.total ? [chart.total] : [],
  }
  const { data, error, refetch } = useSummary(resource.name, { ...asked, group: chart?.group ?? [] })
  const { data: all } = useSummary(resource.name, { ...asked, group: [] })
  useDivisions(catalog.find(resource, readGroupKey(chart?.group[0] ?? '')?.path ?? '')?.field)
  if (!chart) return <Notice kind="notFound" title="看不懂这个图表" act={{ label: '不画图表', run: () => set({ chart: [] }) }} />
  if (error)
    return (
      <div className="x-card">
        <Failed error={error} retry={() => void refetch()} />
      </div>
    )
  if (!data) return <Skeleton rows={4} />
  const find = (path: string) => catalog.find(resource, path)
  const fieldOf = (level: number) => find(readGroupKey(chart.group[level] ?? '')?.path ?? '')
  const wordOf = (level: number, key: Scalar | null) =>
    keyWord(chart.group[level] ?? '', fieldOf(level)?.field, key, data.titles, catalog.unitName)
  const groups = inOrder(data.groups, fieldOf(0), data.titles, [])
  const drawn = chartOf(groups, chart.total ? 0 : -1, wordOf)
  const label = chart.total ? totalLabel(chart.total, find) : '条数'
  const [sum] = all?.groups ?? []
  const narrow = (category: number, series: number) => {
    const keys = [drawn.categories[category]?.key ?? null, drawn.series[series]?.key ?? null]
    const levels = drawsOnce.has(chart.kind) ? chart.group.slice(0, 1) : chart.group
    const parts = levels.map((text, level) =>
      groupFilter(readGroupKey(text)!, keys[level] ?? null, fieldOf(level)?.field.kind === 'dateTime', today),
    )
    set({ filter: { and: [...conditionsIn(state.filter), ...parts.flatMap(conditionsIn)] } })
  }
  return (
    <section className="x-card x-list-chart" aria-label="图表">
      <Chart
        kind={chart.kind}
        label={label}
        data={drawn}
        height={chart.kind === 'division' && !isPhone ? mapHeight : undefined}
        whole={sum ? (chart.total ? totalText(sum.totals[0]) : figureText(sum.count)) : '…'}
        onPick={narrow}
      />
      {data.more && <p className="x-muted">组太多，只画出前面的；请先增加条件</p>}
    </section>
  )
}
const conditionsIn = (filter: Filter | null): readonly Filter[] => (!filter ? [] : 'and' in filter ? filter.and : [filter])
