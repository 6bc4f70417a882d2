import { useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useChoices } from '../api/hooks.ts'
import type { Catalog } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useComposedText } from '../fields/use-composed-text.ts'
import { useMenu } from './menu.ts'

interface Entry {
  key: string
  section: string
  label: string
  hint?: string | undefined
  path: string
}

/** One box for pages, acts and people (Ctrl K). */
export default function Palette({ onClose }: { onClose: () => void }) {
  const id = useId()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const { settled, input } = useComposedText('', 150)
  // Chosen among the answers to one search: another search begins at its first.
  const [{ at, of }, setPlace] = useState({ at: 0, of: '' })
  const setAt = (next: number) => setPlace({ at: next, of: settled })
  const entries = useEntries(settled.trim())
  const place = of === settled ? Math.min(at, entries.length - 1) : 0
  const chosen = entries[place]

  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [place])
  const go = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    void navigate(entry.path)
  }
  return (
    <dialog
      ref={dialog}
      className="x-palette"
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
      }}
    >
      <input
        {...input}
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}list`}
        aria-activedescendant={chosen ? id + chosen.key : undefined}
        placeholder="搜索人员、页面，或直接说要做什么，如“新建 授权申请”"
      />
      <ul id={`${id}list`} role="listbox">
        {entries.map((entry, index) => (
          <li key={entry.key}>
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
          </li>
        ))}
        {entries.length === 0 && <li className="x-palette-none">没有找到“{settled}”</li>}
      </ul>
      <footer>
        <kbd>↑↓</kbd> 选择 <kbd>Enter</kbd> 打开 <kbd>Esc</kbd> 关闭
      </footer>
    </dialog>
  )
}

function useEntries(search: string): Entry[] {
  const catalog = useCatalog()
  const menu = useMenu()
  const personPage = personResource(catalog)
  const people = useChoices('directory.person', search, { enabled: search !== '' && personPage !== undefined, limit: 8 })
  const pages = menu.flatMap(({ label: group, items }) =>
    items.map((item) => ({ key: item.path, section: '页面', label: item.label, hint: group, path: item.path })),
  )
  const acts = catalog.all
    .filter((r) => r.may.create && r.writtenBy !== 'module')
    .map((r) => ({ key: `new ${r.name}`, section: '新建', label: `新建 ${r.label}`, hint: undefined, path: `/r/${r.name}/new` }))
  const words = search.toLowerCase().split(/\s+/)
  const fits = (entry: Entry) => words.every((word) => `${entry.label} ${entry.hint ?? ''} ${entry.path}`.toLowerCase().includes(word))
  if (search === '') return pages.slice(0, 12)
  const persons: Entry[] = (people.data?.options ?? []).map((o) => ({
    key: o.id,
    section: '人员',
    label: o.title,
    hint: o.hint,
    path: `/r/${personPage}/${o.id}`,
  }))
  return [...pages.filter(fits).slice(0, 8), ...persons, ...acts.filter(fits).slice(0, 8)]
}

/** Where a person's file is: the richest resource whose rows are persons. */
export function personResource(catalog: Catalog): string | undefined {
  const files = catalog.all.filter((r) => r.may.read && (r.owner.person === 'id' || r.name === 'directory.person'))
  return files.sort((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length)[0]?.name
}
