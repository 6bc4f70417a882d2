import { filterProblem, readFilter, type Filter } from './filter/filter.ts'
import { readFormats, type FormatRule } from './formats.ts'
import { readLook } from './looks.ts'
import { may, module } from './module.ts'
import type { FieldProblem } from './refusals.ts'
import { readGroupKey } from './group-keys.ts'
import { readListChart, readTotalKey } from './summary.ts'

/** What a view keeps of a list. Paths lead from the list's resource; an empty `columns` means the usual ones. */
export interface ViewState {
  filter: Filter | null
  sort: string[]
  columns: string[]
  /** `from:month` */
  group: string[]
  /** `sum:points` */
  totals: string[]
  /** `board:status`; empty for the table. */
  look: string
  /** Columns that stay at the left while the others scroll. */
  pinned: string[]
  formats: FormatRule[]
  /** `bar`, `level`, `sum:points`; empty: none. */
  chart: string[]
}
/** What a view says that says nothing. */
export const plainView: ViewState = {
  filter: null,
  sort: [],
  columns: [],
  group: [],
  totals: [],
  look: '',
  pinned: [],
  formats: [],
  chart: [],
}
export interface SavedView {
  id: string
  name: string
  owner: string
  ownerName: string
  isShared: boolean
  /** Only its owner may change it. */
  isLocked: boolean
  state: ViewState
  version: number
  mayChange: boolean
  /** Why it cannot be shown to this reader as it is kept: a field has gone, or is not his to see. Never quietly shown without that condition. */
  problem: string | null
}
export interface ViewDraft {
  name: string
  isShared: boolean
  isLocked: boolean
  state: ViewState
}

/** Sharing a view puts it before everybody who may read the list. */
export const viewsModule = module('views', {
  label: '视图',
  rights: { 'views.share': '把列表视图共享给所有能看此列表的人' },
  roles: { medicalOffice: [may.use('views.share')], systemOfficer: [may.use('views.share')] },
  menu: [],
})

const textList = (value: unknown, most: number): string[] | null =>
  Array.isArray(value) &&
  value.length <= most &&
  value.every((one): one is string => typeof one === 'string' && one.length > 0 && one.length <= 200)
    ? value
    : null

/** A view as it comes from outside; what is wrong is named. Without a state of its own it keeps `kept`: renaming changes nothing of what is shown. */
export function readViewDraft(given: unknown, kept?: ViewState): { draft: ViewDraft | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const { name, isShared, isLocked, state } = isObject(given) ? given : {}
  const title = typeof name === 'string' ? name.trim() : ''
  if (!title || title.length > 30) problems.push({ field: 'name', message: '请填写视图名称，不超过 30 字' })
  const read = state === undefined && kept ? kept : readState(isObject(state) ? state : {})
  if (typeof read === 'string') problems.push({ field: 'state', message: read })
  if (typeof read === 'string' || problems.length) return { draft: null, problems }
  return { draft: { name: title, isShared: isShared === true, isLocked: isLocked === true, state: read }, problems }
}
/** What a view shows, or why it cannot be read. */
function readState(given: Record<string, unknown>): ViewState | string {
  const { filter = null, sort = [], columns = [], group = [], totals = [], look = '', pinned = [], formats = [], chart = [] } = given
  const problem = filter === null ? null : filterProblem(filter)
  if (problem) return problem
  const [sorts, shown, keys, sums] = [textList(sort, 5), textList(columns, 60), textList(group, 3), textList(totals, 20)]
  const [held, rules, drawn] = [textList(pinned, 20), readFormats(formats), textList(chart, 4)]
  if (!sorts || !shown || !held || !rules || !keys?.every(readGroupKey) || !sums?.every(readTotalKey)) return '视图的内容看不懂'
  if (!drawn || (drawn.length > 0 && !readListChart(drawn))) return '视图的内容看不懂'
  if (typeof look !== 'string' || (look !== '' && !readLook(look))) return '视图的内容看不懂'
  return {
    filter: readFilter(filter),
    sort: sorts,
    columns: shown,
    group: keys,
    totals: sums,
    look,
    pinned: held,
    formats: rules,
    chart: drawn,
  }
}
