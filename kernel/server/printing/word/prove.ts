import { chainLoop, chainWords, columnsOf, findColumn, findName, kindOf, namesFor, nearest, printWords, rowNumber, unknown, type Definitions, type Field, type FieldProblem } from '#model' // prettier-ignore
import { opens, tagOf, tagPattern, textsOf, wordsIn, type Tag } from './tags.ts'
import { isElement, type Element } from './xml.ts'

/** A tag with where it stands, as people find it in Word. */
interface Standing extends Tag {
  where: string
}
type Known = Pick<Definitions, 'resources'>
/** What is wrong with the tags of a document, each with where it stands and what was probably meant; and every name that is used. */
export function proveTags(parts: readonly { label: string; root: Element }[], defs: Known, resource: string, { hasCode }: { hasCode: boolean }): { problems: FieldProblem[]; names: string[] } {
  const problems: FieldProblem[] = []
  const tags = parts.flatMap(({ label, root }) => [...standing(root, label, (where, message) => problems.push({ field: 'word', message: `${where}：${message}` }))])
  const open: Standing[] = []
  for (const tag of tags) {
    const say = (message: string) => problems.push({ field: 'word', message: `${tag.where}：${message}` })
    if (tag.kind === 'end') {
      const last = open.pop()
      if (!last) say(`{/${tag.name}} 前面没有对应的 {#…} 或 {?…}`)
      else if (tag.name && tag.name !== last.name) say(`{/${tag.name}} 应为 {/${last.name}}（${last.where}）`)
      continue
    }
    const message = problemOf(tag, open, defs, resource, hasCode)
    if (message) say(message)
    if (opens(tag)) open.push(tag)
  }
  for (const one of open) problems.push({ field: 'word', message: `${one.where}：{#${one.name}} 没有对应的 {/${one.name}}` })
  return { problems, names: [...new Set(tags.filter(({ kind }) => kind !== 'end').map(({ name }) => name))] }
} // prettier-ignore

/** Names inside a loop are first those of its rows. */
function problemOf({ kind, name }: Standing, open: readonly Standing[], defs: Known, resource: string, hasCode: boolean): string | null {
  const within = open.findLast((one) => one.kind === 'loop')
  const plain = name.replace(/\s+\d+$/, '')
  if (!plain) return '花括号里没有名称'
  if (within?.name === chainLoop) return ([...chainWords, '签名'] as string[]).includes(plain) ? null : unknownOr(findName(defs, resource, plain), plain, [...chainWords, '签名'])
  const rows = within && rowsOf(defs, resource, within.name)
  if (rows && (plain === rowNumber || findColumn(rows, plain) !== null)) return kind === 'picture' ? pictureProblem(columnsOf(rows)[findColumn(rows, plain)!]) : null
  if (kind === 'loop') {
    if (plain === chainLoop || rowsOf(defs, resource, plain)) return null
    const tables = Object.entries(defs.resources.get(resource)?.fields ?? {}).filter(([, field]) => field.kind === 'rows').flatMap(([key, field]) => [field.label, key])
    return `没有明细表“${plain}”${suggestion(nearest(plain, [...tables, chainLoop]))}`
  }
  if (plain === '二维码') return hasCode ? null : '用二维码须先打开“扫码核验”'
  if (plain === '页码' || plain === '页数') return '页码请用 Word 自己的页码'
  if (Object.hasOwn(printWords, plain)) return kind === 'picture' ? `“${plain}”不是图片` : null
  const found = findName(defs, resource, plain)
  if (found) return kind === 'picture' ? pictureProblem(found.field) : null
  const columns = rows ? Object.entries(columnsOf(rows)).flatMap(([key, field]) => [field.label, key]) : []
  return unknown(plain, nearest(plain, [...columns, ...namesFor(defs, resource)]))
} // prettier-ignore
const suggestion = (meant: string | null): string => (meant ? `，是不是“${meant}”？` : '')
const unknownOr = (found: unknown, name: string, known: readonly string[]): string | null =>
  found ? null : unknown(name, nearest(name, known))
const pictureProblem = (field: Field | undefined): string | null =>
  field && kindOf(field).holdsFiles ? null : `“${field?.label ?? '序号'}”不是图片`
export function rowsOf(defs: Known, resource: string, name: string): Field | null {
  const field = findName(defs, resource, name)?.field
  return field?.kind === 'rows' ? field : null
}

/** Every tag in the order of the document, with where it stands: 正文第 3 段, 表格 1 第 2 行. */
function* standing(root: Element, label: string, wrong: (where: string, message: string) => void): Generator<Standing> {
  let [paragraphs, tables] = [0, 0]
  function* walk(node: Element, where: string | null): Generator<Standing> {
    for (const child of node.children.filter(isElement)) {
      if (child.name === 'w:tbl' && where === null) {
        tables++
        let row = 0
        for (const line of child.children.filter(isElement))
          yield* walk(line, `${label}表格 ${tables} ${line.name === 'w:tr' ? `第 ${++row} 行` : ''}`.trim())
      } else if (child.name === 'w:p') {
        if (where === null) paragraphs++
        const here = where ?? `${label}第 ${paragraphs} 段`
        const words = textsOf(child).map(wordsIn).join('')
        for (const [, sign = '', name = ''] of words.matchAll(tagPattern)) yield { ...tagOf(sign, name), where: here }
        if (/[{}]/.test(words.replaceAll(tagPattern, ''))) wrong(here, '花括号没有成对')
        yield* walk(child, here)
      } else yield* walk(child, where)
    }
  }
  yield* walk(root, null)
}
