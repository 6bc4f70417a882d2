import { Refusal } from '#model'
import { opens, setWords, tagOf, tagPattern, wordsIn, type Tag } from './tags.ts'
import { below, cloned, element, isElement, type Element, type XmlNode } from './xml.ts'

/** What tags say at one place: in the record, or in one row of it. */
export interface Scope {
  value(name: string): string
  has(name: string): boolean
  /** A scope for each row. */
  rows(name: string): readonly Scope[]
  /** The drawing of each picture. */
  pictures(name: string): readonly Element[]
}
/** Pieces that repeating may make: a document of some thousand pages. */
export const mostPieces = 400_000
/** How much a filling has made, and which texts are said: a value that looks like a tag is none. */
export interface Meter {
  pieces: number
  said: WeakSet<Element>
}
export const newMeter = (): Meter => ({ pieces: 0, said: new WeakSet() })
/** Fills a part: first what is repeated or left out, then what is said. */
export function fill(root: Element, scope: Scope, meter: Meter): void {
  for (const pair of pairsIn(root)) expand(pair, scope, meter)
  say(root, scope, meter)
}

interface Found {
  /** From the root down to the text that holds the tag. */
  way: Element[]
  tag: Tag
}
interface Pair {
  open: Found
  close: Found
}
/** The parts that are repeated or left out, where they begin and end: the outermost; what lies within is filled with each of its pieces. */
function pairsIn(root: Element): Pair[] {
  const pairs: Pair[] = []
  let open: Found | null = null
  let depth = 0
  for (const found of structuralTags(root, [root])) {
    if (!open) {
      if (found.tag.kind !== 'end') open = found
    } else if (opens(found.tag)) depth++
    else if (depth > 0) depth--
    else {
      pairs.push({ open, close: found })
      open = null
    }
  }
  if (open) throw new Refusal('invalid', `{#${open.tag.name}} 没有对应的 {/${open.tag.name}}`)
  return pairs
}
function* structuralTags(node: Element, way: Element[]): Generator<Found> {
  for (const child of node.children) {
    if (!isElement(child)) continue
    const here = [...way, child]
    if (child.name !== 'w:t') {
      yield* structuralTags(child, here)
      continue
    }
    for (const [, sign = '', name = ''] of wordsIn(child).matchAll(tagPattern)) {
      const tag = tagOf(sign, name)
      if (opens(tag) || tag.kind === 'end') yield { way: here, tag }
    }
  }
}
/** From one to the other below what holds both: runs of a paragraph, rows of a table, or paragraphs and tables. What begins in one cell and ends in another is the row. */
function placeOf({ open, close }: Pair): { parent: Element; from: number; to: number } {
  let depth = open.way.findIndex((one, at) => one !== close.way[at]) - 1
  if (open.way[depth]!.name === 'w:tr') depth--
  const parent = open.way[depth]!
  return { parent, from: parent.children.indexOf(open.way[depth + 1]!), to: parent.children.indexOf(close.way[depth + 1]!) }
}
function expand(pair: Pair, scope: Scope, meter: Meter): void {
  const { open, close } = pair
  const { parent, from, to } = placeOf(pair)
  // Its row was repeated, or left out, for a pair before it, and it was filled there.
  if (from < 0) return
  const { kind, name } = open.tag
  setWords(open.way.at(-1)!, '')
  setWords(close.way.at(-1)!, '')
  const isBlock = parent.name !== 'w:p'
  const isOnlyTag = (node: XmlNode | undefined) => isElement(node!) && node.name === 'w:p' && !hasContent(node)
  let pattern = parent.children.slice(from, to + 1)
  // A paragraph that held nothing but a tag is gone with it.
  if (isBlock && pattern.length > 1) pattern = pattern.filter((one, at) => !((at === 0 || at === pattern.length - 1) && isOnlyTag(one)))
  const scopes = kind === 'loop' ? scope.rows(name) : scope.has(name) === (kind === 'when') ? [scope] : []
  const size = pattern.reduce((sum, one) => sum + (isElement(one) ? 1 + [...below(one)].length : 1), 0)
  meter.pieces += size * scopes.length
  if (meter.pieces > mostPieces) throw new Refusal('tooMany', '内容太多，做不成一份 Word 文件，请减少明细，或导出为 Excel')
  const made = scopes.flatMap((one) => {
    const piece = element(parent.name, {}, pattern.map(cloned))
    fill(piece, one, meter)
    return piece.children
  })
  parent.children.splice(from, to - from + 1, ...made)
  // A cell, and a page, hold at least one paragraph.
  if (['w:tc', 'w:hdr', 'w:ftr', 'w:txbxContent'].includes(parent.name) && !parent.children.some((one) => isElement(one) && one.name === 'w:p')) parent.children.push(element('w:p'))
} // prettier-ignore
const hasContent = (paragraph: Element): boolean =>
  [...below(paragraph)].some(
    (one) => (one.name === 'w:t' && wordsIn(one) !== '') || ['w:drawing', 'w:pict', 'w:br', 'w:tab', 'w:sectPr'].includes(one.name),
  )

/** Says every value and draws every picture; lines of a value stay lines. */
function say(node: Element, scope: Scope, meter: Meter): void {
  node.children = node.children.flatMap((child): XmlNode[] => {
    if (!isElement(child)) return [child]
    if (child.name === 'w:t') return meter.said.has(child) ? [child] : said(child, scope, meter)
    say(child, scope, meter)
    return [child]
  })
}
function said(text: Element, scope: Scope, meter: Meter): XmlNode[] {
  const words = wordsIn(text)
  if (!words.includes('{')) return [text]
  const made: XmlNode[] = []
  const add = (part: string) =>
    part.split('\n').forEach((line, at) => {
      if (at > 0) made.push(element('w:br'))
      if (!line) return
      const words = element('w:t', { 'xml:space': 'preserve' }, [line])
      meter.said.add(words)
      made.push(words)
    })
  let at = 0
  for (const found of words.matchAll(tagPattern)) {
    add(words.slice(at, found.index))
    const { kind, name } = tagOf(found[1]!, found[2]!)
    if (kind === 'picture') made.push(...scope.pictures(name))
    else if (kind === 'value') add(scope.value(name))
    at = found.index + found[0].length
  }
  add(words.slice(at))
  return made
}
