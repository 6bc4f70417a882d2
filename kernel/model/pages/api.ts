import type { Condition, Filter } from '../filter/filter.ts'
import type { ApiRecord, ClientResource } from '../api.ts'
import type { FlowName } from '../api-flow-design.ts'
import type { SummaryGroup } from '../summary.ts'
import type { Page, PageBlock, PageFilter } from './page.ts'

/** A block that this reader cannot be shown, and why: nothing else of it is told. */
export interface RefusedBlock extends Pick<PageBlock, 'id' | 'title' | 'place' | 'phone'> {
  kind: 'refused'
  problem: string
}
export type ShownBlock = PageBlock | RefusedBlock
/** GET /api/pages/:name */
export interface ShownPage extends Omit<Page, 'blocks'> {
  name: string
  blocks: ShownBlock[]
  mayDesign: boolean
}
/** What a reader has set of a shared filter: asked of the first of its paths that a block's type has. */
export type PageAsk = Pick<PageFilter, 'paths'> & Pick<Condition, 'op' | 'value'>
/** POST /api/pages/run: a chart's figures, those of the period before beside them. */
export interface ChartAnswer {
  kind: 'chart'
  groups: SummaryGroup[]
  /** All together: the figure that shares are parts of. */
  whole: SummaryGroup
  before: { groups: SummaryGroup[]; whole: SummaryGroup; filter: Filter } | null
  titles: Record<string, Record<string, string>>
  /** There are more groups than are answered. */
  more: boolean
  /** What was asked, for the way to the records: the block's own conditions with those of the page. */
  filter: Filter | null
  at: string
}
export interface ListBlockAnswer {
  kind: 'list'
  rows: ApiRecord[]
  titles: Record<string, Record<string, string>>
  more: boolean
  filter: Filter | null
  at: string
}
export type BlockAnswer = ChartAnswer | ListBlockAnswer
/** GET /api/pages: for the menu and the workplace. */
export interface PageItem {
  name: string
  label: string
  icon: string
  menu: string | null
  isHome: boolean
}
/** What a page's designer may name. */
export interface PageNames {
  roles: FlowName[]
  menus: string[]
  /** Types of whose records the designer may read nothing: he may draw what others will see. */
  types: ClientResource[]
}
