import { Parser } from 'htmlparser2'
import { Refusal } from '#model'

/** XML as a tree that is written back as it was read: names keep their prefixes, order is kept. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: XmlNode[]
}
export type XmlNode = Element | string
export const isElement = (node: XmlNode): node is Element => typeof node !== 'string'
export const element = (name: string, attributes: Record<string, string> = {}, children: XmlNode[] = []): Element => ({
  name,
  attributes,
  children,
})

/** A document of some hundred pages has a tenth of this. */
const [longest, deepest, mostElements] = [12_000_000, 200, 500_000]
/** Reads one part of a document. It declares no types and no entities of its own: nothing is fetched, nothing grows by being read. */
export function readXml(text: string): Element {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new Refusal('unsupportedFile', 'Word 文件里有外部实体声明，不能使用')
  if (text.length > longest) throw tooBig()
  const root = element('')
  let elements = 0
  const open = [root]
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const one = element(name, attributes)
        if (++elements > mostElements) throw tooBig()
        open.at(-1)!.children.push(one)
        open.push(one)
        if (open.length > deepest) throw new Refusal('unsupportedFile', 'Word 文件的结构过深，不能使用')
      },
      onclosetag: () => void open.pop(),
      ontext(part) {
        const { children } = open.at(-1)!
        const last = children.at(-1)
        if (typeof last === 'string') children[children.length - 1] = last + part
        else children.push(part)
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(text)
  const [first] = root.children.filter(isElement)
  if (!first) throw new Refusal('unsupportedFile', 'Word 文件已损坏，不能打开')
  return first
}
const tooBig = (): Refusal => new Refusal('unsupportedFile', 'Word 文件过大，不能用作模板')
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string =>
  // XML 1.0 has no other controls.
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replaceAll(/[&<>"]/g, (sign) => escapes[sign]!)
export const writeXml = (root: Element): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${written(root)}`
function written(node: XmlNode): string {
  if (!isElement(node)) return escaped(node)
  const attributes = Object.entries(node.attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`).join('') // prettier-ignore
  return node.children.length
    ? `<${node.name}${attributes}>${node.children.map(written).join('')}</${node.name}>`
    : `<${node.name}${attributes}/>`
}
export const cloned = <N extends XmlNode>(node: N): N =>
  (isElement(node) ? element(node.name, { ...node.attributes }, node.children.map(cloned)) : node) as N

/** Every element below, in the order of the document; `stop`: whose insides are not looked at. */
export function* below(node: Element, stop: (one: Element) => boolean = () => false): Generator<Element> {
  for (const child of node.children)
    if (isElement(child)) {
      yield child
      if (!stop(child)) yield* below(child, stop)
    }
}
