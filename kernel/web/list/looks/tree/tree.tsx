import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { writeLook, type ApiRecord, type Look } from '#model'
import { useState, type CSSProperties, type KeyboardEvent } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { CellOf, TitlesProvider, viewOf } from '../../../fields/index.ts'
import { Notice, Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { FormatMark, formatClass } from '../../formats/format-mark.tsx'
import { HeadCell, rowHeights, widthOf } from '../../table-head.tsx'
import type { Columns } from '../../use-columns.ts'
import { LookField } from '../look-switch.tsx'
import type { LookProps } from '../look-props.ts'
import { lookFieldsOf } from '../offered.ts'
import { useBranches } from './use-branches.ts'
import '../../record-table.css'
import './tree.css'

type TreeProps = LookProps<Extract<Look, { kind: 'tree' }>> & { columns: Columns }
interface Opening {
  isOpen: (row: ApiRecord, level: number) => boolean
  toggle: (id: string, isOpen: boolean) => void
}
/** Below this level nothing opens by itself, nor where many stand side by side. */
const [deepestOpen, widestOpen] = [6, 20]

/** A list by which record stands below which: each level is asked for when it is opened. What is looked for brings along what stands above it. */
export default function Tree(props: TreeProps) {
  const { resource, address, columns, look } = props
  const catalog = useCatalog()
  const top = useBranches(resource, address, look.by, null, pathsOf(columns))
  // What was opened and closed by hand; the search opens the rest of itself.
  const asked = JSON.stringify([look.by, address.effective, address.state.search])
  const [byHand, setByHand] = useState<{ of: string; open: Readonly<Record<string, boolean>> }>({ of: asked, open: {} })
  const open = byHand.of === asked ? byHand.open : {}
  const isSearching = address.effective !== null || address.state.search !== ''
  const opening: Opening = {
    isOpen: (row, level) => open[row.id] ?? (isSearching && level < deepestOpen),
    toggle: (id, isOpen) => setByHand({ of: asked, open: { ...open, [id]: isOpen } }),
  }
  if (top.error && top.rows.length === 0) return <ListFailed address={address} error={top.error} retry={top.more} />
  if (top.isPending) return <Skeleton rows={10} />
  return (
    <>
      <div className="x-look-bar">
        <LookField
          label="按"
          fields={lookFieldsOf(catalog, resource).parents}
          value={look.by}
          onChange={(by) => by && address.set({ look: writeLook({ kind: 'tree', by }) })}
        />
        <span className="x-faint">
          {isSearching ? '符合条件的记录和它们的上级；上级以浅色显示' : '方向键：→ 展开，← 收起，↑ ↓ 移动，回车查看'}
        </span>
        <span className="x-space" />
        {Object.keys(open).length > 0 && (
          <button type="button" className="x-link x-small" onClick={() => setByHand({ of: asked, open: {} })}>
            全部收起
          </button>
        )}
      </div>
      {top.rows.length === 0 ? (
        <Notice kind="empty" title="没有符合条件的记录" text={isSearching ? '可以减少条件，或检查搜索的文字。' : undefined} />
      ) : (
        <div
          className={`x-table x-tree ${columns.density}`}
          role="treegrid"
          aria-label={`${resource.label}层级`}
          style={{ '--row': `${rowHeights[columns.density]}px` } as CSSProperties}
        >
          <table role="presentation">
            <colgroup>
              {columns.columns.map((column, at) => (
                <col key={column.path} style={{ width: widthOf(column, columns, resource) + (at === 0 ? 80 : 0) }} />
              ))}
              <col />
            </colgroup>
            <thead>
              <tr role="row">
                {columns.columns.map((column) => (
                  <HeadCell
                    key={column.path}
                    column={column}
                    columns={columns}
                    resource={resource}
                    sort={address.state.sort}
                    onSort={(sort) => address.set({ sort })}
                  />
                ))}
                <th />
              </tr>
            </thead>
            <tbody>
              <Level {...props} opening={opening} level={0} data={top} />
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
const pathsOf = (columns: Columns): string[] => columns.columns.map(({ path }) => path)

type LevelData = ReturnType<typeof useBranches>
type LevelProps = TreeProps & { opening: Opening; level: number }
function Level({ data, ...props }: LevelProps & { data: LevelData }) {
  const { columns, level } = props
  return (
    <TitlesProvider titles={data.titles}>
      {data.rows.map((row) => (
        <Node key={row.id} {...props} row={row} data={data} />
      ))}
      {(data.hasMore || data.error) && (
        <tr>
          <td colSpan={columns.columns.length + 1} style={{ paddingLeft: indent(level) }}>
            <button type="button" className="x-link" disabled={data.isFetching} onClick={data.more}>
              {data.error ? `${messageOf(data.error)}，点此重试` : '再载入 50 条'}
            </button>
          </td>
        </tr>
      )}
    </TitlesProvider>
  )
}
function Below({ row, ...props }: LevelProps & { row: ApiRecord }) {
  const { resource, address, look, columns, level } = props
  const data = useBranches(resource, address, look.by, row.id, pathsOf(columns))
  if (!data.isPending && (!data.error || data.rows.length)) return <Level {...props} data={data} />
  return (
    <tr>
      <td colSpan={columns.columns.length + 1} style={{ paddingLeft: indent(level) }}>
        {data.error ? (
          <button type="button" className="x-link" onClick={data.more}>
            {messageOf(data.error)}，点此重试
          </button>
        ) : (
          <span className="x-faint">正在载入…</span>
        )}
      </td>
    </tr>
  )
}
const indent = (level: number): number => 10 + level * 22
function Node({ row, data, ...props }: LevelProps & { row: ApiRecord; data: LevelData }) {
  const { columns, opening, level, current, onOpen } = props
  const count = data.belowOf(row.id)
  const isWide = data.rows.length > widestOpen
  const isOpen = count > 0 && opening.isOpen(row, isWide ? Infinity : level)
  const Caret = isOpen ? CaretDownOutlined : CaretRightOutlined
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    if (event.target !== event.currentTarget) return
    const act = {
      ArrowRight: () => (count > 0 && !isOpen ? opening.toggle(row.id, true) : focusRow(event.currentTarget, 1)),
      ArrowLeft: () => (isOpen ? opening.toggle(row.id, false) : focusAbove(event.currentTarget, level)),
      ArrowDown: () => focusRow(event.currentTarget, 1),
      ArrowUp: () => focusRow(event.currentTarget, -1),
      Enter: () => onOpen(row.id),
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  const whole = data.format(row.id, null)
  return (
    <>
      <tr
        role="row"
        tabIndex={0}
        data-record={row.id}
        aria-level={level + 1}
        aria-expanded={count > 0 ? isOpen : undefined}
        className={`${row.id === current ? 'current' : ''} ${data.isHit(row.id) ? '' : 'x-above'} ${formatClass(whole)}`}
        onClick={(event) => !(event.target as HTMLElement).closest('a, button') && onOpen(row.id)}
        onKeyDown={onKeyDown}
      >
        {columns.columns.map((column, place) => {
          const rule = data.format(row.id, column.path)
          return (
            <td
              key={column.path}
              role="gridcell"
              className={`${place === 0 ? 'first' : ''} ${viewOf(column.field).align ?? ''} ${formatClass(rule)}`}
              style={place === 0 ? { paddingLeft: indent(level) } : undefined}
            >
              {place === 0 && (
                <button
                  type="button"
                  tabIndex={-1}
                  className="x-tree-caret"
                  aria-label={isOpen ? '收起' : `展开 ${count} 条下级`}
                  style={count ? undefined : { visibility: 'hidden' }}
                  onClick={() => opening.toggle(row.id, !isOpen)}
                >
                  <Caret />
                </button>
              )}
              <FormatMark rule={rule ?? (place === 0 ? whole : undefined)} />
              <CellOf field={column.field} value={row[column.path] ?? null} />
              {place === 0 && count > 0 && <small className="x-tree-count">{count}</small>}
            </td>
          )
        })}
        <td />
      </tr>
      {isOpen && <Below {...props} level={level + 1} row={row} />}
    </>
  )
}
function focusRow(from: HTMLElement, by: 1 | -1): void {
  const rows = [...(from.closest('table')?.querySelectorAll<HTMLElement>('tr[data-record]') ?? [])]
  rows[rows.indexOf(from) + by]?.focus()
}
function focusAbove(from: HTMLElement, level: number): void {
  const rows = [...(from.closest('table')?.querySelectorAll<HTMLElement>('tr[data-record]') ?? [])]
  rows.slice(0, rows.indexOf(from)).findLast((row) => Number(row.getAttribute('aria-level')) === level)?.focus() // prettier-ignore
}
