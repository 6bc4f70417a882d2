import { isGiven, kindOf, type ApiRecord, type ChangeManyAnswer, type ClientResource, type Titles, type WriteManyAnswer } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { api, newId } from '../../api/client.ts'
import { forgetRecord, keys } from '../../api/hooks.ts'
import { messageOf } from '../../api/problem.ts'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { useUnsaved } from '../../shell/page-context.tsx'
import { areaOf, placeBlock, readBlock, writeBlock, type Area, type Place } from './block.ts'
import { readTexts } from './read-texts.ts'
import { cellsIn, isSameValue, noDraft, redone, stage, undone, type Draft, type Entry, type StagedCell } from './staged.ts'

const portion = 500
export interface Sheet {
  cursor: Place
  area: Area
  move: (to: Place, isExtending?: boolean) => void
  /** Why this cell cannot be changed; null when it can. */
  lockOf: (row: ApiRecord, column: Found) => string | null
  cellOf: (row: ApiRecord, column: Found) => StagedCell | null
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
  /** Writes what is right; `reason` where it has to be asked for. */
  save: (reason?: string) => Promise<void>
  /** What was written last, to be taken back. */
  saved: number
  takeBack: () => void
}

/** A list as a spreadsheet: cells typed, pasted, filled and cleared; shown where they stand and written together, those that are right. */
export function useSheet(resource: ClientResource, columns: readonly Found[], rows: readonly ApiRecord[], titles: Titles): Sheet {
  const catalog = useCatalog()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Draft>(noDraft)
  const [cursor, setCursor] = useState<Place>({ row: 0, column: 0 })
  const [anchor, setAnchor] = useState<Place>({ row: 0, column: 0 })
  const [isBusy, setBusy] = useState(false)
  const [inverse, setInverse] = useState<readonly Entry[]>([])
  const area = areaOf(cursor, anchor)
  const cells = cellsIn(draft.staged)
  useUnsaved(cells.length > 0)

  const lockOf = (row: ApiRecord, { path, field }: Found): string | null => {
    if (path.includes('.')) return '来自别的记录，请在那里改'
    const kind = kindOf(field)
    if (!resource.fields[path] || isGiven(field)) return '由系统填写'
    if (resource.readOnly.includes(path) || resource.masked.includes(path) || field.readOnly) return '没有修改这一项的权限'
    if (row.state !== 'approved') return '审批中的记录不能直接修改'
    return kind.isOwn || kind.notImported ? '请打开记录修改' : null
  }
  const cellOf = (row: ApiRecord, column: Found): StagedCell | null => draft.staged.get(row.id)?.get(column.path) ?? null
  const valueAt = (row: ApiRecord, column: Found): unknown => {
    const cell = cellOf(row, column)
    return cell ? cell.value : (row[column.path] ?? null)
  }
  /** Cells that say what is stored are no change. */
  const entryOf = (row: ApiRecord, column: Found, cell: StagedCell): Entry => ({
    id: row.id,
    key: column.path,
    cell: !cell.problem && isSameValue(cell.value, row[column.path]) ? null : cell,
  })
  const enter = (entries: readonly Entry[]) => setDraft((now) => stage(now, entries))
  async function enterTexts(placed: readonly { at: Place; text: string }[]) {
    const asked = placed.flatMap(({ at, text }) => {
      const [row, column] = [rows[at.row], columns[at.column]]
      return row && column && !lockOf(row, column) ? [{ row, column, field: column.field, text }] : []
    })
    const locked = placed.length - asked.length
    setBusy(true)
    try {
      const read = await readTexts(catalog, asked)
      enter(asked.map(({ row, column }, i) => entryOf(row, column, read[i]!)))
      if (locked) message.info(`${locked} 格不能修改，已略过`)
    } catch (error) {
      message.error(messageOf(error))
    }
    setBusy(false)
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

  async function save(reason?: string) {
    const asked = [...draft.staged].flatMap(([id, own]) => {
      const row = rows.find((one) => one.id === id)
      const right = [...own].filter(([, cell]) => !cell.problem)
      return row && right.length ? [{ row, changes: Object.fromEntries(right.map(([key, cell]) => [key, cell.value])) }] : []
    })
    if (asked.length === 0) return
    setBusy(true)
    const done: Entry[] = []
    const taken: Entry[] = []
    try {
      for (let at = 0; at < asked.length; at += portion) {
        const some = asked.slice(at, at + portion)
        const results = reason === undefined ? await write(resource.name, some) : await request(resource.name, some, reason)
        for (const [i, result] of results.entries()) {
          const { row, changes } = some[i]!
          for (const [key, value] of Object.entries(changes)) {
            if (result.ok) {
              done.push({ id: row.id, key, cell: null })
              taken.push({ id: row.id, key, cell: { value: row[key] ?? null } })
            } else done.push({ id: row.id, key, cell: { value, ...wordsFor(result, key) } })
          }
        }
      }
    } catch (error) {
      message.error(messageOf(error))
    }
    // What is written is no edit any more: there is no going back over it, but taking it back.
    setDraft((now) => ({ ...stage(now, done), undo: [], redo: [] }))
    setInverse(reason === undefined ? taken : [])
    forgetRecord(client, resource.name)
    if (reason !== undefined) void client.invalidateQueries({ queryKey: keys.tasks })
    setBusy(false)
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
    put: (row, column, value) =>
      enter([entryOf(row, column, value === null && column.field.required ? { value, problem: '必填，不能清空' } : { value })]),
    type: (at, text) => void enterTexts([{ at, text }]),
    paste: (text) => void enterTexts(placeBlock(readBlock(text), area, rows.length, columns.length)),
    copy: () => {
      const lines = rows.slice(area.from.row, area.to.row + 1)
      return writeBlock(lines.map((row) => columns.slice(area.from.column, area.to.column + 1).map((column) => textOf(row, column))))
    },
    clear: () => void enterTexts(cellsOfArea().map((at) => ({ at, text: '' }))),
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
          [...now.staged].flatMap(([id, own]) => [...own.keys()].map((key) => ({ id, key, cell: null }))),
        ),
      ),
    save,
    saved: inverse.length,
    takeBack: () => {
      enter(inverse)
      setInverse([])
    },
  }
}

