import {
  aggregates, chartKinds, chartNeeds, comparisons, figureScales, grains, groupOrders, type ChartKind, type ChartSpec, type FigureFormat, type Grain,
} from '#model' // prettier-ignore
import { Input, InputNumber, Select, Switch } from 'antd'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { columnFields } from '../../../list/filter-fields.ts'
import { isNumber, isTime } from '../../../list/groups/group-words.tsx'
import { colourOf } from '../../../charts/chart-props.ts'
import { GroupEditor } from './group-editor.tsx'
import { Line } from './line.tsx'
import { SourcePart } from './source.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

interface Props {
  chart: ChartSpec
  said: (field: string) => string | undefined
  onChange: (chart: ChartSpec, about?: string) => void
}
/** A chart: of what, as what, by which groups, of which figures, and how they are written. */
export function ChartPanel({ chart, said, onChange }: Props) {
  const catalog = useCatalog()
  const resource = catalog.resource(chart.resource)
  const { keys, measures: figures } = chartNeeds[chart.kind]
  const put = (part: Partial<ChartSpec>, about?: string) => onChange(fitting({ ...chart, ...part }), about)
  const setGroup = (at: number, text: string | null) => put({ group: text === null ? chart.group.slice(0, at) : [...chart.group.slice(0, at), text, ...chart.group.slice(at + 1)] }) // prettier-ignore
  const places = Math.min(keys[1], chart.group.length + 1)
  return (
    <>
      <Line label="图表类型" problem={said('kind')}>
        <Select aria-label="图表类型" value={chart.kind} options={optionsOf(chartKinds)} onChange={(kind: ChartKind) => put({ kind })} />
      </Line>
      <SourcePart
        source={chart}
        said={said}
        onChange={(part, about) =>
          put(
            part.resource ? { ...part, group: [], measures: chart.measures.map(() => 'count'), compare: null, detail: null } : part,
            about,
          )
        }
      />
      {resource &&
        Array.from({ length: places }, (_, at) => (
          <GroupEditor
            key={at}
            resource={resource}
            label={at ? '再按…分（图例）' : '按…分组'}
            value={chart.group[at] ?? ''}
            mayClear={at > 0}
            problem={at === 0 ? said('group') : undefined}
            onChange={(text) => setGroup(at, text)}
          />
        ))}
      {resource && <Measures chart={chart} most={figures[1]} problem={said('measures')} onChange={put} />}
      {keys[1] > 0 && (
        <>
          <Line label="排序">
            <Select
              aria-label="排序"
              value={chart.order}
              options={optionsOf(groupOrders)}
              onChange={(order: ChartSpec['order']) => put({ order })}
            />
          </Line>
          <Line label="只画前几组（其余合成“其他”）" problem={said('top')}>
            <InputNumber aria-label="前几组" min={1} max={50} value={chart.top} onChange={(top: number | null) => put({ top }, 'top')} />
          </Line>
          <label className="x-panel-switch">
            <Switch size="small" checked={chart.share} onChange={(share) => put({ share })} /> 显示占比
          </label>
        </>
      )}
      {resource && <Compare chart={chart} problem={said('compare')} onChange={put} />}
      {resource && chart.group.length < 2 && (
        <GroupEditor
          resource={resource}
          label="详情里按…看占比"
          value={chart.detail ?? ''}
          mayClear
          problem={said('detail')}
          onChange={(detail) => put({ detail })}
        />
      )}
      <Format format={chart.format} onChange={(format, about) => put({ format }, about)} />
      <Colours colours={chart.colours} onChange={(colours) => put({ colours })} />
    </>
  )
}
/** The same chart with what its kind asks for: a kind that is changed keeps what it can. */
function fitting(chart: ChartSpec): ChartSpec {
  const { keys, measures } = chartNeeds[chart.kind]
  const group = chart.group.slice(0, keys[1])
  const most = group.length > 1 && chart.kind !== 'pivot' ? 1 : measures[1]
  const kept = chart.measures.slice(0, most)
  return { ...chart, group, measures: [...kept, ...Array.from({ length: Math.max(0, measures[0] - kept.length) }, () => 'count')] }
}

