import type { Definitions } from '../definitions.ts'
import { filterWords } from '../filter/words.ts'
import { finenessWord, readGroupKey } from '../group-keys.ts'
import { aggregates, chartKinds, readTotalKey } from '../summary.ts'
import { blockKinds, groupOrders, type ChartSpec, type Page, type PageBlock } from './page.ts'

/** What has changed of a page, a line each; of a new one what is on it. */
export function pageWords(defs: Definitions, before: Page | null, after: Page | null): string[] {
  if (!after) return before ? [`删除页面“${before.label}”`] : []
  const roles = (list: readonly string[], none: string) =>
    list.length ? list.map((name) => defs.roles.get(name)?.label ?? name).join('、') : none
  if (!before)
    return [
      `新建页面“${after.label}”`,
      `谁能看：${roles(after.who, '所有人')}`,
      ...(after.menu ? [`菜单：${after.menu}`] : []),
      ...(after.home.length ? [`工作台：${roles(after.home, '')}`] : []),
      ...after.blocks.map((block) => `增加${sayBlock(defs, block)}`),
    ]
  const lines = [
    changed('名称', before.label, after.label),
    changed('图标', before.icon, after.icon),
    changed('谁能看', roles(before.who, '所有人'), roles(after.who, '所有人')),
    changed('菜单', before.menu ?? '不在菜单', after.menu ?? '不在菜单'),
    changed('工作台', roles(before.home, '不放'), roles(after.home, '不放')),
    changed('自动刷新', sayRefresh(before.refresh), sayRefresh(after.refresh)),
    changed('共用筛选', before.filters.map(({ label }) => label).join('、') || '无', after.filters.map(({ label }) => label).join('、') || '无'),
  ].flatMap((line) => line ?? []) // prettier-ignore
  const old = new Map(before.blocks.map((block) => [block.id, block]))
  const kept = new Set(after.blocks.map(({ id }) => id))
  return [
    ...lines,
    ...before.blocks.filter(({ id }) => !kept.has(id)).map((block) => `移除${sayBlock(defs, block)}`),
    ...after.blocks.flatMap((block) => {
      const was = old.get(block.id)
      return was ? changesOf(defs, was, block) : [`增加${sayBlock(defs, block)}`]
    }),
  ]
}
const changed = (what: string, before: string, after: string): string | null => (before === after ? null : `${what}：${before} → ${after}`)
const sayRefresh = (seconds: number | null): string => (seconds === null ? '不自动' : `每 ${seconds} 秒`)
const nameOf = (block: PageBlock): string => `${blockKinds[block.kind]}“${block.title || block.id}”`

function changesOf(defs: Definitions, before: PageBlock, after: PageBlock): string[] {
  const { place: from, phone: order, ...was } = before
  const { place: to, phone, ...now } = after
  const lines: string[] = []
  if (from.x !== to.x || from.y !== to.y) lines.push(`移动${nameOf(after)}`)
  if (from.w !== to.w || from.h !== to.h) lines.push(`${nameOf(after)}的大小：${from.w}×${from.h} → ${to.w}×${to.h}`)
  if ((order === null) !== (phone === null)) lines.push(`手机上${phone === null ? '不显示' : '显示'}${nameOf(after)}`)
  else if (order !== phone) lines.push(`手机上移动${nameOf(after)}`)
  if (JSON.stringify(was) === JSON.stringify(now)) return lines
  const [said, says] = [sayBlock(defs, before), sayBlock(defs, after)]
  return [...lines, said === says ? `修改${nameOf(after)}` : `${said} → ${says}`]
}
function sayBlock(defs: Definitions, block: PageBlock): string {
  if (block.kind === 'chart') return `${nameOf(block)}（${sayChart(defs, block.chart)}）`
  if (block.kind === 'list') return `${nameOf(block)}（${defs.resources.get(block.resource)?.label ?? block.resource}，${block.most} 条）`
  return block.kind === 'text' || block.kind === 'empty' ? `${nameOf(block)}：${block.text.slice(0, 40)}` : `${nameOf(block)}：${block.to}`
}
/** 医务人员 饼图，按最高学历，计条数，其中 人员类别 是 医师 */
export function sayChart(defs: Definitions, chart: ChartSpec): string {
  const labelOf = (path: string): string => defs.path(chart.resource, path)?.field?.label ?? path
  const keys = chart.group.map((text) => {
    const key = readGroupKey(text)
    const fineness = key && finenessWord(key)
    return key ? `${labelOf(key.path)}${fineness ? `（${fineness}）` : ''}` : text
  })
  const measures = chart.measures.map((text) => {
    const key = readTotalKey(text)
    return key ? `${labelOf(key.path)}${aggregates[key.by]}` : '条数'
  })
  const where = chart.filter
    ? filterWords(
        chart.filter,
        (path) => {
          const field = defs.path(chart.resource, path)?.field
          return field ? { field, label: field.label } : null
        },
        () => '…',
      )
    : ''
  return [
    `${defs.resources.get(chart.resource)?.label ?? chart.resource}${chartKinds[chart.kind]}`,
    ...(keys.length ? [`按${keys.join('、')}`] : []),
    `计${measures.join('、')}`,
    ...(chart.order === 'usual' ? [] : [groupOrders[chart.order]]),
    ...(chart.top ? [`前 ${chart.top} 组`] : []),
    ...(where ? [`其中 ${where}`] : []),
  ].join('，')
}
