import { safeLink, type RichMark, type RichNode } from '#model'
import { createElement, type ReactNode } from 'react'

const tags: Readonly<Record<string, string>> = {
  paragraph: 'p', bulletList: 'ul', orderedList: 'ol', listItem: 'li', blockquote: 'blockquote', horizontalRule: 'hr', hardBreak: 'br',
} // prettier-ignore
const markTags: Readonly<Record<string, string>> = { bold: 'strong', italic: 'em', underline: 'u', strike: 's' }
const marked = (content: ReactNode, mark: RichMark): ReactNode => {
  const href = mark.type === 'link' ? safeLink(mark.attrs?.['href']) : null
  if (href) return <a href={href} target="_blank" rel="noreferrer noopener">{content}</a> // prettier-ignore
  return markTags[mark.type] ? createElement(markTags[mark.type]!, null, content) : content
}
/** Draws what it knows, as elements: text stays text, whatever stands in it. */
export function drawn(node: RichNode, key: number): ReactNode {
  if (node.type === 'text') return <span key={key}>{(node.marks ?? []).reduce(marked, node.text ?? '' as ReactNode)}</span> // prettier-ignore
  const level = node.attrs?.['level']
  const tag = node.type === 'heading' ? `h${Number(level) + 2}` : tags[node.type]
  if (!tag) return null
  const children = (node.content ?? []).map(drawn)
  const start = node.type === 'orderedList' ? { start: Number(node.attrs?.['start'] ?? 1) } : {}
  return createElement(tag, { key, ...start }, ...(children.length || tag === 'hr' || tag === 'br' ? children : [<br key="empty" />]))
}
