import type { ChartBlock, PageAsk } from '#model'
import { Drawer } from 'antd'
import { LateBar, LateOrFailed } from '../answers/late-parts.tsx'
import { useMe } from '../api/hooks.ts'
import { Chart } from '../charts/chart.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { useOpenList } from './chart-card.tsx'
import { drawn } from './drawn.ts'
import { useBlock } from './use-pages.ts'

/** The whole of a chart, and how it is made up in each unit: every share of it, each the way to its records. */
export default function Details({ block, asks, onClose }: { block: ChartBlock; asks: readonly PageAsk[]; onClose: () => void }) {
  const catalog = useCatalog()
  const { today } = useMe()
  const isPhone = useIsPhone()
  const { chart, title } = block
  const resource = catalog.resource(chart.resource)
  const open = useOpenList(resource)
  const first = chart.group[0]
  const byUnit = { ...chart, kind: 'pivot', group: [chart.detail!, ...(first ? [first] : [])], measures: chart.measures.slice(0, 1), order: 'most', top: null, compare: null } as const // prettier-ignore
  const { data, error, refetch, late } = useBlock({ ...block, chart: byUnit, title: `${title}：各科室` }, asks)
  const answer = data?.kind === 'chart' ? data : null
  const shown = answer && resource ? drawn({ chart: byUnit, answer, catalog, resource, today }) : null
  return (
    <Drawer
      open
      title={`${title}：详情`}
      placement={isPhone ? 'bottom' : 'right'}
      size={isPhone ? '85vh' : Math.min(960, window.innerWidth * 0.7)}
      onClose={onClose}
    >
      <LateBar late={late} />
      {!data && (error || late.isAsked) ? (
        <LateOrFailed late={late} error={error} retry={() => void refetch()} />
      ) : !answer || !shown ? (
        <Skeleton rows={8} />
      ) : (
        <>
          <p className="x-details-whole">
            总数 <b>{shown.whole}</b>，分布在 {shown.data.categories.length} 个科室；百分数是在本科室中的占比。
          </p>
          <Chart
            kind="pivot"
            label={shown.label}
            data={shown.data}
            whole={shown.whole}
            share
            format={shown.format}
            hasHead={false}
            onPick={(category, series) => open(shown.filterOf(category, series))}
          />
          {answer.more && <p className="x-muted">组太多，只列出前面的；请在页面上方选择科室</p>}
        </>
      )}
    </Drawer>
  )
}
