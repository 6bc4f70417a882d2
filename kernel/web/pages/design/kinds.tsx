import {
  AreaChartOutlined, BarChartOutlined, DeploymentUnitOutlined, DotChartOutlined, FieldNumberOutlined, FileTextOutlined, FilterOutlined, FundOutlined,
  GlobalOutlined, HourglassOutlined, LineChartOutlined, LinkOutlined, PieChartOutlined, RadarChartOutlined, StockOutlined, TableOutlined, UnorderedListOutlined,
} from '@ant-design/icons' // prettier-ignore
import { blockKinds, chartKinds, plainChart, type BlockKind, type ChartKind, type PageBlock, type Place } from '#model'
import type { ComponentType } from 'react'

/** What lies on the palette: each kind of chart, and each other kind of block. */
export type PaletteKey = ChartKind | Exclude<BlockKind, 'chart'>
const icons: Readonly<Record<PaletteKey, ComponentType>> = {
  number: FieldNumberOutlined, bar: UnorderedListOutlined, stacked: FundOutlined, column: BarChartOutlined, line: LineChartOutlined, axes: StockOutlined,
  pie: PieChartOutlined, ring: DeploymentUnitOutlined, radar: RadarChartOutlined, funnel: FilterOutlined, pivot: TableOutlined, division: GlobalOutlined,
  scatter: DotChartOutlined, list: AreaChartOutlined, text: FileTextOutlined, link: LinkOutlined, empty: HourglassOutlined,
} // prettier-ignore
export const labelOf = (key: PaletteKey): string =>
  Object.hasOwn(chartKinds, key) ? chartKinds[key as ChartKind] : blockKinds[key as BlockKind]
export const iconOf = (key: PaletteKey): ComponentType => icons[key]
export const paletteGroups: readonly (readonly [label: string, keys: readonly PaletteKey[]])[] = [
  ['图表', Object.keys(chartKinds) as ChartKind[]],
  ['其他', ['list', 'text', 'link', 'empty']],
]
const sizes: Partial<Record<PaletteKey, readonly [number, number]>> = { number: [4, 2], pivot: [24, 7], list: [12, 6], text: [8, 3], link: [4, 1], empty: [8, 4], division: [12, 9] } // prettier-ignore
export const sizeOf = (key: PaletteKey): readonly [w: number, h: number] => sizes[key] ?? [8, 5]

/** A block as it comes from the palette: of a kind, of a type, ready to be shown. */
export function newBlock(key: PaletteKey, of: { id: string; place: Place; phone: number; resource: string }): PageBlock {
  const { resource, ...common } = of
  if (key === 'text') return { ...common, kind: 'text', title: '', text: '在右侧填写文字' }
  if (key === 'link') return { ...common, kind: 'link', title: '入口', to: '/', icon: 'link' }
  if (key === 'empty') return { ...common, kind: 'empty', title: '待接入', text: '接入后显示' }
  if (key === 'list') return { ...common, kind: 'list', title: '列表', resource, view: null, filter: null, columns: [], sort: [], most: 10 }
  const kind = key
  return { ...common, kind: 'chart', title: chartKinds[kind], chart: plainChart(resource, kind) }
}
/** An id that no block has yet. */
export function freeId(blocks: readonly PageBlock[]): string {
  const taken = new Set(blocks.map(({ id }) => id))
  for (let n = 1; ; n++) if (!taken.has(`b${n}`)) return `b${n}`
}