interface Outcome {
  ok: boolean
  message: string
  problems: WriteManyAnswer['results'][number]['problems']
  current: ApiRecord | null
}
type Asked = readonly { row: ApiRecord; changes: Record<string, unknown> }[]
async function write(resource: string, asked: Asked): Promise<Outcome[]> {
  const records = asked.map(({ row, changes }) => ({ id: row.id, version: row.version, changes }))
  return (await api.patch<WriteManyAnswer>(`/api/records/${resource}`, { records })).results
}
async function request(resource: string, asked: Asked, reason: string): Promise<Outcome[]> {
  const records = asked.map(({ row, changes }) => ({ id: row.id, seenVersion: row.version, changes }))
  const { results } = await api.post<ChangeManyAnswer>(`/api/flows/change-many/${resource}`, { actId: newId(), reason, records })
  return results.map(({ ok, message }) => ({ ok, message, problems: [], current: null }))
}
/** Why a cell was not written, said at the cell. What somebody else has written meanwhile is no mistake of ours: writing again is a decision. */
function wordsFor({ message, problems, current }: Outcome, key: string): Pick<StagedCell, 'problem' | 'notice'> {
  if (current) return { notice: '这一格所在的记录刚被别人改过：再次保存以你的为准，清除此格则保留别人的' }
  const own = problems.find(({ field }) => field.split('.')[0] === key)
  return problems.length && !own ? { notice: '同一条记录的另一格有误，这一格还没有保存' } : { problem: own?.message ?? message }
}
