import { is, type ClientResource } from '#model'
import { Button } from 'antd'
import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { useMe, useRecords } from '../api/hooks.ts'
import { targetOf, type Catalog } from '../definitions/catalog.ts'
import { TitlesProvider } from '../fields/index.ts'
import { RecordCard } from '../list/record-card.tsx'
import { RecordTable } from '../list/record-table.tsx'
import { rowHeights } from '../list/table-head.tsx'
import { useColumns } from '../list/use-columns.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'

/** Pixels: a list within a page, and the head of its table with its frame and a bar to scroll by. */
const mostHigh = 420
const headHeight = 36 + 14

export interface Relation {
  resource: ClientResource
  /** The field there that names the record here. */
  field: string
}
/** What belongs to a record: whatever names it as owner. So the staff file gathers honours and grants without knowing them. `isMine`: the record is the reader himself; what of others he never sees is not told as empty. */
export function relationsOf(catalog: Catalog, resource: ClientResource, isMine: boolean): Relation[] {
  const isSame = (target: string | undefined) =>
    target === resource.name || (target === 'directory.person' && resource.owner.person === 'id')
  return catalog.all.flatMap((other) => {
    const { person } = other.owner
    const field = person && person !== 'id' ? other.fields[person] : undefined
    return person && field && other.may.read && (isMine || !other.ownOnly?.includes('read')) && isSame(targetOf(field))
      ? [{ resource: other, field: person }]
      : []
  })
}

/** The rows of a relation, as far as they are loaded. */
function useRelated({ resource, field }: Relation, id: string) {
  const only = useMemo(() => resource.list.columns.filter((path) => path !== field && !path.startsWith(`${field}.`)), [resource, field])
  const columns = useColumns(resource, only.length ? only : undefined)
  const filter = useMemo(() => is(field, id), [field, id])
  const pages = useRecords(resource.name, { filter, sort: resource.list.sort, columns: columns.columns.map((column) => column.path) })
  const titles = useMemo(
    () => Object.assign({}, ...(pages.data?.pages.map((page) => page.titles) ?? [])) as Record<string, Record<string, string>>,
    [pages.data],
  )
  const { person, rights } = useMe()
  const isOthers = field === resource.owner.person && id !== person?.id
  // What is somebody else's an office enters past the approval; who may fill in for him leaves it to him to sign.
  const isDirect = isOthers && resource.may.writeDirectly && resource.approval !== undefined
  const reaches = !isOthers || !resource.ownOnly?.includes('create') || (resource.approval !== undefined && rights.includes('flows.fillIn'))
  const mayCreate = ((resource.may.create && reaches) || isDirect) && resource.writtenBy !== 'module'
  const create = mayCreate ? `/r/${resource.name}/new?${field}=${id}${isDirect ? '&directly=1' : ''}` : undefined
  return { resource, columns, pages, rows: pages.data?.pages.flatMap((page) => page.rows) ?? [], titles, create }
}
type Related = ReturnType<typeof useRelated>

/** A list within a page: all rows of a resource that name one record. Usable in module pages. */
export function RelatedList({ relation, id }: { relation: Relation; id: string }) {
  const related = useRelated(relation, id)
  const navigate = useNavigate()
  const { resource, pages, rows, create } = related
  if (pages.error) return <Failed error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data) return <Skeleton rows={4} />
  if (!rows.length)
    return (
      <div className="x-card">
        <Notice
          kind="empty"
          title={`还没有${resource.label}`}
          act={create ? { label: `新建${resource.label}`, run: () => void navigate(create) } : undefined}
        />
      </div>
    )
  return (
    <>
      {create && (
        <div className="x-row">
          <span className="x-space" />
          <Link to={create}>新建{resource.label}</Link>
        </div>
      )}
      <Rows related={related} />
    </>
  )
}

/** The same as a part of a chapter: under a heading, no higher than its rows, one line where there are none. */
export function RelatedSection({ relation, id }: { relation: Relation; id: string }) {
  const related = useRelated(relation, id)
  const { resource, pages, rows, create } = related
  return (
    <section className="x-section" aria-label={resource.label}>
      <header>
        <h2>{resource.label}</h2>
        {pages.data && (
          <span className="x-section-count">{rows.length ? `${rows.length}${pages.hasNextPage ? '+' : ''} 条` : '还没有'}</span>
        )}
        <span className="x-space" />
        {create && (
          <Link to={create} aria-label={`新建${resource.label}`}>
            新建
          </Link>
        )}
      </header>
      {pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : !pages.data ? (
        <Skeleton rows={2} />
      ) : (
        rows.length > 0 && <Rows related={related} isFitted />
      )}
    </section>
  )
}

/** A table on the desk, cards on the phone; `isFitted`: as high as its rows, as far as these stay few. */
function Rows({ related, isFitted = false }: { related: Related; isFitted?: boolean }) {
  const { resource, columns, rows, titles, pages } = related
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const height = isFitted ? Math.min(mostHigh, headHeight + rows.length * rowHeights[columns.density]) : mostHigh
  const more = () => pages.hasNextPage && !pages.isFetchingNextPage && void pages.fetchNextPage()
  return (
    <TitlesProvider titles={titles}>
      {isPhone ? (
        <>
          <ul className="x-record-cards">
            {rows.map((row) => (
              <RecordCard key={row.id} resource={resource} row={row} columns={columns.columns} />
            ))}
          </ul>
          {pages.hasNextPage && (
            <Button block loading={pages.isFetchingNextPage} onClick={more}>
              更多
            </Button>
          )}
        </>
      ) : (
        <div className="x-card x-related" style={{ height }}>
          <RecordTable
            resource={resource}
            columns={columns}
            rows={rows}
            onOpen={(row) => void navigate(`/r/${resource.name}/${row}`)}
            onEnd={more}
          />
        </div>
      )}
    </TitlesProvider>
  )
}