interface PartProps {
  chart: ChartSpec
  problem: string | undefined
  onChange: (part: Partial<ChartSpec>, about?: string) => void
}
function Measures({ chart, most, problem, onChange }: PartProps & { most: number }) {
  const catalog = useCatalog()
  const resource = catalog.resource(chart.resource)!
  const numbers = columnFields(catalog, resource).filter(({ field, isMasked }) => isNumber(field) && !isMasked)
  const offered = [
    { value: 'count', label: '条数' },
    ...numbers.flatMap(({ path, label }) => optionsOf(aggregates).map(({ value, label: how }) => ({ value: `${value}:${path}`, label: `${label}${how}` }))), // prettier-ignore
  ]
  const { measures } = chart
  const many = Math.min(most, chart.group.length > 1 && chart.kind !== 'pivot' ? 1 : most, measures.length + 1)
  const set = (at: number, text: string | null) => onChange({ measures: text === null ? measures.filter((_, n) => n !== at) : [...measures.slice(0, at), text, ...measures.slice(at + 1)] }) // prettier-ignore
  return Array.from({ length: many }, (_, at) => (
    <Line key={at} label={at ? `度量 ${at + 1}` : '度量'} problem={at === 0 ? problem : undefined}>
      <Select
        aria-label={at ? `度量 ${at + 1}` : '度量'}
        allowClear={at > 0}
        value={measures[at] ?? null}
        placeholder="再加一个度量"
        showSearch={{ optionFilterProp: 'label' }}
        options={offered}
        onChange={(text: string | null | undefined) => set(at, text ?? null)}
      />
    </Line>
  ))
}

function Compare({ chart: { resource: name, compare, group, measures }, problem, onChange }: PartProps) {
  const catalog = useCatalog()
  const resource = catalog.resource(name)!
  if (group.length > 1 || measures.length > 1) return null
  const dates = columnFields(catalog, resource).filter(({ field }) => isTime(field))
  if (dates.length === 0) return null
  return (
    <>
      <Line label="和上一期比较，按" problem={problem}>
        <Select
          allowClear
          aria-label="比较的日期"
          placeholder="不比较"
          value={compare?.date ?? null}
          options={dates.map(({ path, label }) => ({ value: path, label }))}
          onChange={(date: string | undefined) => onChange({ compare: date ? { period: 'month', upTo: 'today', ...compare, date } : null })}
        />
      </Line>
      {compare && (
        <div className="x-panel-pair">
          <Select
            aria-label="比较的周期"
            value={compare.period}
            options={optionsOf(grains)}
            onChange={(period: Grain) => onChange({ compare: { ...compare, period } })}
          />
          <Select
            aria-label="比较到哪天"
            value={compare.upTo}
            options={optionsOf(comparisons)}
            onChange={(upTo: 'today' | 'whole') => onChange({ compare: { ...compare, upTo } })}
          />
        </div>
      )}
    </>
  )
}

function Format({ format, onChange }: { format: FigureFormat; onChange: (format: FigureFormat, about?: string) => void }) {
  return (
    <>
      <Line label="数字写成">
        <Select
          aria-label="数字写成"
          value={format.scale}
          options={optionsOf(figureScales)}
          onChange={(scale: FigureFormat['scale']) => onChange({ ...format, scale })}
        />
      </Line>
      <div className="x-panel-pair">
        <InputNumber
          aria-label="小数位"
          placeholder="小数位"
          min={0}
          max={4}
          value={format.digits}
          onChange={(digits: number | null) => onChange({ ...format, digits }, 'digits')}
        />
        <Input
          aria-label="单位"
          placeholder="单位，如 人"
          maxLength={10}
          value={format.unit}
          onChange={(event) => onChange({ ...format, unit: event.target.value }, 'unit')}
        />
      </div>
    </>
  )
}
/** Which colour comes first: all eight are told apart by the colour-blind, too. */
function Colours({ colours, onChange }: { colours: readonly number[]; onChange: (colours: number[]) => void }) {
  const first = colours[0] ?? 1
  return (
    <div className="x-panel-line">
      <span>颜色从哪一种开始</span>
      <div className="x-panel-colours">
        {Array.from({ length: 8 }, (_, at) => (
          <button
            key={at}
            type="button"
            aria-label={`颜色 ${at + 1}`}
            aria-pressed={first === at + 1}
            style={{ background: colourOf(at) }}
            onClick={() => onChange(Array.from({ length: 8 }, (_one, n) => ((at + n) % 8) + 1))}
          />
        ))}
      </div>
    </div>
  )
}
