import type { ClientResource, Filter } from '#model'
import { messageOf } from '../../api/problem.ts'
import { CellOf, TitlesProvider, viewOf } from '../../fields/index.ts'
import { FormatMark, formatClass } from '../formats/format-mark.tsx'
import type { ListAddress } from '../list-address.ts'
import type { Columns } from '../use-columns.ts'
import { useGroupRecords } from './use-groups.ts'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: Columns
  filter: Filter
  current: string | null
  onOpen: (id: string) => void
}
/** The records of one group, page by page. */
export function GroupRows({ resource, address, columns, filter, current, onOpen }: Props) {
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns.columns, filter)
  return (
    <TitlesProvider titles={titles}>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            role="row"
            data-record={row.id}
            className={`${formatClass(format(row.id, null))} ${row.id === current ? 'current' : ''}`}
            onClick={(event) => !(event.target as HTMLElement).closest('a, button') && onOpen(row.id)}
          >
            {columns.columns.map((column, place) => (
              <td
                key={column.path}
                role="gridcell"
                className={`${place === 0 ? 'first x-in-group' : ''} ${viewOf(column.field).align ?? ''} ${formatClass(format(row.id, column.path))}`}
              >
                <FormatMark rule={format(row.id, column.path) ?? (place === 0 ? format(row.id, null) : undefined)} />
                <CellOf field={column.field} value={row[column.path] ?? null} />
              </td>
            ))}
            <td />
          </tr>
        ))}
        {(isFetching || hasMore || error) && (
          <tr>
            <td colSpan={columns.columns.length + 1} className="x-in-group">
              {isFetching ? (
                <span className="x-faint">正在载入…</span>
              ) : (
                <button type="button" className="x-link" onClick={more}>
                  {error ? `${messageOf(error)}，点此重试` : '再载入 50 条'}
                </button>
              )}
            </td>
          </tr>
        )}
      </tbody>
    </TitlesProvider>
  )
}
