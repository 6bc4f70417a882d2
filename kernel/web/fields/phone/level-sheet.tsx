import { RightOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { Option } from './phone-choices.tsx'
import { Sheet } from './sheet.tsx'

/** A choice in levels. `path` is the way to it by keys. */
export interface LevelNode {
  key: string
  label: string
  hint?: string | undefined
  /** Leads to others, and is not to be chosen itself. */
  unfit?: boolean | undefined
  children?: readonly LevelNode[] | undefined
}
interface Props {
  title: string
  nodes: readonly LevelNode[]
  /** The way to what is chosen now. */
  chosen: readonly string[]
  /** A node that has further ones may be chosen. */
  anyLevel: boolean
  mayClear: boolean
  onPick: (way: readonly LevelNode[]) => void
  onClose: () => void
}
const wayIn = (nodes: readonly LevelNode[], keys: readonly string[]): LevelNode[] => {
  const way: LevelNode[] = []
  let level: readonly LevelNode[] | undefined = nodes
  for (const key of keys) {
    const node: LevelNode | undefined = level?.find((one) => one.key === key)
    if (!node) break
    way.push(node)
    level = node.children
  }
  return way
}
const withBelow = (way: readonly LevelNode[]): LevelNode[] => (way.at(-1)?.children?.length ? [...way] : way.slice(0, -1))

/** One level at a time, as thumbs choose: what was passed stands above and leads back; typing looks through all levels. */
export function LevelSheet({ title, nodes, chosen, anyLevel, mayClear, onPick, onClose }: Props) {
  const [way, setWay] = useState<LevelNode[]>(() => withBelow(wayIn(nodes, chosen)))
  const [typed, setTyped] = useState('')
  const level = way.at(-1)?.children ?? nodes
  const here = way.at(-1)
  const found = typed.trim() ? search(nodes, typed.trim()).slice(0, 60) : null
  const take = (to: readonly LevelNode[]) => {
    onPick(to)
    onClose()
  }
  const touch = (to: LevelNode[]) => {
    if (!to.at(-1)?.children?.length) return take(to)
    setTyped('')
    setWay(to)
  }
  return (
    <Sheet title={title} isTall onClose={onClose} act={mayClear ? { label: '清除', run: () => take([]) } : undefined}>
      <div className="x-sheet-search">
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          type="search"
          placeholder="输入名称查找"
          aria-label="查找"
        />
      </div>
      {!found && way.length > 0 && (
        <nav className="x-levels" aria-label="已选的上级">
          <button type="button" onClick={() => setWay([])}>
            全部
          </button>
          {way.map((node, at) => (
            <button key={node.key} type="button" onClick={() => setWay(way.slice(0, at + 1))}>
              <RightOutlined aria-hidden /> {node.label}
            </button>
          ))}
        </nav>
      )}
      <div role="listbox" aria-label={here?.label ?? title}>
        {!found && here && anyLevel && !here.unfit && (
          <Option title={`${here.label}（本级）`} isChosen={chosen.at(-1) === here.key} onPick={() => take(way)} />
        )}
        {(found ?? level.map((node) => [...way, node])).map((to) => {
          const node = to.at(-1)!
          return (
            <Option
              key={to.map((one) => one.key).join('/')}
              title={node.label}
              hint={found ? to.slice(0, -1).map((one) => one.label).join(' / ') : node.children?.length ? '›' : node.hint} // prettier-ignore
              isChosen={chosen.includes(node.key)}
              onPick={() => touch(to)}
            />
          )
        })}
      </div>
      {found?.length === 0 && <p className="x-sheet-none">没有找到“{typed.trim()}”</p>}
    </Sheet>
  )
}
function search(nodes: readonly LevelNode[], text: string, way: readonly LevelNode[] = []): LevelNode[][] {
  return nodes.flatMap((node) => {
    const to = [...way, node]
    return [...(node.label.includes(text) && (!node.unfit || node.children?.length) ? [to] : []), ...search(node.children ?? [], text, to)]
  })
}
