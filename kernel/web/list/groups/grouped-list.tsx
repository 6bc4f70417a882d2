import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { both, groupFilter, readGroupKey, type ClientResource, type Filter, type Scalar, type SummaryGroup, type Titles } from '#model'
import { useState, type CSSProperties } from 'react'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { TitlesProvider } from '../../fields/index.ts'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import type { ListAddress } from '../list-address.ts'
import { HeadCell, rowHeights, widthOf } from '../table-head.tsx'
import type { Columns } from '../use-columns.ts'
import '../record-table.css'
import { GroupRows } from './group-rows.tsx'
import { GroupKeyText, keyLabel } from './group-words.tsx'
import { inOrder } from './group-order.ts'
import { TotalCells, wordsSpan } from './total-cells.tsx'
import { useLevels, useSummary } from './use-summary.ts'
import './groups.css'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: Columns
  current: string | null
  onOpen: (id: string) => void
}
const pathKey = (keys: readonly (Scalar | null)[]): string => JSON.stringify(keys)

/** A list by groups: each with its count and totals, opened to its records. */
export function GroupedList({ resource, address, columns, current, onOpen }: Props) {
  const { state, effective, set } = address
  const catalog = useCatalog()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const asked = { filter: effective, search: state.search, deleted: state.deleted, group: state.group, totals: state.totals }
  const levels = useLevels(resource.name, asked)
  const whole = useSummary(resource.name, { ...asked, group: [] })
  const failed = levels.find(({ error }) => error)
  if (failed) return <Failed error={failed.error} retry={() => void failed.refetch()} />
  if (levels.some(({ data }) => !data)) return <Skeleton rows={10} />
  const fields = state.group.map((text) => catalog.find(resource, readGroupKey(text)?.path ?? ''))
  const titles = levels.reduce<Titles>((all, { data }) => ({ ...all, ...data?.titles }), {})
  const byParent = levels.map(({ data }, at) => Map.groupBy(inOrder(data?.groups ?? [], at, fields[at], titles, state.sort), ({ keys }) => pathKey(keys.slice(0, at)))) // prettier-ignore
  if (!byParent[0]?.size) return <Notice kind="empty" title="没有符合条件的记录" text="可以减少条件，或检查搜索的文字。" />
  const toggle = (key: string) => {
    const next = new Set(open)
    if (!next.delete(key)) next.add(key)
    setOpen(next)
  }
  const filterOf = (keys: readonly (Scalar | null)[]): Filter =>
    both(effective, ...keys.map((key, at) => groupFilter(readGroupKey(state.group[at]!)!, key, fields[at]?.field.kind === 'dateTime')))
  const drawn = { resource, columns, address, fields, byParent, open, toggle, filterOf, current, onOpen }
  const all = whole.data?.groups[0]
  const span = wordsSpan(columns, state.totals)
  return (
    <TitlesProvider titles={titles}>
      <div
        className={`x-table x-grouped ${columns.density}`}
        style={{ '--row': `${rowHeights[columns.density]}px` } as CSSProperties}
        role="treegrid"
        aria-label={`${resource.label}，按${state.group.map((text) => keyLabel(text, (path) => catalog.find(resource, path))).join('、')}分组`}
      >
        <table role="presentation">
          <colgroup>
            {columns.columns.map((column) => (
              <col key={column.path} style={{ width: widthOf(column, columns, resource) }} />
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
                  sort={state.sort}
                  onSort={(sort) => set({ sort })}
                />
              ))}
              <th />
            </tr>
          </thead>
          <Level {...drawn} level={0} parent={[]} />
          {all && (
            <tfoot>
              <tr>
                <td colSpan={span}>全部 {all.count.toLocaleString('zh-CN')} 条</td>
                <TotalCells columns={columns} totals={state.totals} values={all.totals} from={span} />
                <td />
              </tr>
            </tfoot>
          )}
        </table>
        {levels.some(({ data }) => data?.more) && <p className="x-list-end">分组太多，只显示前面的；请加条件或换一个分组字段。</p>}
      </div>
    </TitlesProvider>
  )
}

interface LevelProps extends Omit<Props, 'current'> {
  current: string | null
  fields: readonly (Found | null)[]
  byParent: readonly Map<string, SummaryGroup[]>[]
  open: ReadonlySet<string>
  toggle: (key: string) => void
  filterOf: (keys: readonly (Scalar | null)[]) => Filter
  level: number
  parent: readonly (Scalar | null)[]
}
function Level(props: LevelProps) {
  const { byParent, level, parent, address, open, toggle, columns, fields, resource } = props
  const { group, totals } = address.state
  const span = wordsSpan(columns, totals)
  const isLeaf = level === group.length - 1
  return byParent[level]?.get(pathKey(parent))?.map(({ keys, count, totals: values }) => {
    const key = pathKey(keys)
    const isOpen = open.has(key)
    const Caret = isOpen ? CaretDownOutlined : CaretRightOutlined
    return [
      <tbody key={key} className="x-group-head">
        <tr role="row" aria-level={level + 1} aria-expanded={isOpen}>
          <td colSpan={span} style={{ paddingLeft: 10 + level * 20 }}>
            <button type="button" onClick={() => toggle(key)} aria-expanded={isOpen}>
              <Caret aria-hidden />
              <b>
                <GroupKeyText text={group[level]!} field={fields[level]?.field} value={keys[level] ?? null} />
              </b>
              <span className="x-faint">{count.toLocaleString('zh-CN')} 条</span>
            </button>
          </td>
          <TotalCells columns={columns} totals={totals} values={values} from={span} />
          <td />
        </tr>
      </tbody>,
      isOpen &&
        (isLeaf ? (
          <GroupRows key={`${key} rows`} resource={resource} address={address} columns={columns} filter={props.filterOf(keys)} current={props.current} onOpen={props.onOpen} /> // prettier-ignore
        ) : (
          <Level {...props} key={`${key} below`} level={level + 1} parent={keys} />
        )),
    ]
  })
}
