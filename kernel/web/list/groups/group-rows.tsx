import type { ClientResource, Filter } from '#model'
import { useRecords } from '../../api/hooks.ts'
import { messageOf } from '../../api/problem.ts'
import { CellOf, TitlesProvider, viewOf } from '../../fields/index.ts'
import type { ListAddress } from '../list-address.ts'
import type { Columns } from '../use-columns.ts'
import { mergedTitles } from '../use-list.ts'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: Columns
  filter: Filter
  current: string | null
  onOpen: (id: string) => void
}
/** The records of one group, page by page. */
export function GroupRows({ resource, address: { state }, columns, filter, current, onOpen }: Props) {
  const paths = columns.columns.map(({ path }) => path)
  const pages = useRecords(resource.name, {
    filter,
    search: state.search || undefined,
    deleted: state.deleted,
    sort: state.sort,
    columns: paths.includes(resource.title) ? paths : [...paths, resource.title],
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const wide = columns.columns.length + 1
  return (
    <TitlesProvider titles={mergedTitles(pages.data?.pages.map((page) => page.titles) ?? [])}>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            role="row"
            className={row.id === current ? 'current' : ''}
            onClick={(event) => !(event.target as HTMLElement).closest('a, button') && onOpen(row.id)}
          >
            {columns.columns.map((column, place) => (
              <td
                key={column.path}
                role="gridcell"
                className={`${place === 0 ? 'first x-in-group' : ''} ${viewOf(column.field).align ?? ''}`}
              >
                <CellOf field={column.field} value={row[column.path] ?? null} />
              </td>
            ))}
            <td />
          </tr>
        ))}
        {(pages.isFetching || pages.hasNextPage || pages.error) && (
          <tr>
            <td colSpan={wide} className="x-in-group">
              {pages.isFetching ? (
                <span className="x-faint">正在载入…</span>
              ) : (
                <button
                  type="button"
                  className="x-link"
                  onClick={() => void (pages.error && rows.length === 0 ? pages.refetch() : pages.fetchNextPage())}
                >
                  {pages.error ? `${messageOf(pages.error)}，点此重试` : '再载入 50 条'}
                </button>
              )}
            </td>
          </tr>
        )}
      </tbody>
    </TitlesProvider>
  )
}
