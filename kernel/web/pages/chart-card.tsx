import {
  DownloadOutlined, FullscreenExitOutlined, FullscreenOutlined, MoreOutlined, PictureOutlined, PieChartOutlined, ReloadOutlined, TableOutlined, UnorderedListOutlined,
} from '@ant-design/icons' // prettier-ignore
import { readGroupKey, rowHeight, type ChartAnswer, type ChartBlock, type ClientResource, type Filter, type PageAsk } from '#model'
import { Button, Dropdown } from 'antd'
import { lazy, Suspense, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { LateBar, LateOrFailed } from '../answers/late-parts.tsx'
import { useMe } from '../api/hooks.ts'
import { Chart } from '../charts/chart.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useDivisions } from '../fields/load-divisions.ts'
import { Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { drawn } from './drawn.ts'
import { useTakeAway } from './take-away.ts'
import { useBlock } from './use-pages.ts'

const Details = lazy(() => import('./details.tsx'))
/** Between rows, and what the head and the padding of a block take. */
const [rowGap, taken] = [12, 74]

interface Props {
  block: ChartBlock
  asks: readonly PageAsk[]
  refresh: number | null
  isKept?: boolean
}
/** A chart with what can be done with it: its records, its shares by unit, its table, its files. */
export function ChartCard({ block, asks, refresh, isKept = false }: Props) {
  const { chart, title } = block
  const catalog = useCatalog()
  const resource = catalog.resource(chart.resource)
  const { data, error, refetch, isFetching, late } = useBlock(block, asks, { refresh, isKept })
  const [isTable, setTable] = useState(false)
  const [isLarge, setLarge] = useState(false)
  const [isDetailed, setDetailed] = useState(false)
  const box = useRef<HTMLElement>(null)
  const isPhone = useIsPhone()
  const answer = data?.kind === 'chart' ? data : null
  const { picture, table } = useTakeAway(block, asks)
  const open = useOpenList(resource)
  const items = [
    ...(resource && answer ? [{ key: 'list', icon: <UnorderedListOutlined />, label: '查看记录', onClick: () => open(answer.filter) }] : []),
    ...(chart.detail ? [{ key: 'details', icon: <PieChartOutlined />, label: '各科室占比', onClick: () => setDetailed(true) }] : []),
    ...(chart.kind === 'number' || chart.kind === 'pivot' ? [] : [{ key: 'table', icon: <TableOutlined />, label: isTable ? '看图' : '看表格', onClick: () => setTable(!isTable) }]),
    { key: 'large', icon: isLarge ? <FullscreenExitOutlined /> : <FullscreenOutlined />, label: isLarge ? '退出全屏' : '全屏', onClick: () => setLarge(!isLarge) },
    ...(isKept ? [] : [{ key: 'again', icon: <ReloadOutlined />, label: '刷新', onClick: () => void refetch() }]),
    { key: 'png', icon: <PictureOutlined />, label: '下载图片（PNG）', onClick: () => void picture(box.current, answer) },
    ...(resource?.may.export ? [{ key: 'xlsx', icon: <DownloadOutlined />, label: '下载表格（xlsx）', onClick: () => void table() }] : []),
  ] // prettier-ignore
  return (
    <section
      className={`x-card x-block x-chart-card ${isLarge ? 'large' : ''} ${chart.kind === 'number' ? 'figure' : ''}`}
      aria-label={title}
      aria-busy={isFetching}
      ref={box}
      onKeyDown={(event) => event.key === 'Escape' && isLarge && setLarge(false)}
    >
      <header>
        {chart.detail ? (
          <h2>
            <button type="button" className="x-block-title" title="详情：总数和各科室占比" onClick={() => setDetailed(true)}>
              {title}
            </button>
          </h2>
        ) : (
          <h2 title={title}>{title}</h2>
        )}
        <span className="x-space" />
        {answer && chart.kind !== 'number' && chart.share && <small className="x-muted">共 {wholeOf(answer)}</small>}
        <Dropdown trigger={['click']} menu={{ items }}>
          <Button type="text" size="small" icon={<MoreOutlined />} aria-label={`${title}的操作`} />
        </Dropdown>
      </header>
      <div className="x-block-body">
        <LateBar late={late} />
        {!data && (error || late.isAsked) ? (
          <LateOrFailed late={late} error={error} retry={() => void refetch()} />
        ) : !answer || !resource ? (
          <Skeleton rows={3} />
        ) : (
          <Drawing block={block} answer={answer} resource={resource} isTable={isTable} height={heightOf(block, isLarge, isPhone)} onOpen={open} />
        )}
        {answer?.more && (chart.top === null || chart.group.length > 1) && <p className="x-muted x-small">组太多，只画出前面的；请增加条件，或减少分组</p>}
      </div>
      {isDetailed && (
        <Suspense>
          <Details block={block} asks={asks} onClose={() => setDetailed(false)} />
        </Suspense>
      )}
    </section>
  )
} // prettier-ignore
const wholeOf = ({ whole }: ChartAnswer): number => whole.count
/** On a phone a map is as high as its width makes it. */
const heightOf = ({ place: { h }, chart: { kind } }: ChartBlock, isLarge: boolean, isPhone: boolean): number | undefined =>
  isLarge ? window.innerHeight - taken - 24 : !isPhone ? h * rowHeight + (h - 1) * rowGap - taken : kind === 'division' ? undefined : 260

/** Opens the records behind a figure in their ordinary list, under the reader's own rights. */
export function useOpenList(resource: ClientResource | undefined) {
  const navigate = useNavigate()
  return (filter: Filter | null) => {
    const search = filter ? `?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}` : ''
    if (resource) void navigate(`/r/${resource.name}${search}`)
  }
}

interface DrawingProps {
  block: ChartBlock
  answer: ChartAnswer
  resource: ClientResource
  isTable: boolean
  height: number | undefined
  onOpen: (filter: Filter | null) => void
}
function Drawing({ block: { chart, title }, answer, resource, isTable, height, onOpen }: DrawingProps) {
  const catalog = useCatalog()
  const { today } = useMe()
  useDivisions(catalog.find(resource, readGroupKey(chart.group[0] ?? '')?.path ?? '')?.field)
  const { data, label, whole, beside, format, filterOf } = drawn({ chart, answer, catalog, resource, today })
  return (
    <Chart
      kind={isTable ? 'pivot' : chart.kind}
      label={chart.kind === 'number' ? title : label}
      data={data}
      whole={whole}
      beside={beside}
      height={height}
      share={chart.share}
      colours={chart.colours}
      format={format}
      hasHead={false}
      onPick={(category, series) => onOpen(filterOf(category, series))}
    />
  )
}
