import type { Definitions } from '../definitions.ts'
import { stateLabels } from '../resource.ts'
import { blockLabels, paperLabels, type Paper, type PrintBlock, type PrintTemplate } from './template.ts'

const paperWords = ({ size, isLying, width, height, margins }: Paper): string =>
  `${size === 'label' ? `标签 ${width}×${height} 毫米` : `${paperLabels[size]}${isLying ? '横向' : '纵向'}`}，边距 ${margins.join('/')}`
const said = (list: readonly string[], none: string): string => list.join('、') || none

/** What a template says, one line each; and of two, what differs. */
export function printTemplateWords(defs: Pick<Definitions, 'resources' | 'roles'>, before: PrintTemplate | null, after: PrintTemplate | null): string[] {
  if (!after) return before ? ['删除'] : []
  const facts = (one: PrintTemplate): [string, string][] => [
    ['名称', one.label],
    ['记录类型', defs.resources.get(one.resource)?.label ?? one.resource],
    ['纸张', paperWords(one.paper)],
    ['页眉', Object.values(one.header).filter(Boolean).join(' | ') || '没有'],
    ['页脚', Object.values(one.footer).filter(Boolean).join(' | ') || '没有'],
    ['水印', one.watermark ? '有' : '没有'],
    ['可用的角色', said(one.roles.map((role) => defs.roles.get(role)?.label ?? role), '都可以')],
    ['可打印的状态', said(one.states.map((state) => stateLabels[state]), '没有')],
    ['扫码核验', one.verify ? `有，显示 ${said(one.verify.map((key) => defs.resources.get(one.resource)?.fields[key]?.label ?? key), '种类和日期')}` : '没有'],
    ['Word 文件', one.word?.name ?? '没有'],
  ]
  if (!before) return facts(after).map(([label, text]) => `${label}：${text}`)
  const was = new Map(facts(before))
  const changed = facts(after).filter(([label, text]) => was.get(label) !== text).map(([label, text]) => `${label}：${was.get(label)} → ${text}`)
  if (before.word && after.word && before.word.name === after.word.name && before.word.base64 !== after.word.base64) changed.push('Word 文件的内容已更换')
  return [...changed, ...blockWords(before.blocks, after.blocks)]
} // prettier-ignore
function blockWords(before: readonly PrintBlock[], after: readonly PrintBlock[]): string[] {
  const was = new Map(before.map((block) => [block.id, JSON.stringify(block)]))
  const now = new Set(after.map(({ id }) => id))
  const order = (blocks: readonly PrintBlock[], both: (id: string) => boolean) => blocks.map(({ id }) => id).filter(both).join() // prettier-ignore
  return [
    ...after.filter(({ id }) => !was.has(id)).map((block) => `增加 ${nameOf(block)}`),
    ...before.filter(({ id }) => !now.has(id)).map((block) => `去掉 ${nameOf(block)}`),
    ...after.filter((block) => was.has(block.id) && was.get(block.id) !== JSON.stringify(block)).map((block) => `修改 ${nameOf(block)}`),
    ...(order(before, (id) => now.has(id)) === order(after, (id) => was.has(id)) ? [] : ['内容的顺序有变化']),
  ]
}
/** A block as people call it: its kind, and what it says. */
export function nameOf(block: PrintBlock): string {
  const text = block.kind === 'text' || block.kind === 'code' ? block.text : 'heading' in block ? block.heading : block.kind === 'seal' ? block.seal : ''
  return `${blockLabels[block.kind]}${text.trim() ? `“${[...text.trim().replaceAll(/\s+/g, ' ')].slice(0, 20).join('')}”` : ''}`
} // prettier-ignore
