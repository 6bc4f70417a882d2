import { isGiven, kindOf, type ApiRecord, type ClientResource, type Titles } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState, type Dispatch, type SetStateAction } from 'react'
import { forgetRecord, keys } from '../../api/hooks.ts'
import { useBusy } from '../../parts/use-busy.ts'
import type { Found } from '../../definitions/catalog.ts'
import { areaOf, placeBlock, readBlock, writeBlock, type Area, type Place } from '../../fields/texts/block.ts'
import { readTexts } from '../../fields/texts/read-texts.ts'
import { fittingCells } from './fitting-cells.ts'
import { cellsIn, isSameValue, redone, settle, stage, toWrite, undone, type Draft, type Entry } from './staged.ts'
import type { ReadCell } from '../../fields/texts/read-texts.ts'
import { writeCells, type Request } from './write-cells.ts'

export interface Sheet {
  cursor: Place
  area: Area
  move: (to: Place, isExtending?: boolean) => void
  /** Why this cell cannot be changed; null when it can. */
  lockOf: (row: ApiRecord, column: Found) => string | null
  cellOf: (row: ApiRecord, column: Found) => ReadCell | null
  /** What a field of the row will hold. */
  valueOf: (row: ApiRecord, key: string) => unknown
  put: (row: ApiRecord, column: Found, value: unknown) => void
  type: (at: Place, text: string) => void
  paste: (text: string) => void
  copy: () => string
  clear: () => void
  fillDown: () => void
  back: () => void
  forth: () => void
  changed: number
  wrong: number
  isBusy: boolean
  drop: () => void
  /** Writes what is right; by `request` where it has to be asked for. */
  save: (request?: Request) => Promise<void>
  /** What was written last, to be taken back. */
  saved: number
  takeBack: () => void
}

