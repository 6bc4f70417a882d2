import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, EditOutlined, HolderOutlined } from '@ant-design/icons'
import { mostShortcuts, type StandingShortcut } from '#model'
import { Button, Input } from 'antd'
import { useState, type KeyboardEvent } from 'react'
import { Link } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { MenuIcon } from '../shell/icons.tsx'
import { useShortcutIcon } from './shortcuts-card.tsx'
import { useShortcuts } from './use-shortcuts.ts'

/** 我的快捷 in order: dragged or moved by keys, renamed, removed. */
export default function ShortcutsPage() {
  const { all, error, retry, keep } = useShortcuts()
  const [dragged, setDragged] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const move = (from: number, to: number) => {
    if (!all || to < 0 || to >= all.length || from === to) return
    const next = all.toSpliced(from, 1).toSpliced(to, 0, all[from]!)
    setSaid(`“${all[from]!.name}”已移到第 ${to + 1} 位`)
    void keep(next)
  }
  return (
    <div className="x-page">
      <PageHead title="我的快捷" hint={all?.length ? `${all.length} / ${mostShortcuts}` : undefined} />
      <div className="x-card">
        {error && !all ? (
          <Failed error={error} retry={retry} />
        ) : !all ? (
          <Skeleton rows={4} />
        ) : all.length === 0 ? (
          <Notice kind="empty" title="还没有快捷" text="点任意页面标题旁的图钉，把页面、视图或新建表单固定到这里。" />
        ) : (
          <ul className="x-shortcut-list">
            {all.map((one, at) => (
              <li
                key={one.path}
                draggable
                className={dragged === at ? 'dragged' : ''}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move'
                  event.dataTransfer.setData('text/plain', one.path)
                  setDragged(at)
                }}
                onDragOver={(event) => dragged !== null && event.preventDefault()}
                onDrop={(event) => {
                  event.preventDefault()
                  if (dragged !== null) move(dragged, at)
                  setDragged(null)
                }}
                onDragEnd={() => setDragged(null)}
              >
                <Row
                  one={one}
                  isFirst={at === 0}
                  isLast={at === all.length - 1}
                  onMove={(by) => move(at, at + by)}
                  onName={(name) => void keep(all.with(at, { ...one, name }))}
                  onRemove={() => void keep(all.toSpliced(at, 1))}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      <span className="x-unseen" role="status">
        {said}
      </span>
    </div>
  )
}

interface RowProps {
  one: StandingShortcut
  isFirst: boolean
  isLast: boolean
  onMove: (by: 1 | -1) => void
  onName: (name: string) => void
  onRemove: () => void
}
function Row({ one: { path, name, gone }, isFirst, isLast, onMove, onName, onRemove }: RowProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const iconOf = useShortcutIcon()
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key]
    if (!by) return
    event.preventDefault()
    onMove(by)
  }
  const rename = () => {
    if (typed?.trim() && typed.trim() !== name) onName(typed.trim())
    setTyped(null)
  }
  return (
    <>
      <button type="button" className="x-icon-button x-holder" aria-label={`移动 ${name}：按上下方向键`} onKeyDown={onKeyDown}>
        <HolderOutlined />
      </button>
      <MenuIcon name={iconOf(path)} />
      <div>
        {typed !== null ? (
          <Input
            autoFocus
            aria-label="快捷的名称"
            maxLength={30}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={rename}
            onPressEnter={(event) => !event.nativeEvent.isComposing && rename()}
            onKeyDown={(event) => event.key === 'Escape' && setTyped(null)}
          />
        ) : gone ? (
          <>
            <s>{name}</s> <small className="x-problem">{gone}</small>
          </>
        ) : (
          <Link to={path}>{name}</Link>
        )}
      </div>
      <Button type="text" aria-label={`上移 ${name}`} icon={<ArrowUpOutlined />} disabled={isFirst} onClick={() => onMove(-1)} />
      <Button type="text" aria-label={`下移 ${name}`} icon={<ArrowDownOutlined />} disabled={isLast} onClick={() => onMove(1)} />
      <Button type="text" aria-label={`改名 ${name}`} icon={<EditOutlined />} onClick={() => setTyped(name)} />
      <Button type="text" danger aria-label={`移除 ${name}`} icon={<DeleteOutlined />} onClick={onRemove} />
    </>
  )
}
