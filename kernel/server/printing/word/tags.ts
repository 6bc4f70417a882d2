import { isElement, type Element, type XmlNode } from './xml.ts'

/** `{姓名}` says a value; `{#明细}…{/明细}` repeats; `{?字段}…{/字段}` stands only where there is something, `{^字段}` only where there is none; `{%照片}` is a picture. */
export type TagKind = 'value' | 'loop' | 'when' | 'unless' | 'picture' | 'end'
export interface Tag {
  readonly kind: TagKind
  readonly name: string
}
export const tagPattern = /\{([#/?^%]?)([^{}]*)\}/g
const kinds: Readonly<Record<string, TagKind>> = { '': 'value', '#': 'loop', '/': 'end', '?': 'when', '^': 'unless', '%': 'picture' }
export const tagOf = (sign: string, name: string): Tag => ({ kind: kinds[sign]!, name: name.trim() })
export const opens = ({ kind }: Tag): boolean => kind === 'loop' || kind === 'when' || kind === 'unless'

/** Word cuts a text into pieces wherever somebody paused: a tag that is cut is put together in its first piece. */
export function joinTags(paragraph: Element): void {
  const pieces = textsOf(paragraph)
  const whole = pieces.map(wordsIn).join('')
  let offset = 0
  const starts = pieces.map((piece) => {
    const start = offset
    offset += wordsIn(piece).length
    return start
  })
  // From the last: what stands before keeps its place.
  const cut = [...whole.matchAll(tagPattern)].reverse()
  for (const found of cut) {
    const [from, to] = [found.index, found.index + found[0].length]
    const first = starts.findLastIndex((start) => start <= from)
    const last = starts.findLastIndex((start) => start < to)
    if (first === last) continue
    const head = wordsIn(pieces[first]!)
    const tail = wordsIn(pieces[last]!)
    setWords(pieces[first]!, head.slice(0, from - starts[first]!) + found[0])
    for (let at = first + 1; at < last; at++) setWords(pieces[at]!, '')
    setWords(pieces[last]!, tail.slice(to - starts[last]!))
  }
}
/** The texts of a paragraph, not those of paragraphs within it (text boxes). */
export function textsOf(node: Element): Element[] {
  return node.children.filter(isElement).flatMap((child) => (child.name === 'w:t' ? [child] : child.name === 'w:p' ? [] : textsOf(child)))
}
export const wordsIn = (text: Element): string => text.children.filter((one): one is string => !isElement(one)).join('')
export function setWords(text: Element, words: string): void {
  text.children = words ? [words] : []
  text.attributes['xml:space'] = 'preserve'
}

/** Cuts every run so that a tag that opens or ends stands alone in its own: what lies between can be repeated. */
export function isolateTags(parent: Element): void {
  parent.children = parent.children.flatMap((child): XmlNode[] => {
    if (!isElement(child)) return [child]
    if (child.name !== 'w:r') {
      isolateTags(child)
      return [child]
    }
    return splitRun(child)
  })
}
const structural = /(\{[#/?^][^{}]*\})/
function splitRun(run: Element): Element[] {
  const texts = run.children.filter((one): one is Element => isElement(one) && one.name === 'w:t')
  if (!texts.some((text) => structural.test(wordsIn(text)))) return [run]
  const style = run.children.filter((one) => isElement(one) && one.name === 'w:rPr')
  return run.children
    .filter((one) => !style.includes(one))
    .flatMap((one): Element[] => {
      const wrap = (child: XmlNode): Element => ({ ...run, children: [...style, child] })
      if (!isElement(one) || one.name !== 'w:t') return [wrap(one)]
      return wordsIn(one).split(structural).filter(Boolean).map((words) => wrap({ name: 'w:t', attributes: { 'xml:space': 'preserve' }, children: [words] })) // prettier-ignore
    })
}
