import { isObject, Reader } from '../designs/reader.ts'
import { filterProblem, readFilter, type Filter } from '../filter/filter.ts'
import { grains, readGroupKey } from '../group-keys.ts'
import { invalid, type FieldProblem } from '../refusals.ts'
import { chartKinds, chartNeeds, readTotalKey, type ChartKind } from '../summary.ts'
import {
  blockKinds, comparisons, figureScales, groupOrders, mostOnPage, pageColumns, plainFormat,
  type BlockKind, type ChartSpec, type Comparison, type FigureFormat, type Page, type PageBlock, type PageFilter, type Place,
} from './page.ts' // prettier-ignore

type Given = Readonly<Record<string, unknown>>
const isName = (value: unknown, most = 200): value is string => typeof value === 'string' && value.length > 0 && value.length <= most
const isCount = (value: unknown, from: number, to: number): value is number =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to
const has = <K extends string>(table: Readonly<Record<K, unknown>>, value: unknown): value is K =>
  typeof value === 'string' && Object.hasOwn(table, value)

/** Reads a page: what cannot be read is gathered as everywhere, and apart from it what is still missing before it can be shown. */
class PageReader extends Reader {
  readonly lacks: FieldProblem[] = []
  lack(field: string, message: string): void {
    this.lacks.push({ field, message })
  }
  /** A text that may be missing while the page is drawn. */
  private wanted(value: unknown, field: string, max: number, lack = '请填写'): string {
    const text = this.text(value, field, { max })
    if (!text) this.lack(field, lack)
    return text
  }
  filter(value: unknown, field: string): Filter | null {
    if (value === null || value === undefined) return null
    const problem = filterProblem(value)
    if (problem) this.say(field, problem)
    return readFilter(value)
  }
  place(value: unknown, field: string): Place {
    const { x, y, w, h } = isObject(value) ? value : {}
    if (isCount(w, 1, pageColumns) && isCount(x, 0, pageColumns - w) && isCount(h, 1, 40) && isCount(y, 0, mostOnPage.rows)) return { x, y, w, h } // prettier-ignore
    this.say(field, `位置不对：共 ${pageColumns} 列，不能超出页面`)
    return { x: 0, y: 0, w: 1, h: 1 }
  }
  blocks(value: unknown): PageBlock[] {
    if (!Array.isArray(value) || value.length > mostOnPage.blocks) {
      this.say('blocks', `最多 ${mostOnPage.blocks} 个区块`)
      return []
    }
    const read = value.map((one, n) => this.block(one, `blocks.${isObject(one) && isName(one['id'], 40) ? one['id'] : n}`))
    if (new Set(read.map((one) => one?.id)).size !== read.length) this.say('blocks', '有两个区块的标识相同')
    return read.filter((one) => one !== null)
  }
  block(value: unknown, at: string): PageBlock | null {
    const given = isObject(value) ? value : {}
    const { id, kind, phone = 0 } = given
    if (!isName(id, 40) || !/^[a-zA-Z][a-zA-Z0-9-]*$/.test(id) || !has(blockKinds, kind)) return (this.say(at, '看不懂这个区块'), null)
    if (phone !== null && !isCount(phone, 0, 999)) this.say(at, '手机上的次序不对')
    const title = kind === 'text' ? this.text(given['title'], `${at}.title`, { max: 60 }) : this.wanted(given['title'], `${at}.title`, 60)
    return { kind, id, title, place: this.place(given['place'], `${at}.place`), phone: phone as number | null, ...this.content(kind, given, at) } as PageBlock // prettier-ignore
  }
  private content(kind: BlockKind, given: Given, at: string): object {
    if (kind === 'chart') return { chart: this.chart(given['chart'], at) }
    if (kind === 'text') return { text: this.wanted(given['text'], `${at}.text`, 5000) }
    if (kind === 'empty') return { text: this.wanted(given['text'], `${at}.text`, 300) }
    if (kind === 'link') {
      const to = this.wanted(given['to'], `${at}.to`, 500, '请选择系统内的页面')
      // Only within the program: a link elsewhere would be somebody else's page under our name.
      if (to && !/^\/(?![/\\])/.test(to)) this.lack(`${at}.to`, '请选择系统内的页面')
      return { to, icon: this.text(given['icon'] ?? 'link', `${at}.icon`, { max: 40 }) }
    }
    const { most = 10, view = null } = given
    if (!isCount(most, 1, mostOnPage.listed)) this.say(`${at}.most`, `请填写 1 至 ${mostOnPage.listed}`)
    return {
      resource: this.wanted(given['resource'], `${at}.resource`, 200, '请选择记录'),
      view: this.view(view, at),
      filter: this.filter(given['filter'], `${at}.filter`),
      columns: this.words(given['columns'], `${at}.columns`, 20),
      sort: this.words(given['sort'], `${at}.sort`, 5),
      most,
    }
  }
  private view(value: unknown, at: string): string | null {
    if (value === null || isName(value, 60)) return value
    this.say(`${at}.view`, '看不懂这个视图')
    return null
  }
  chart(value: unknown, at: string): ChartSpec {
    const given = isObject(value) ? value : {}
    const { kind, view = null, top = null, share = false, detail = null, order = 'usual' } = given
    const resource = this.wanted(given['resource'], `${at}.resource`, 200, '请选择统计哪种记录')
    if (!has(chartKinds, kind)) this.say(`${at}.kind`, '请选择图表类型')
    const group = this.words(given['group'], `${at}.group`, 2)
    const measures = this.words(given['measures'] ?? ['count'], `${at}.measures`, 4)
    if (!group.every((text) => readGroupKey(text))) this.say(`${at}.group`, '看不懂分组')
    if (!measures.every((text) => text === 'count' || readTotalKey(text))) this.say(`${at}.measures`, '看不懂度量')
    if (has(chartKinds, kind)) this.needs(kind, group, measures, at)
    if (top !== null && !isCount(top, 1, mostOnPage.top)) this.say(`${at}.top`, `请填写 1 至 ${mostOnPage.top}`)
    if (detail !== null && (!isName(detail) || !readGroupKey(detail))) this.say(`${at}.detail`, '看不懂各科室占比的字段')
    if (!has(groupOrders, order)) this.say(`${at}.order`, '看不懂排序')
    const { colours = [] } = given
    const isPalette = Array.isArray(colours) && colours.length <= mostOnPage.colours && colours.every((one) => isCount(one, 1, 8))
    if (!isPalette) this.say(`${at}.colours`, '看不懂颜色')
    return {
      resource,
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
      this.lack(`${at}.group`, keys[1] === 0 ? `${chartKinds[kind]}不分组` : `${chartKinds[kind]}要有 ${said(keys)} 层分组`)
    else if (kind === 'division' && !readGroupKey(group[0]!)?.division) this.lack(`${at}.group`, '行政区划图请按地址的省或市分组')
    const tooMany = measures.length > 1 && group.length > 1 && kind !== 'pivot' && kind !== 'scatter'
    if (measures.length < figures[0] || measures.length > figures[1])
      this.lack(`${at}.measures`, `${chartKinds[kind]}要有 ${said(figures)} 个度量`) // prettier-ignore
    else if (tooMany) this.lack(`${at}.measures`, '有两层分组时只能有一个度量')
  }
  private format(value: unknown, at: string): FigureFormat {
    const { scale = 'plain', digits = null, unit = '' } = isObject(value) ? value : {}
    if (has(figureScales, scale) && (digits === null || isCount(digits, 0, 4)) && typeof unit === 'string' && unit.length <= 10) return { scale, digits, unit } // prettier-ignore
    this.say(`${at}.format`, '看不懂数字格式')
    return plainFormat
  }
  private compare(value: unknown, at: string): Comparison | null {
    if (value === null) return null
    const { date, period, upTo = 'today' } = isObject(value) ? value : {}
    if (isName(date) && has(grains, period) && has(comparisons, upTo)) return { date, period: period, upTo }
    this.say(`${at}.compare`, '请选择按哪个日期、和哪一期比较')
    return null
  }
  filters(value: unknown): PageFilter[] {
    const list = Array.isArray(value ?? []) ? ((value ?? []) as unknown[]) : null
    if (!list || list.length > mostOnPage.filters) return (this.say('filters', `最多 ${mostOnPage.filters} 个共用筛选`), [])
    const read = list.map((one, n) => {
      const given = isObject(one) ? one : {}
      const { key, resource } = given
      const paths = this.words(given['paths'], `filters.${n}.paths`, 10)
      if (!isName(key, 40) || !/^[a-z][a-zA-Z0-9]*$/.test(key) || !isName(resource) || paths.length === 0)
        this.say(`filters.${n}`, '请选择按哪个字段筛选')
      return {
        key: String(key),
        label: this.text(given['label'], `filters.${n}.label`, { max: 30, needed: '请填写' }),
        paths,
        resource: String(resource),
      }
    })
    if (new Set(read.map(({ key }) => key)).size !== read.length) this.say('filters', '有两个共用筛选的标识相同')
    return read
  }
}

function reading(value: unknown): { page: Page; read: PageReader } {
  const read = new PageReader()
  const given = read.object(value, '')
  const { refresh = null } = given
  if (refresh !== null && !isCount(refresh, 30, 86_400)) read.say('refresh', '自动刷新不短于 30 秒')
  const page: Page = {
    label: read.text(given['label'], 'label', { max: 40, needed: '请填写' }),
    icon: read.text(given['icon'] ?? 'dashboard', 'icon', { max: 40 }),
    who: read.words(given['who'], 'who', 40),
    menu: read.text(given['menu'], 'menu', { max: 30 }) || null,
    home: read.words(given['home'], 'home', 40),
    filters: read.filters(given['filters']),
    refresh: refresh as number | null,
    blocks: read.blocks(given['blocks'] ?? []),
  }
  return { page, read }
}
function whole<T>(value: T, { problems, lacks }: PageReader): T {
  if (problems.length + lacks.length) throw invalid([...problems, ...lacks])
  return value
}
/** A page as it comes from outside, with what was left unsaid filled in; refuses what is none and what is not finished, each problem at its place. Whether what it names exists is proved apart. */
export function readPage(value: unknown): Page {
  const { page, read } = reading(value)
  return whole(page, read)
}
/** The same while it is drawn: it may lack what it needs to be shown, and is kept so. */
export function readPageDraft(value: unknown): Page {
  const { page, read } = reading(value)
  read.done()
  return page
}
/** What a page still lacks before it can be shown, each at its place. */
export const lacksOf = (page: Page): readonly FieldProblem[] => reading(page).read.lacks
/** One block by itself: for trying it while it is drawn. */
export function readBlock(value: unknown): PageBlock {
  const read = new PageReader()
  return whole(read.block(value, 'block'), read)!
}
