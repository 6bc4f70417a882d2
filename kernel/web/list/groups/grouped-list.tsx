import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import type { ClientResource, Filter } from '#model'
import { useState, type CSSProperties } from 'react'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { TitlesProvider } from '../../fields/index.ts'
import { Notice, Skeleton } from '../../parts/states.tsx'
import type { ListAddress } from '../list-address.ts'
import { ListFailed } from '../slow-question.tsx'
import { HeadCell, rowHeights, widthOf } from '../table-head.tsx'
import type { Columns } from '../use-columns.ts'
import '../record-table.css'
import { GroupRows } from './group-rows.tsx'
import { GroupKeyText, groupedBy } from './group-words.tsx'
import { TotalCells, wordsSpan } from './total-cells.tsx'
import { useGroups, type Group, type GroupLevel } from './use-groups.ts'
import { useSummary } from './use-summary.ts'
import './groups.css'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: Columns
  current: string | null
  onOpen: (id: string) => void
}
/** A list by groups: each with its count and totals, opened to the groups within it and at last to its records. */
export function GroupedList(props: Props) {
  const { resource, address, columns } = props
  const { state, effective, set } = address
  const catalog = useCatalog()
  const first = useGroups(resource, address, state.group[0]!, effective)
  const whole = useSummary(resource.name, {
    filter: effective,
    search: state.search,
    deleted: state.deleted,
    asOf: state.asOf,
    group: [],
    totals: state.totals,
  })
  if (first.error) return <ListFailed error={first.error} address={address} retry={first.retry} />
  if (first.isPending) return <Skeleton rows={10} />
  if (first.groups.length === 0) return <Notice kind="empty" title="没有符合条件的记录" text="可以减少条件，或检查搜索的文字。" />
  const all = whole.data?.groups[0]
  const span = wordsSpan(columns, state.totals)
  return (
    <div
      className={`x-table x-grouped ${columns.density}`}
      style={{ '--row': `${rowHeights[columns.density]}px` } as CSSProperties}
      role="treegrid"
      aria-label={`${resource.label}，${groupedBy(state.group, (path) => catalog.find(resource, path))}`}
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
        <Groups {...props} level={0} shown={first} />
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
    </div>
  )
}

/** The groups within an opened one. */
function Level({ parent, ...props }: Props & { level: number; parent: Filter }) {
  const shown = useGroups(props.resource, props.address, props.address.state.group[props.level]!, parent)
  if (!shown.error && !shown.isPending) return <Groups {...props} shown={shown} />
  return (
    <tbody>
      <tr>
        <td colSpan={props.columns.columns.length + 1} className="x-in-group">
          {shown.error ? (
            <button type="button" className="x-link" onClick={shown.retry}>
              没有读到，点此重试
            </button>
          ) : (
            <span className="x-faint">正在载入…</span>
          )}
        </td>
      </tr>
    </tbody>
  )
}
function Groups({ shown, ...props }: Props & { level: number; shown: GroupLevel }) {
  return (
    <TitlesProvider titles={shown.titles}>
      {shown.groups.map((group) => (
        <OneGroup key={String(group.key)} {...props} group={group} shown={shown} />
      ))}
      {shown.more && (
        <tbody>
          <tr>
            <td colSpan={props.columns.columns.length + 1} className="x-in-group">
              分组太多，只显示前面的；请加条件或换一个分组字段。
            </td>
          </tr>
        </tbody>
      )}
    </TitlesProvider>
  )
}
function OneGroup({ group, shown, ...props }: Props & { level: number; group: Group; shown: GroupLevel }) {
  const [isOpen, setOpen] = useState(false)
  const { address, columns, level } = props
  const { group: keys, totals } = address.state
  const span = wordsSpan(columns, totals)
  const Caret = isOpen ? CaretDownOutlined : CaretRightOutlined
  return (
    <>
      <tbody className="x-group-head">
        <tr role="row" aria-level={level + 1} aria-expanded={isOpen}>
          <td colSpan={span} style={{ paddingLeft: 10 + level * 20 }}>
            <button type="button" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
              <Caret aria-hidden />
              <b>
                <GroupKeyText text={shown.text} field={shown.found?.field} value={group.key} />
              </b>
              <span className="x-faint">{group.count.toLocaleString('zh-CN')} 条</span>
            </button>
          </td>
          <TotalCells columns={columns} totals={totals} values={group.totals} from={span} />
          <td />
        </tr>
      </tbody>
      {isOpen &&
        (level === keys.length - 1 ? (
          <GroupRows {...props} filter={group.filter} />
        ) : (
          <Level {...props} level={level + 1} parent={group.filter} />
        ))}
    </>
  )
}
