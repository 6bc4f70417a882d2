import type { Filter } from '../filter/filter.ts'
import type { Grain } from '../group-keys.ts'
import type { ChartKind } from '../summary.ts'

/** A page is so many columns wide on a desk; a phone shows its blocks one under the other. */
export const pageColumns = 24
export const rowHeight = 40
/** Where a block lies on the desk: columns and rows from the upper left. */
export interface Place {
  x: number
  y: number
  w: number
  h: number
}
/** Against the period before the one that today lies in: as far as today, or the whole of both. */
export interface Comparison {
  date: string
  period: Grain
  upTo: 'today' | 'whole'
}
export const comparisons = { today: '同期', whole: '整期' } as const
export const figureScales = { plain: '原数', thousand: '千', tenThousand: '万', percent: '百分数' } as const
/** How a figure is written: what it is divided by, how many digits, what stands behind it. */
export interface FigureFormat {
  scale: keyof typeof figureScales
  digits: number | null
  unit: string
}
export const groupOrders = { usual: '按组的次序', most: '从多到少', least: '从少到多' } as const
/** Figures of records of one type, drawn. Paths lead from the type. */
export interface ChartSpec {
  resource: string
  /** A view that the type declares, or the id of a kept one. */
  view: string | null
  filter: Filter | null
  kind: ChartKind
  /** `from:month` */
  group: readonly string[]
  /** `count`, or `sum:points` */
  measures: readonly string[]
  order: keyof typeof groupOrders
  /** Only so many groups of the first key; what is left stands together as 其他. */
  top: number | null
  /** Each figure's share of the whole beside it. */
  share: boolean
  /** Places in the palette, for the parts in their order. */
  colours: readonly number[]
  format: FigureFormat
  compare: Comparison | null
  /** For whom the details give the shares: usually the unit. */
  detail: string | null
}
interface BlockOf<K extends string> {
  kind: K
  /** Unlike every other block of its page. */
  id: string
  title: string
  place: Place
  /** Null: the phone leaves it out. */
  phone: number | null
}
export type ChartBlock = BlockOf<'chart'> & { chart: ChartSpec }
export type ListBlock = BlockOf<'list'> & {
  resource: string
  view: string | null
  filter: Filter | null
  columns: readonly string[]
  sort: readonly string[]
  most: number
}
export type TextBlock = BlockOf<'text'> & { text: string }
export type LinkBlock = BlockOf<'link'> & { to: string; icon: string }
/** What will stand here, and which register is to feed it. */
export type EmptyBlock = BlockOf<'empty'> & { text: string }
export type PageBlock = ChartBlock | ListBlock | TextBlock | LinkBlock | EmptyBlock
/** What shows records of a type, or figures of them. */
export type DataBlock = ChartBlock | ListBlock
export const resourceOfBlock = (block: DataBlock): string => (block.kind === 'chart' ? block.chart.resource : block.resource)
export type BlockKind = PageBlock['kind']
export const blockKinds: Readonly<Record<BlockKind, string>> = {
  chart: '图表',
  list: '列表',
  text: '文字',
  link: '入口',
  empty: '待接入',
}

/** A condition that the reader of a page sets for all its blocks at once. */
export interface PageFilter {
  /** By which it stands in the page's address. */
  key: string
  label: string
  /** The first of these that a block's type has is asked; a block whose type has none is not narrowed. */
  paths: readonly string[]
  /** From which type the field is taken as it is shown. */
  resource: string
}
export interface Page {
  label: string
  icon: string
  /** Roles that see it; none: everybody. */
  who: readonly string[]
  /** The group of the menu; null: in none. */
  menu: string | null
  /** Roles on whose workplace it stands. */
  home: readonly string[]
  filters: readonly PageFilter[]
  /** Seconds after which it reads anew by itself. */
  refresh: number | null
  blocks: readonly PageBlock[]
}
export const mostOnPage = { blocks: 60, filters: 8, rows: 400, listed: 50, colours: 12, top: 50 } as const
/** Its address. */
export const pagePath = (name: string): string => `/p/${name}`

/** A page as a module declares it. */
export interface DeclaredPage extends Page {
  readonly name: string
}
type Short<B extends PageBlock> = Omit<B, 'kind' | 'phone' | 'id' | 'title' | 'place'>
type At = readonly [x: number, y: number, w: number, h: number]
const block = <B extends PageBlock>(kind: B['kind'], id: string, title: string, [x, y, w, h]: At, rest: Short<B>) =>
  ({ kind, id, title, place: { x, y, w, h }, phone: 0, ...rest }) as unknown as B

export const plainFormat: FigureFormat = { scale: 'plain', digits: null, unit: '' }
/** What a chart says that says nothing but its type and kind. */
export const plainChart = (resource: string, kind: ChartKind): ChartSpec => ({
  resource, view: null, filter: null, kind, group: [], measures: ['count'], order: 'usual', top: null, share: false, colours: [],
  format: plainFormat, compare: null, detail: null,
}) // prettier-ignore
/** Writes blocks as sentences: `chartAt('age', '年龄分布', [0, 4, 6, 8], practitioner, 'pie', { group: ['birthDate:age/30/40'] })`. */
export const chartAt = (
  id: string,
  title: string,
  at: At,
  target: { readonly name: string },
  kind: ChartKind,
  more: Partial<ChartSpec> = {},
): ChartBlock => block<ChartBlock>('chart', id, title, at, { chart: { ...plainChart(target.name, kind), ...more } })
export const emptyAt = (id: string, title: string, at: At, text: string): EmptyBlock => block<EmptyBlock>('empty', id, title, at, { text })
/** A page of the product; on a phone its blocks stand in the order in which they are written. */
export const drawnPage = (
  name: string,
  spec: Omit<Page, 'filters' | 'refresh' | 'menu' | 'home'> & Partial<Pick<Page, 'filters' | 'refresh' | 'menu' | 'home'>>,
): DeclaredPage =>
  Object.freeze({
    name,
    menu: null,
    home: [],
    filters: [],
    refresh: null,
    ...spec,
    blocks: spec.blocks.map((one, at) => ({ ...one, phone: one.phone === null ? null : at })),
  })
