import { bad, ok, wrongType, type Checked } from './kind.ts'
import { readUrl } from './kinds/texts.ts'

/** Formatted text as a tree of known nodes (ProseMirror's form): there is no HTML in it, so nothing of it can run. */
export interface RichNode {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly content?: readonly RichNode[]
  readonly marks?: readonly RichMark[]
  readonly text?: string
}
export interface RichMark {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
}

const wholeWithin = (min: number, max: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? value : min
type Read = (value: unknown) => unknown
/** Node → what may stand in it, and its attributes: everything else is refused or dropped. */
const nodes: Readonly<Record<string, { holds: 'blocks' | 'inline' | 'items' | 'nothing'; attrs?: Readonly<Record<string, Read>> }>> = {
  paragraph: { holds: 'inline' },
  heading: { holds: 'inline', attrs: { level: wholeWithin(1, 3) } },
  bulletList: { holds: 'items' },
  orderedList: { holds: 'items', attrs: { start: wholeWithin(1, 9999) } },
  listItem: { holds: 'blocks' },
  blockquote: { holds: 'blocks' },
  horizontalRule: { holds: 'nothing' },
  hardBreak: { holds: 'nothing' },
}
const inline = new Set(['text', 'hardBreak'])
const plainMarks = new Set(['bold', 'italic', 'underline', 'strike'])
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const deepest = 12
const mostNodes = 5000

class Unfit extends Error {}
const refuse = (why: string): never => {
  throw new Unfit(why)
}
/** Rebuilds a document out of what is known; a link leads to http, https or mail only. */
export function readRichText(input: unknown, max: number): Checked {
  if (typeof input === 'string') return readRichText(richTextOf(input), max)
  if (!isObject(input) || input['type'] !== 'doc') return wrongType
  let count = 0
  let length = 0
  const read = (node: unknown, holds: string, depth: number): RichNode => {
    if (!isObject(node) || typeof node['type'] !== 'string' || depth > deepest || ++count > mostNodes)
      return refuse('内容太复杂，请分段填写')
    const { type } = node
    const fits = holds === 'inline' ? inline.has(type) : holds === 'items' ? type === 'listItem' : !inline.has(type) && type !== 'listItem'
    if (!fits) return refuse('含有不支持的内容')
    if (type === 'text') return readText(node)
    const spec = Object.hasOwn(nodes, type) ? nodes[type]! : refuse('含有不支持的内容')
    const given = isObject(node['attrs']) ? node['attrs'] : {}
    const attrs = Object.entries(spec.attrs ?? {}).map(([key, of]) => [key, of(given[key])] as const)
    const content =
      spec.holds === 'nothing' || !Array.isArray(node['content']) ? [] : node['content'].map((one) => read(one, spec.holds, depth + 1))
    return { type, ...(attrs.length ? { attrs: Object.fromEntries(attrs) } : {}), ...(content.length ? { content } : {}) }
  }
  const readText = (node: Record<string, unknown>): RichNode => {
    const { text } = node
    if (typeof text !== 'string' || text === '' || text.includes('\u0000') || !text.isWellFormed()) return refuse('含有无法保存的字符')
    length += [...text].length
    if (length > max) return refuse(`最多 ${max} 个字`)
    const marks = (Array.isArray(node['marks']) ? node['marks'] : []).flatMap(readMark)
    return { type: 'text', ...(marks.length ? { marks } : {}), text }
  }
  try {
    const content = (Array.isArray(input['content']) ? input['content'] : []).map((one) => read(one, 'blocks', 1))
    while (isBlank(content.at(-1))) content.pop()
    const hasContent = length > 0 || content.some((one) => one.type === 'horizontalRule')
    return ok(hasContent ? { type: 'doc', content } : null)
  } catch (error) {
    if (error instanceof Unfit) return bad(error.message)
    throw error
  }
}
/** An empty line at the end is where the cursor stood. */
const isBlank = (node: RichNode | undefined): boolean => node?.type === 'paragraph' && !node.content?.length
function readMark(mark: unknown): RichMark[] {
  if (!isObject(mark) || typeof mark['type'] !== 'string') return []
  if (plainMarks.has(mark['type'])) return [{ type: mark['type'] }]
  const href = mark['type'] === 'link' && isObject(mark['attrs']) ? safeLink(mark['attrs']['href']) : null
  return href ? [{ type: 'link', attrs: { href } }] : []
}
/** Where a link may lead; null when it must not. */
export function safeLink(href: unknown): string | null {
  if (typeof href !== 'string') return null
  if (/^mailto:[^\s<>"]+$/i.test(href)) return href
  const read = readUrl(href)
  return 'value' in read ? (read.value as string) : null
}

/** Plain text as a document: a line is a paragraph. */
export const richTextOf = (text: string): RichNode => ({
  type: 'doc',
  content: text.split(/\r?\n/).map((line) => ({ type: 'paragraph', ...(line ? { content: [{ type: 'text', text: line }] } : {}) })),
})
const blocks = new Set(['paragraph', 'heading', 'horizontalRule'])
/** The words of a document, a line a block. */
export function plainOf(node: unknown): string {
  const lines: string[] = []
  const visit = (one: RichNode): void => {
    if (blocks.has(one.type)) lines.push('')
    if (one.type === 'hardBreak') lines.push('')
    if (one.text !== undefined) lines.push((lines.pop() ?? '') + one.text)
    for (const child of one.content ?? []) visit(child)
  }
  if (isObject(node)) visit(node as unknown as RichNode)
  return lines.join('\n').replace(/\n+$/, '')
}
/** Every piece of text, one behind the other: what is searched, the same here and in SQL. */
export const runOf = (node: RichNode): string => (node.text ?? '') + (node.content ?? []).map(runOf).join('')
export const isRichText = (value: unknown): value is RichNode => isObject(value) && value['type'] === 'doc'