export interface SheetList {
  resource: ClientResource
  columns: readonly Found[]
  rows: readonly ApiRecord[]
  titles: Titles
  /** Kept by the list, so that no edit is lost when its row leaves the list or the list is looked at otherwise. */
  draft: Draft
  setDraft: Dispatch<SetStateAction<Draft>>
  /** Rows up to this many, loaded where they are not. */
  upTo: (count: number) => Promise<readonly ApiRecord[]>
}
/** A list as a spreadsheet: cells typed, pasted, filled and cleared; shown where they stand and written together, those that are right. */
export function useSheet({ resource, columns, rows, titles, draft, setDraft, upTo }: SheetList): Sheet {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [cursor, setCursor] = useState<Place>({ row: 0, column: 0 })
  const [anchor, setAnchor] = useState<Place>({ row: 0, column: 0 })
  const { isBusy, busily } = useBusy()
  const [inverse, setInverse] = useState<readonly Entry[]>([])
  const area = areaOf(cursor, anchor)
  const cells = cellsIn(draft.staged)

  const lockOf = (row: ApiRecord, { path, field }: Found): string | null => {
    if (path.includes('.')) return '来自别的记录，请在那里改'
    const kind = kindOf(field)
    if (!resource.fields[path] || isGiven(field)) return '由系统填写'
    if (resource.readOnly.includes(path) || resource.masked.includes(path) || field.readOnly) return '没有修改这一项的权限'
    if (row.state !== 'approved') return '审批中的记录不能直接修改'
    return kind.isOwn || kind.notImported ? '请打开记录修改' : null
  }
  const cellOf = (row: ApiRecord, column: Found): ReadCell | null => draft.staged.get(row.id)?.cells.get(column.path) ?? null
  const valueOf = (row: ApiRecord, key: string): unknown => {
    const cell = draft.staged.get(row.id)?.cells.get(key)
    return cell ? cell.value : (row[key] ?? null)
  }
  const valueAt = (row: ApiRecord, column: Found): unknown => valueOf(row, column.path)
  /** Cells that say what is stored are no change. */
  const entryOf = (row: ApiRecord, column: Found, cell: ReadCell): Entry => ({
    row,
    key: column.path,
    cell: !cell.problem && isSameValue(cell.value, row[column.path]) ? null : cell,
  })
  const enter = (entries: readonly Entry[]) => setDraft((now) => stage(now, entries))
  async function enterTexts(placed: readonly { at: Place; text: string }[], from: readonly ApiRecord[] = rows, left = 0) {
    const asked = placed.flatMap(({ at, text }) => {
      const [row, column] = [from[at.row], columns[at.column]]
      return row && column && !lockOf(row, column) ? [{ row, column, field: column.field, text }] : []
    })
    const locked = placed.length - asked.length
    const read = await fittingCells(
      asked.map(({ row, column, field }) => ({ row: row.id, key: column.path, field, own: (key: string) => valueOf(row, key) })),
      await readTexts(asked),
      resource.fields,
    )
    enter(asked.map(({ row, column }, i) => entryOf(row, column, read[i]!)))
    const told = [locked && `${locked} 格不能修改，已略过`, left && `${left} 格超出了列表的范围，没有粘贴`].filter(Boolean)
    if (told.length) message.warning(told.join('；'))
  }
  /** A block goes on over rows that are not loaded yet. */
  async function pasteBlock(text: string) {
    const block = readBlock(text)
    const down = area.from.row + Math.max(block.length, area.to.row - area.from.row + 1)
    const from = down > rows.length ? await upTo(down) : rows
    const placed = placeBlock(block, area, from.length, columns.length)
    await enterTexts(placed, from, placeBlock(block, area, Infinity, Infinity).length - placed.length)
  }
  const cellsOfArea = (): Place[] => {
    const places: Place[] = []
    for (let row = area.from.row; row <= area.to.row; row++)
      for (let column = area.from.column; column <= area.to.column; column++) places.push({ row, column })
    return places
  }
  const textOf = (row: ApiRecord, column: Found): string => {
    const cell = cellOf(row, column)
    if (cell?.text !== undefined) return cell.text
    const value = valueAt(row, column)
    return value === null ? '' : kindOf(column.field).format(value, column.field, (target, id) => titles[target]?.[id] ?? '')
  }

  async function save(request?: Request) {
    const asked = toWrite(draft.staged, rows)
    if (asked.length === 0) return
    const { done, taken, error } = await writeCells(resource.name, asked, request)
    setDraft((now) => settle(now, done))
    setInverse(request ? [] : taken)
    forgetRecord(client, resource.name)
    if (request) void client.invalidateQueries({ queryKey: keys.tasks })
    if (error) throw error
  }
  return {
    cursor,
    area,
    move: (to, isExtending = false) => {
      const place = { row: Math.max(0, Math.min(rows.length - 1, to.row)), column: Math.max(0, Math.min(columns.length - 1, to.column)) }
      setCursor(place)
      if (!isExtending) setAnchor(place)
    },
    lockOf,
    cellOf,
    valueOf,
    put: (row, column, value) =>
      enter([entryOf(row, column, value === null && column.field.required ? { value, problem: '必填，不能清空' } : { value })]),
    type: (at, text) => void busily(() => enterTexts([{ at, text }])),
    paste: (text) => void busily(() => pasteBlock(text)),
    copy: () => {
      const lines = rows.slice(area.from.row, area.to.row + 1)
      return writeBlock(lines.map((row) => columns.slice(area.from.column, area.to.column + 1).map((column) => textOf(row, column))))
    },
    clear: () => void busily(() => enterTexts(cellsOfArea().map((at) => ({ at, text: '' })))),
    fillDown: () => {
      const first = rows[area.from.row]
      if (!first) return
      const below = cellsOfArea().filter(({ row }) => row > area.from.row)
      enter(
        below.flatMap(({ row: at, column: place }) => {
          const [row, column] = [rows[at], columns[place]]
          return row && column && !lockOf(row, column) ? [entryOf(row, column, { value: valueAt(first, column) })] : []
        }),
      )
    },
    back: () => setDraft(undone),
    forth: () => setDraft(redone),
    changed: cells.length,
    wrong: cells.filter(({ problem }) => problem).length,
    isBusy,
    drop: () =>
      setDraft((now) =>
        stage(
          now,
          [...now.staged.values()].flatMap(({ row, cells }) => [...cells.keys()].map((key) => ({ row, key, cell: null }))),
        ),
      ),
    save: (request) => busily(() => save(request)),
    saved: inverse.length,
    takeBack: () => {
      enter(inverse)
      setInverse([])
    },
  }
}
