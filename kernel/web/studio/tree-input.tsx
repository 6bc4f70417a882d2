import { Input } from 'antd'
import { useId, useState } from 'react'

interface Node {
  key: string
  label: string
  children?: Node[]
}
const written = (nodes: readonly Node[], depth = 0): string =>
  nodes.map((one) => `${'  '.repeat(depth)}${one.label}\n${written(one.children ?? [], depth + 1)}`).join('')
/** Lines with two blanks a level, back as a tree; what bears the name it had keeps its key. */
function readLines(text: string, before: readonly Node[]): Node[] {
  const known = new Map<string, string>()
  const learn = (nodes: readonly Node[], way: string) =>
    nodes.forEach((one) => {
      known.set(`${way}/${one.label}`, one.key)
      learn(one.children ?? [], `${way}/${one.label}`)
    })
  learn(before, '')
  const taken = new Set(known.values())
  const fresh = () => {
    for (let n = taken.size + 1; ; n++) if (!taken.has(`n${n}`)) return (taken.add(`n${n}`), `n${n}`)
  }
  const root: Node[] = []
  const open: { nodes: Node[]; way: string }[] = [{ nodes: root, way: '' }]
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const depth = Math.min(
      Math.floor((/^[\s　]*/.exec(line)?.[0].replaceAll('\t', '  ').replaceAll('　', '  ').length ?? 0) / 2),
      open.length - 1,
    )
    open.length = depth + 1
    const { nodes, way } = open[depth]!
    const label = line.trim()
    const node: Node = { key: known.get(`${way}/${label}`) ?? fresh(), label }
    nodes.push(node)
    open.push({ nodes: (node.children = []), way: `${way}/${label}` })
  }
  const bare = (list: Node[]): Node[] =>
    list.map(({ key, label, children = [] }) => (children.length ? { key, label, children: bare(children) } : { key, label }))
  return bare(root)
}
/** Choices in levels, as an indented list. */
export function TreeInput({ value, problem, onChange }: { value: unknown; problem: string | undefined; onChange: (value: unknown) => void }) {
  const id = useId()
  const nodes = (value ?? []) as Node[]
  const [text, setText] = useState<string | null>(null)
  return (
    <div className="x-set">
      <label htmlFor={id}>各级选项</label>
      <Input.TextArea id={id} rows={8} value={text ?? written(nodes)} onChange={(event) => (setText(event.target.value), onChange(readLines(event.target.value, nodes)))} onBlur={() => setText(null)} />
      <small>一行一项，下一级多缩进两个空格</small>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </div>
  )
} // prettier-ignore
