import { BarChartOutlined, CloseOutlined } from '@ant-design/icons'
import { aggregates, divisionGrains, grains, isProtected, listChartKinds, readGroupKey, readListChart, writeListChart, type ChartKind, type ClientResource, type ListChart } from '#model' // prettier-ignore
import { Badge, Button, Popover, Select } from 'antd'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { columnFields } from '../filter-fields.ts'
import { isGroupable, isNumber, isTime } from '../groups/group-words.tsx'
import { optionsOf } from '../../parts/options-of.ts'
import type { ListAddress } from '../list-address.ts'
import '../groups/groups.css'

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
  const isPlace = ({ field }: (typeof all)[number]): boolean => field.kind === 'address' && !isProtected(field)
  const [place] = all.filter(isPlace)
  const measures = all
    .filter(({ field }) => isNumber(field))
    .flatMap(({ path, label }) => (['sum', 'avg'] as const).map((by) => ({ value: `${by}:${path}`, label: `${label}${aggregates[by]}` })))
  const { kind, group, total }: ListChart = readListChart(state.chart) ?? { kind: 'bar', group: [], total: null }
  const keys = all.filter((one) => isPlace(one) || (kind !== 'division' && isGroupable(one.field)))
  const put = (part: Partial<ListChart>) => {
    const next = { kind, group, total, ...part }
    set({ chart: next.group.length || next.kind === 'number' ? writeListChart(next) : [] })
  }
  /** How finely a field may be grouped; null: by its values. */
  const finenessOf = (path: string): Readonly<Record<string, string>> | null => {
    const field = catalog.find(resource, path)?.field
    return field?.kind === 'address' ? divisionGrains : field && isTime(field) ? grains : null
  }
  const keyOf = (path: string): string => {
    const fineness = finenessOf(path)
    return fineness ? `${path}:${fineness === grains ? 'month' : 'province'}` : path
  }
  const setKind = (next: ChartKind) => put({ kind: next, ...(next === 'division' && place && !readGroupKey(group[0] ?? '')?.division ? { group: [keyOf(place.path)] } : {}) }) // prettier-ignore
  const setKey = (at: number, path: string | null) => {
    const text = path && keyOf(path)
    put({ group: text ? group.toSpliced(at, 1, text) : group.toSpliced(at, 1) })
  }
  return (
    <div className="x-group-chooser">
      <b>画成</b>
      <Select
        aria-label="图表种类"
        value={kind}
        options={optionsOf(listChartKinds as Record<ChartKind, string>).filter(({ value }) => value !== 'division' || place)}
        onChange={setKind}
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
              {read && finenessOf(read.path) && (
                <Select
                  aria-label="粗细"
                  value={read.grain ?? read.division}
                  options={optionsOf(finenessOf(read.path)!)}
                  onChange={(fineness: string) => put({ group: group.with(at, `${read.path}:${fineness}`) })}
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
