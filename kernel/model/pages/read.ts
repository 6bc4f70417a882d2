import { checkText } from '../fields/kind.ts'
import { filterProblem, readFilter, type Filter } from '../filter/filter.ts'
import { grains, readGroupKey } from '../group-keys.ts'
import { invalid, type FieldProblem } from '../refusals.ts'
import { chartKinds, chartNeeds, readTotalKey, type ChartKind } from '../summary.ts'
import {
  blockKinds, comparisons, figureScales, groupOrders, mostOnPage, pageColumns, plainFormat,
  type BlockKind, type ChartSpec, type Comparison, type FigureFormat, type Page, type PageBlock, type PageFilter, type Place,
} from './page.ts' // prettier-ignore

type Given = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)
const isName = (value: unknown, most = 200): value is string => typeof value === 'string' && value.length > 0 && value.length <= most
const isCount = (value: unknown, from: number, to: number): value is number =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to
const names = (value: unknown, most: number): string[] | null =>
  Array.isArray(value) && value.length <= most && value.every((one): one is string => isName(one)) ? value : null
const has = <K extends string>(table: Readonly<Record<K, unknown>>, value: unknown): value is K =>
  typeof value === 'string' && Object.hasOwn(table, value)

/** Collects what is wrong, each at its place. */
class Reader {
  readonly problems: FieldProblem[] = []
  wrong(field: string, message: string): void {
    this.problems.push({ field, message })
  }
  text(value: unknown, field: string, most: number, isNeeded = true): string {
    const checked = checkText(value ?? '', most)
    if ('problem' in checked) this.wrong(field, checked.problem)
    else if (isNeeded && !checked.value) this.wrong(field, '请填写')
    return 'problem' in checked ? '' : ((checked.value as string | null) ?? '')
  }
  filter(value: unknown, field: string): Filter | null {
    if (value === null || value === undefined) return null
    const problem = filterProblem(value)
    if (problem) this.wrong(field, problem)
    return readFilter(value)
  }
  names(value: unknown, field: string, most: number): string[] {
    const list = names(value ?? [], most)
    if (!list) this.wrong(field, `最多 ${most} 项`)
    return list ?? []
  }
  place(value: unknown, field: string): Place {
    const { x, y, w, h } = isObject(value) ? value : {}
    if (isCount(w, 1, pageColumns) && isCount(x, 0, pageColumns - w) && isCount(h, 1, 40) && isCount(y, 0, mostOnPage.rows)) return { x, y, w, h } // prettier-ignore
    this.wrong(field, `位置不对：共 ${pageColumns} 列，不能超出页面`)
    return { x: 0, y: 0, w: 1, h: 1 }
  }
  blocks(value: unknown): PageBlock[] {
    if (!Array.isArray(value) || value.length > mostOnPage.blocks) {
      this.wrong('blocks', `最多 ${mostOnPage.blocks} 个区块`)
      return []
    }
    const read = value.map((one, n) => this.block(one, `blocks.${isObject(one) && isName(one['id'], 40) ? one['id'] : n}`))
    if (new Set(read.map((one) => one?.id)).size !== read.length) this.wrong('blocks', '有两个区块的标识相同')
    return read.filter((one) => one !== null)
  }
  block(value: unknown, at: string): PageBlock | null {
    const given = isObject(value) ? value : {}
    const { id, kind, phone = 0 } = given
    if (!isName(id, 40) || !/^[a-zA-Z][a-zA-Z0-9-]*$/.test(id) || !has(blockKinds, kind)) return (this.wrong(at, '看不懂这个区块'), null)
    if (phone !== null && !isCount(phone, 0, 999)) this.wrong(at, '手机上的次序不对')
    const title = this.text(given['title'], `${at}.title`, 60, kind !== 'text')
    return { kind, id, title, place: this.place(given['place'], `${at}.place`), phone: phone as number | null, ...this.content(kind, given, at) } as PageBlock // prettier-ignore
  }
  private content(kind: BlockKind, given: Given, at: string): object {
    if (kind === 'chart') return { chart: this.chart(given['chart'], at) }
    if (kind === 'text') return { text: this.text(given['text'], `${at}.text`, 5000) }
    if (kind === 'empty') return { text: this.text(given['text'], `${at}.text`, 300) }
    if (kind === 'link') {
      const to = this.text(given['to'], `${at}.to`, 500)
      // Only within the program: a link elsewhere would be somebody else's page under our name.
      if (to && !/^\/(?![/\\])/.test(to)) this.wrong(`${at}.to`, '请选择系统内的页面')
      return { to, icon: this.text(given['icon'] ?? 'link', `${at}.icon`, 40) }
    }
    const { most = 10, view = null } = given
    if (!isName(given['resource'])) this.wrong(`${at}.resource`, '请选择记录')
    if (!isCount(most, 1, mostOnPage.listed)) this.wrong(`${at}.most`, `请填写 1 至 ${mostOnPage.listed}`)
    return {
      resource: given['resource'],
      view: this.view(view, at),
      filter: this.filter(given['filter'], `${at}.filter`),
      columns: this.names(given['columns'], `${at}.columns`, 20),
      sort: this.names(given['sort'], `${at}.sort`, 5),
      most,
    }
  }
  private view(value: unknown, at: string): string | null {
    if (value === null || isName(value, 60)) return value
    this.wrong(`${at}.view`, '看不懂这个视图')
    return null
  }
  chart(value: unknown, at: string): ChartSpec {
    const given = isObject(value) ? value : {}
    const { resource, kind, view = null, top = null, share = false, detail = null, order = 'usual' } = given
    if (!isName(resource)) this.wrong(`${at}.resource`, '请选择统计哪种记录')
    if (!has(chartKinds, kind)) this.wrong(`${at}.kind`, '请选择图表类型')
    const group = this.names(given['group'], `${at}.group`, 2)
    const measures = this.names(given['measures'] ?? ['count'], `${at}.measures`, 4)
    if (!group.every((text) => readGroupKey(text))) this.wrong(`${at}.group`, '看不懂分组')
    if (!measures.every((text) => text === 'count' || readTotalKey(text))) this.wrong(`${at}.measures`, '看不懂度量')
    if (has(chartKinds, kind)) this.needs(kind, group, measures, at)
    if (top !== null && !isCount(top, 1, mostOnPage.top)) this.wrong(`${at}.top`, `请填写 1 至 ${mostOnPage.top}`)
    if (detail !== null && (!isName(detail) || !readGroupKey(detail))) this.wrong(`${at}.detail`, '看不懂各科室占比的字段')
    if (!has(groupOrders, order)) this.wrong(`${at}.order`, '看不懂排序')
    const { colours = [] } = given
    const isPalette = Array.isArray(colours) && colours.length <= mostOnPage.colours && colours.every((one) => isCount(one, 1, 8))
    if (!isPalette) this.wrong(`${at}.colours`, '看不懂颜色')
    return {
      resource: resource as string,
      view: this.view(view, at),
      filter: this.filter(given['filter'], `${at}.filter`),
      kind: kind as ChartKind,
      group,
      measures,
      order: order as ChartSpec['order'],
      top: top as number | null,
      share: share === true,
      colours: isPalette ? colours : [],
      format: this.format(given['format'] ?? plainFormat, at),
      compare: this.compare(given['compare'] ?? null, at),
      detail: detail as string | null,
    }
  }
  private needs(kind: ChartKind, group: readonly string[], measures: readonly string[], at: string): void {
    const said = ([least, most]: readonly [number, number]) => (least === most ? `${least}` : `${least} 至 ${most}`)
    const { keys, measures: figures } = chartNeeds[kind]
    if (group.length < keys[0] || group.length > keys[1])
      this.wrong(`${at}.group`, keys[1] === 0 ? `${chartKinds[kind]}不分组` : `${chartKinds[kind]}要有 ${said(keys)} 层分组`)
    const tooMany = measures.length > 1 && group.length > 1 && kind !== 'pivot' && kind !== 'scatter'
    if (measures.length < figures[0] || measures.length > figures[1])
      this.wrong(`${at}.measures`, `${chartKinds[kind]}要有 ${said(figures)} 个度量`) // prettier-ignore
    else if (tooMany) this.wrong(`${at}.measures`, '有两层分组时只能有一个度量')
  }
  private format(value: unknown, at: string): FigureFormat {
    const { scale = 'plain', digits = null, unit = '' } = isObject(value) ? value : {}
    if (has(figureScales, scale) && (digits === null || isCount(digits, 0, 4)) && typeof unit === 'string' && unit.length <= 10) return { scale, digits, unit } // prettier-ignore
    this.wrong(`${at}.format`, '看不懂数字格式')
    return plainFormat
  }
  private compare(value: unknown, at: string): Comparison | null {
    if (value === null) return null
    const { date, period, upTo = 'today' } = isObject(value) ? value : {}
    if (isName(date) && has(grains, period) && has(comparisons, upTo)) return { date, period: period, upTo }
    this.wrong(`${at}.compare`, '请选择按哪个日期、和哪一期比较')
    return null
  }
  filters(value: unknown): PageFilter[] {
    const list = Array.isArray(value ?? []) ? ((value ?? []) as unknown[]) : null
    if (!list || list.length > mostOnPage.filters) return (this.wrong('filters', `最多 ${mostOnPage.filters} 个共用筛选`), [])
    const read = list.map((one, n) => {
      const given = isObject(one) ? one : {}
      const { key, resource } = given
      const paths = this.names(given['paths'], `filters.${n}.paths`, 10)
      if (!isName(key, 40) || !/^[a-z][a-zA-Z0-9]*$/.test(key) || !isName(resource) || paths.length === 0)
        this.wrong(`filters.${n}`, '请选择按哪个字段筛选')
      return { key: String(key), label: this.text(given['label'], `filters.${n}.label`, 30), paths, resource: String(resource) }
    })
    if (new Set(read.map(({ key }) => key)).size !== read.length) this.wrong('filters', '有两个共用筛选的标识相同')
    return read
  }
}

/** A page as it comes from outside, with what was left unsaid filled in; refuses what is none, each problem at its place. Whether what it names exists is proved apart. */
export function readPage(value: unknown): Page {
  const given = isObject(value) ? value : {}
  const read = new Reader()
  const { menu = null, refresh = null } = given
  if (menu !== null && !isName(menu, 30)) read.wrong('menu', '菜单分组不超过 30 字')
  if (refresh !== null && !isCount(refresh, 30, 86_400)) read.wrong('refresh', '自动刷新不短于 30 秒')
  const page: Page = {
    label: read.text(given['label'], 'label', 40),
    icon: read.text(given['icon'] ?? 'dashboard', 'icon', 40),
    who: read.names(given['who'], 'who', 40),
    menu: menu as string | null,
    home: read.names(given['home'], 'home', 40),
    filters: read.filters(given['filters']),
    refresh: refresh as number | null,
    blocks: read.blocks(given['blocks'] ?? []),
  }
  if (read.problems.length) throw invalid(read.problems)
  return page
}
/** One block by itself: for trying it while it is drawn. */
export function readBlock(value: unknown): PageBlock {
  const read = new Reader()
  const block = read.block(value, 'block')
  if (read.problems.length || !block) throw invalid(read.problems)
  return block
}
