import { BarChartOutlined, CloseOutlined } from '@ant-design/icons'
import { aggregates, grains, listChartKinds, readGroupKey, readListChart, writeListChart, type ChartKind, type ClientResource, type Grain, type ListChart } from '#model' // prettier-ignore
import { Badge, Button, Popover, Select } from 'antd'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { columnFields } from '../filter-fields.ts'
import { isGroupable, isNumber, isTime } from '../groups/group-words.tsx'
import type { ListAddress } from '../list-address.ts'
import '../groups/groups.css'

const optionsOf = <K extends string>(words: Readonly<Record<K, string>>) =>
  (Object.entries(words) as [K, string][]).map(([value, label]) => ({ value, label }))

/** By what the selection of a list is drawn, and what is measured. */
export function ChartChooser({ resource, address }: { resource: ClientResource; address: ListAddress }) {
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Chooser resource={resource} address={address} />}>
      <Badge dot={address.state.chart.length > 0} color="var(--brand)">
        <Button icon={<BarChartOutlined />}>图表</Button>
      </Badge>
    </Popover>
  )
}

function Chooser({ resource, address: { state, set } }: { resource: ClientResource; address: ListAddress }) {
  const catalog = useCatalog()
  const all = columnFields(catalog, resource).filter(({ path }) => !resource.masked.includes(path))
  const keys = all.filter(({ field }) => isGroupable(field))
  const measures = all
    .filter(({ field }) => isNumber(field))
    .flatMap(({ path, label }) => (['sum', 'avg'] as const).map((by) => ({ value: `${by}:${path}`, label: `${label}${aggregates[by]}` })))
  const { kind, group, total }: ListChart = readListChart(state.chart) ?? { kind: 'bar', group: [], total: null }
  const put = (part: Partial<ListChart>) => {
    const next = { kind, group, total, ...part }
    set({ chart: next.group.length || next.kind === 'number' ? writeListChart(next) : [] })
  }
  const isDated = (path: string): boolean => {
    const field = catalog.find(resource, path)?.field
    return field !== undefined && isTime(field)
  }
  const setKey = (at: number, path: string | null) => {
    const text = path && (isDated(path) ? `${path}:month` : path)
    put({ group: text ? group.toSpliced(at, 1, text) : group.toSpliced(at, 1) })
  }
  return (
    <div className="x-group-chooser">
      <b>画成</b>
      <Select
        aria-label="图表种类"
        value={kind}
        options={optionsOf(listChartKinds as Record<ChartKind, string>)}
        onChange={(next: ChartKind) => put({ kind: next })}
      />
      {kind !== 'number' && <b>按</b>}
      {kind !== 'number' &&
        [...group, ...(group.length < 2 ? [''] : [])].map((text, at) => {
          const read = readGroupKey(text)
          return (
            <div key={at} className="x-group-line">
              <Select
                aria-label={at ? '图例' : '横轴'}
                value={read?.path ?? null}
                placeholder={at ? '再按…分成几组（图例）' : '选择字段'}
                showSearch={{ optionFilterProp: 'label' }}
                options={keys.map(({ path, label }) => ({ value: path, label }))}
                onChange={(path: string | null) => setKey(at, path)}
              />
              {read && isDated(read.path) && (
                <Select
                  aria-label="粗细"
                  value={read.grain}
                  options={optionsOf(grains)}
                  onChange={(grain: Grain) => put({ group: group.with(at, `${read.path}:${grain}`) })}
                />
              )}
              {read && (
                <button type="button" className="x-icon-button" aria-label="移除" onClick={() => setKey(at, null)}>
                  <CloseOutlined />
                </button>
              )}
            </div>
          )
        })}
      <b>度量</b>
      <Select
        aria-label="度量"
        value={total ?? ''}
        options={[{ value: '', label: '条数' }, ...measures]}
        onChange={(text: string) => put({ total: text || null })}
      />
      {state.chart.length > 0 && (
        <button type="button" className="x-link x-small" onClick={() => set({ chart: [] })}>
          不画图表
        </button>
      )}
    </div>
  )
}
