import type { ApiRecord, ClientResource, Titles } from '#model'
import { useState, type ReactNode } from 'react'
import type { Columns } from '../use-columns.ts'
import { SheetBar } from './sheet-bar.tsx'
import { SheetTable } from './sheet-table.tsx'
import { useSheet } from './use-sheet.ts'

interface Props {
  resource: ClientResource
  columns: Columns
  rows: readonly ApiRecord[]
  titles: Titles
  onEnd: () => void
  footer: ReactNode
}
/** A list in which cells are changed where they stand. */
export default function SheetList({ resource, columns, rows, titles, onEnd, footer }: Props) {
  const sheet = useSheet(resource, columns.columns, rows, titles)
  const [isAsking, setAsking] = useState(false)
  const save = () => (resource.approval === undefined ? void sheet.save() : setAsking(sheet.changed > sheet.wrong))
  return (
    <>
      <SheetBar resource={resource} sheet={sheet} isAsking={isAsking} setAsking={setAsking} />
      <SheetTable resource={resource} columns={columns} rows={rows} sheet={sheet} onEnd={onEnd} onSave={save} footer={footer} />
    </>
  )
}
