import { useState, type ReactNode } from 'react'
import type { Columns } from '../use-columns.ts'
import { SheetBar } from './sheet-bar.tsx'
import { SheetTable } from './sheet-table.tsx'
import { useSheet, type SheetList as List } from './use-sheet.ts'

interface Props extends Omit<List, 'columns'> {
  columns: Columns
  onEnd: () => void
  footer: ReactNode
  /** Stands in place of the rows: nothing found, loading, a fault. */
  instead: ReactNode
}
/** A list in which cells are changed where they stand. */
export default function SheetList({ columns, onEnd, footer, instead, ...list }: Props) {
  const { resource, rows } = list
  const sheet = useSheet({ ...list, columns: columns.columns })
  const [isAsking, setAsking] = useState(false)
  const save = () => (resource.approval === undefined ? void sheet.save() : setAsking(sheet.changed > sheet.wrong))
  return (
    <>
      <SheetBar resource={resource} sheet={sheet} isAsking={isAsking} setAsking={setAsking} />
      {instead ?? (
        <SheetTable resource={resource} columns={columns} rows={rows} sheet={sheet} onEnd={onEnd} onSave={save} footer={footer} />
      )}
    </>
  )
}
