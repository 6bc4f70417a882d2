import { useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useComposedText } from '../fields/use-composed-text.ts'
import { PinButton } from '../shortcuts/pin-button.tsx'
import { useShortcuts } from '../shortcuts/use-shortcuts.ts'
import { useEntries, type Entry } from './palette-entries.ts'
import './palette.css'

/** One box for pages, people, acts and records (Ctrl K; on the phone from home). */
export default function Palette({ onClose }: { onClose: () => void }) {
  const id = useId()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const { settled, input } = useComposedText('', 150)
  // Chosen among the answers to one search: another search begins at its first.
  const [{ at, of }, setPlace] = useState({ at: 0, of: '' })
  const setAt = (next: number) => setPlace({ at: next, of: settled })
  const { entries, isBusy } = useEntries(settled.trim())
  const place = of === settled ? Math.min(at, entries.length - 1) : 0
  const chosen = entries[place]
  const { toggle } = useShortcuts()

  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [place])
  const go = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    void navigate(entry.path)
  }
  return (
    <dialog
      ref={dialog}
      className="x-popup x-palette"
      aria-label="搜索"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (move) {
          event.preventDefault()
          setAt((place + move + entries.length) % Math.max(1, entries.length))
        } else if (event.key === 'Enter') go(chosen)
        else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') {
          event.preventDefault()
          if (chosen && !chosen.gone) toggle({ path: chosen.path, name: chosen.label })
        }
      }}
    >
      <input
        {...input}
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}list`}
        aria-activedescendant={chosen ? id + chosen.key : undefined}
        placeholder="搜索人员、记录、页面，或说要做什么，如“授权 张三”"
      />
      <ul id={`${id}list`} role="listbox">
        {entries.map((entry, index) => (
          <li key={entry.key} className="x-palette-entry">
            {entries[index - 1]?.section !== entry.section && <h6>{entry.section}</h6>}
            <button
              id={id + entry.key}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={entry === chosen}
              onClick={() => go(entry)}
              onMouseMove={() => setAt(index)}
            >
              {entry.label}
              {entry.hint && <small>{entry.hint}</small>}
            </button>
            {!entry.gone && <PinButton path={entry.path} name={entry.label} isSkipped />}
          </li>
        ))}
        {entries.length === 0 && <li className="x-palette-none">{isBusy ? '正在查找…' : `没有找到“${settled}”`}</li>}
      </ul>
      <footer>
        <kbd>↑↓</kbd> 选择 <kbd>Enter</kbd> 打开 <kbd>Ctrl D</kbd> 固定 <kbd>Esc</kbd> 关闭
      </footer>
    </dialog>
  )
}
