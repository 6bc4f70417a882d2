import type { ListBlock, PageAsk } from '#model'
import { Link } from 'react-router'
import { LateBar, LateOrFailed } from '../answers/late-parts.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { CellOf, TitlesProvider } from '../fields/index.ts'
import { Skeleton } from '../parts/states.tsx'
import { useBlock } from './use-pages.ts'

interface Props {
  block: ListBlock
  asks: readonly PageAsk[]
  refresh: number | null
  isKept?: boolean
}
/** The first records of a list, each the way to itself; the head leads to all. */
export function ListCard({ block, asks, refresh, isKept = false }: Props) {
  const catalog = useCatalog()
  const resource = catalog.resource(block.resource)
  const { data, error, refetch, late } = useBlock(block, asks, { refresh, isKept })
  const answer = data?.kind === 'list' ? data : null
  const paths = block.columns.length ? block.columns : (resource?.list.columns ?? [])
  const columns = resource ? paths.flatMap((path) => catalog.find(resource, path) ?? []) : []
  const search = answer?.filter ? `?${new URLSearchParams({ filter: JSON.stringify(answer.filter) }).toString()}` : ''
  return (
    <section className="x-card x-block" aria-label={block.title}>
      <header>
        <h2>{block.title}</h2>
        <span className="x-space" />
        {resource && <Link to={`/r/${resource.name}${search}`}>{answer?.more ? '全部' : '打开列表'}</Link>}
      </header>
      <div className="x-block-body x-block-list">
        <LateBar late={late} />
        {!data && (error || late.isAsked) ? (
          <LateOrFailed late={late} error={error} retry={() => void refetch()} />
        ) : !answer || !resource ? (
          <Skeleton rows={4} />
        ) : answer.rows.length === 0 ? (
          <p className="x-block-none">没有符合条件的记录</p>
        ) : (
          <TitlesProvider titles={answer.titles}>
            <table>
              <thead>
                <tr>
                  {columns.map(({ path, short }) => (
                    <th key={path} scope="col">
                      {short}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {answer.rows.map((row) => (
                  <tr key={row.id}>
                    {columns.map(({ path, field }, at) => (
                      <td key={path}>
                        {at === 0 ? (
                          <Link to={`/r/${resource.name}/${row.id}`}>
                            <CellOf field={field} value={row[path] ?? null} />
                          </Link>
                        ) : (
                          <CellOf field={field} value={row[path] ?? null} />
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TitlesProvider>
        )}
      </div>
    </section>
  )
}
