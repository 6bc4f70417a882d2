import { ArrowDownOutlined, ArrowUpOutlined, PushpinFilled, PushpinOutlined, SettingOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { Button, Checkbox, Input, Popover, Segmented } from 'antd'
import { useState } from 'react'
import type { Found } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { columnFields } from './filter-fields.ts'
import type { Columns, Density } from './use-columns.ts'

const densities: { value: Density; label: string }[] = [
  { value: 'tight', label: '紧凑' },
  { value: 'normal', label: '适中' },
  { value: 'loose', label: '宽松' },
]

export function ColumnChooser({ resource, columns }: { resource: ClientResource; columns: Columns }) {
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Chooser resource={resource} columns={columns} />}>
      <Button icon={<SettingOutlined />} aria-label="列与密度" />
    </Popover>
  )
}

function Chooser({ resource, columns }: { resource: ClientResource; columns: Columns }) {
  const catalog = useCatalog()
  const [search, setSearch] = useState('')
  const shown = columns.columns
  const paths = shown.map((column) => column.path)
  const others = columnFields(catalog, resource).filter(({ path }) => !paths.includes(path))
  const fits = ({ label }: { label: string }) => label.includes(search.trim())
  const swap = (at: number, to: number) => {
    const next = [...paths]
    const [moved] = next.splice(at, 1)
    if (moved) next.splice(to, 0, moved)
    columns.setPaths(next)
  }
  return (
    <div className="x-columns">
      <Segmented block options={densities} value={columns.density} onChange={columns.setDensity} />
      <Input allowClear placeholder="查找列" value={search} onChange={(event) => setSearch(event.target.value)} />
      <ul>
        {shown.filter(fits).map((column) => {
          const at = paths.indexOf(column.path)
          return (
            <li key={column.path}>
              <Checkbox
                checked
                disabled={paths.length === 1}
                onChange={() => columns.setPaths(paths.filter((path) => path !== column.path))}
              >
                {column.label}
              </Checkbox>
              <span className="x-space" />
              <PinButton column={column} columns={columns} />
              <button
                type="button"
                className="x-icon-button"
                aria-label={`${column.label} 前移`}
                disabled={at === 0}
                onClick={() => swap(at, at - 1)}
              >
                <ArrowUpOutlined />
              </button>
              <button
                type="button"
                className="x-icon-button"
                aria-label={`${column.label} 后移`}
                disabled={at === paths.length - 1}
                onClick={() => swap(at, at + 1)}
              >
                <ArrowDownOutlined />
              </button>
            </li>
          )
        })}
        {others.filter(fits).map((column) => (
          <li key={column.path}>
            <Checkbox checked={false} onChange={() => columns.setPaths([...paths, column.path])}>
              {column.label}
            </Checkbox>
          </li>
        ))}
      </ul>
      {columns.isArranged && (
        <button type="button" className="x-link x-small" onClick={() => columns.setPaths(undefined)}>
          还原为默认列
        </button>
      )}
    </div>
  )
}

/** Keeps a column at the left while the others scroll. */
function PinButton({ column: { path, label }, columns: { pinned, setPinned } }: { column: Found; columns: Columns }) {
  const isPinned = pinned.includes(path)
  return (
    <button
      type="button"
      className={`x-icon-button ${isPinned ? 'on' : ''}`}
      aria-pressed={isPinned}
      aria-label={`${label} 固定在左侧`}
      title={isPinned ? '不再固定' : '固定在左侧'}
      onClick={() => setPinned(isPinned ? pinned.filter((one) => one !== path) : [...pinned, path])}
    >
      {isPinned ? <PushpinFilled /> : <PushpinOutlined />}
    </button>
  )
}
