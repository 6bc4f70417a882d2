import type { ApiRecord, ClientResource } from '#model'
import {
  useEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import type { Found } from '../../definitions/catalog.ts'
import { CellOf, viewOf } from '../../fields/index.ts'
import { HeadCell, rowHeights, widthOf } from '../table-head.tsx'
import type { Columns } from '../use-columns.ts'
import '../record-table.css'
import { holds } from '../../fields/texts/block.ts'
import { CellEditor } from './cell-editor.tsx'
import './sheet.css'
import type { Sheet } from './use-sheet.ts'

interface Props {
  resource: ClientResource
  columns: Columns
  rows: readonly ApiRecord[]
  sheet: Sheet
  onEnd: () => void
  onSave: () => void
  footer: ReactNode
}
const ahead = 12
const numbersWidth = 44
type Editing = { kind: 'text'; text: string } | { kind: 'whole' } | null

/** The list as a spreadsheet. A hidden input has the focus, so that a word begun in Chinese loses no letter. */
export function SheetTable({ resource, columns, rows, sheet, onEnd, onSave, footer }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const ghost = useRef<HTMLInputElement>(null)
  const [first, setFirst] = useState(0)
  const [visible, setVisible] = useState(30)
  const [editing, setEditing] = useState<Editing>(null)
  const height = rowHeights[columns.density]
  const { cursor, area } = sheet
  const [from, to] = [Math.max(0, first - ahead), Math.min(rows.length, first + visible + ahead)]
  const current = { row: rows[cursor.row], column: columns.columns[cursor.column] }
  const isLocked = !current.row || !current.column || sheet.lockOf(current.row, current.column) !== null

  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setVisible(Math.ceil(element.clientHeight / height)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [height])
  useEffect(() => {
    if (rows.length > 0 && first + visible + ahead >= rows.length) onEnd()
  }, [first, visible, rows.length, onEnd])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const [top, bottom] = [cursor.row * height, (cursor.row + 1) * height + 36]
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight
    const cell = element.querySelector<HTMLElement>('td.x-cursor')
    if (cell) {
      const [left, right] = [cell.offsetLeft - numbersWidth, cell.offsetLeft + cell.offsetWidth]
      if (left < element.scrollLeft) element.scrollLeft = left
      else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth
    }
    if (!editing) ghost.current?.focus({ preventScroll: true })
  }, [cursor, height, editing])

  const step = (down: number, right: number, isExtending = false) =>
    sheet.move({ row: cursor.row + down, column: cursor.column + right }, isExtending)
  const leave = (down = 0, right = 0) => {
    setEditing(null)
    if (down || right) step(down, right)
  }
  const begin = () => !isLocked && setEditing({ kind: 'whole' })
  const withControl: Record<string, () => void> = {
    z: sheet.back,
    y: sheet.forth,
    d: sheet.fillDown,
    s: onSave,
    a: () => {
      sheet.move({ row: 0, column: 0 })
      sheet.move({ row: rows.length - 1, column: columns.columns.length - 1 }, true)
    },
  }
  const plain = (event: KeyboardEvent): Record<string, () => void> => ({
    ArrowDown: () => step(1, 0, event.shiftKey),
    ArrowUp: () => step(-1, 0, event.shiftKey),
    ArrowLeft: () => step(0, -1, event.shiftKey),
    ArrowRight: () => step(0, 1, event.shiftKey),
    PageDown: () => step(visible - 2, 0, event.shiftKey),
    PageUp: () => step(2 - visible, 0, event.shiftKey),
    Home: () => sheet.move({ row: cursor.row, column: 0 }, event.shiftKey),
    End: () => sheet.move({ row: cursor.row, column: columns.columns.length - 1 }, event.shiftKey),
    Tab: () => step(0, event.shiftKey ? -1 : 1),
    Enter: begin,
    F2: begin,
    Delete: sheet.clear,
    Backspace: sheet.clear,
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key === 'Process') return
    const isControl = event.ctrlKey || event.metaKey
    const act = isControl
      ? event.shiftKey && event.key.toLowerCase() === 'z'
        ? sheet.forth
        : withControl[event.key.toLowerCase()]
      : plain(event)[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    sheet.paste(event.clipboardData.getData('text/plain'))
  }
  const onCopy = (event: ClipboardEvent) => {
    event.preventDefault()
    event.clipboardData.setData('text/plain', sheet.copy())
    if (event.type === 'cut') sheet.clear()
  }
  // The letters of the first word are in the ghost already: it becomes the cell's own input.
  const typed = editing?.kind === 'text'
  return (
    <div
      ref={box}
      className={`x-table x-cells ${columns.density}`}
      style={{ '--row': `${height}px` } as CSSProperties}
      role="grid"
      aria-label={`${resource.label}，表格编辑`}
      aria-rowcount={rows.length}
      onScroll={(event) => setFirst(Math.floor(event.currentTarget.scrollTop / height))}
    >
      <table role="presentation">
        <colgroup>
          <col style={{ width: numbersWidth }} />
          {columns.columns.map((column) => (
            <col key={column.path} style={{ width: widthOf(column, columns, resource) }} />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr role="row">
            <th />
            {columns.columns.map((column) => (
              <HeadCell key={column.path} column={column} columns={columns} resource={resource} />
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr style={{ height: from * height }} aria-hidden />}
          {rows.slice(from, to).map((row, index) => {
            const at = from + index
            return (
              <tr key={row.id} role="row" aria-rowindex={at + 1}>
                <td className="x-row-number">{at + 1}</td>
                {columns.columns.map((column, place) => {
                  const isCursor = at === cursor.row && place === cursor.column
                  return (
                    <SheetCell
                      key={column.path}
                      row={row}
                      column={column}
                      sheet={sheet}
                      isCursor={isCursor}
                      isChosen={holds(area, { row: at, column: place })}
                      onDown={(event) => {
                        if (isCursor && editing) return
                        if (event.button === 0 || !holds(area, { row: at, column: place }))
                          sheet.move({ row: at, column: place }, event.shiftKey)
                        setEditing(null)
                        event.preventDefault()
                        ghost.current?.focus({ preventScroll: true })
                      }}
                      onEnter={(event) => event.buttons === 1 && !editing && sheet.move({ row: at, column: place }, true)}
                      onTwice={begin}
                    >
                      {isCursor && editing?.kind === 'whole' && <CellEditor row={row} column={column} sheet={sheet} onDone={leave} />}
                      {isCursor && editing?.kind !== 'whole' && (
                        <input
                          ref={ghost}
                          className={typed ? 'x-typed' : 'x-ghost'}
                          aria-label={`${column.label}，第 ${at + 1} 行`}
                          value={typed ? editing.text : ''}
                          onChange={(event) => !isLocked && setEditing({ kind: 'text', text: event.target.value })}
                          onKeyDown={(event) => {
                            if (!typed) return onKeyDown(event)
                            if (event.nativeEvent.isComposing) return
                            const way = { Enter: [1, 0], Tab: [0, 1] }[event.key]
                            if (event.key === 'Escape') leave()
                            else if (way) {
                              event.preventDefault()
                              sheet.type(cursor, editing.text)
                              leave(way[0], way[1])
                            }
                          }}
                          onBlur={() => {
                            if (typed) sheet.type(cursor, editing.text)
                            setEditing(null)
                          }}
                          onPaste={(event) => !typed && onPaste(event)}
                          onCopy={(event) => !typed && onCopy(event)}
                          onCut={(event) => !typed && onCopy(event)}
                        />
                      )}
                    </SheetCell>
                  )
                })}
                <td />
              </tr>
            )
          })}
          {to < rows.length && <tr style={{ height: (rows.length - to) * height }} aria-hidden />}
        </tbody>
      </table>
      {footer}
    </div>
  )
}

interface CellProps {
  row: ApiRecord
  column: Found
  sheet: Sheet
  isCursor: boolean
  isChosen: boolean
  onDown: (event: MouseEvent) => void
  onEnter: (event: MouseEvent) => void
  onTwice: () => void
  children: ReactNode
}
function SheetCell({ row, column, sheet, isCursor, isChosen, onDown, onEnter, onTwice, children }: CellProps) {
  const cell = sheet.cellOf(row, column)
  const lock = sheet.lockOf(row, column)
  const state = cell?.problem ? 'x-wrong' : cell?.notice ? 'x-told' : cell ? 'x-changed' : lock ? 'x-locked' : ''
  const said = cell?.problem ?? cell?.notice ?? (isCursor ? lock : null)
  return (
    <td
      role="gridcell"
      aria-selected={isChosen}
      aria-readonly={lock !== null}
      aria-invalid={cell?.problem !== undefined}
      title={said ?? undefined}
      className={`${state} ${isChosen ? 'x-chosen' : ''} ${isCursor ? 'x-cursor' : ''} ${viewOf(column.field).align ?? ''}`}
      onMouseDown={onDown}
      onMouseEnter={onEnter}
      onDoubleClick={onTwice}
    >
      {cell?.text !== undefined && cell.problem ? (
        cell.text || '（空）'
      ) : (
        <CellOf field={column.field} value={cell ? cell.value : (row[column.path] ?? null)} />
      )}
      {children}
      {isCursor && said && (
        <span className="x-cell-said" role={cell?.problem ? 'alert' : 'note'}>
          {said}
        </span>
      )}
    </td>
  )
}
