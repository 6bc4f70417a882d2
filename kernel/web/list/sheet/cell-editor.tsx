import { withChoices, type ApiRecord } from '#model'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Found } from '../../definitions/catalog.ts'
import { InputOf } from '../../fields/index.ts'
import type { Sheet } from './use-sheet.ts'

interface Props {
  row: ApiRecord
  column: Found
  sheet: Sheet
  onDone: (down?: number, right?: number) => void
}
/** The field's own input over its cell. Enter and Tab keep and go on, Escape gives up, leaving keeps. */
export function CellEditor({ row, column, sheet, onDone }: Props) {
  const staged = sheet.cellOf(row, column)
  const [value, setValue] = useState<unknown>(staged && !staged.problem ? staged.value : (row[column.path] ?? null))
  const hasChanged = useRef(false)
  const box = useRef<HTMLDivElement>(null)
  // Whoever opens a cell of choices wants to see them.
  useEffect(() => {
    box.current?.querySelector('.ant-select')?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }))
  }, [])
  const keep = (down = 0, right = 0) => {
    if (hasChanged.current) sheet.put(row, column, value)
    onDone(down, right)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    // An open list of choices takes Enter and Escape for itself first.
    const isOpen = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true'
    if (event.key === 'Escape' && !isOpen) onDone()
    if (event.key === 'Tab' || (event.key === 'Enter' && !isOpen && !event.shiftKey)) {
      event.preventDefault()
      keep(event.key === 'Enter' ? 1 : 0, event.key === 'Tab' ? 1 : 0)
    }
  }
  return (
    <div
      ref={box}
      className="x-cell-editor"
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const next = event.relatedTarget as HTMLElement | null
        // A list of choices hangs elsewhere in the page and takes the focus for a moment.
        if (next && !event.currentTarget.contains(next) && !next.closest('.ant-select-dropdown, .ant-picker-dropdown, .ant-popover')) keep()
      }}
    >
      <InputOf
        id={`cell-${row.id}-${column.path}`}
        field={withChoices(column.field, (own) => sheet.valueOf(row, own) ?? null)}
        value={value}
        autoFocus
        onChange={(next) => {
          hasChanged.current = true
          setValue(next)
        }}
      />
    </div>
  )
}
