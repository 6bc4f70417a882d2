import { is, type ClientResource } from '#model'
import { useMemo } from 'react'
import { Link, useNavigate } from 'react-router'
import { useRecords } from '../api/hooks.ts'
import { targetOf, type Catalog } from '../definitions/catalog.ts'
import { TitlesProvider } from '../fields/index.ts'
import { RecordCard } from '../list/record-card.tsx'
import { RecordTable } from '../list/record-table.tsx'
import { useColumns } from '../list/use-columns.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'

export interface Relation {
  resource: ClientResource
  /** The field there that names the record here. */
  field: string
}
/** What belongs to a record: whatever names it as owner. So the staff file gathers honours and grants without knowing them. */
export function relationsOf(catalog: Catalog, resource: ClientResource): Relation[] {
  const isSame = (target: string | undefined) =>
    target === resource.name || (target === 'directory.person' && resource.owner.person === 'id')
  return catalog.all.flatMap((other) => {
    const { person } = other.owner
    const field = person && person !== 'id' ? other.fields[person] : undefined
    return person && field && other.may.read && isSame(targetOf(field)) ? [{ resource: other, field: person }] : []
  })
}

/** A list within a page: all rows of a resource that name one record. Usable in module pages. */
export function RelatedList({ relation, id }: { relation: Relation; id: string }) {
  const { resource, field } = relation
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const only = useMemo(() => resource.list.columns.filter((path) => path !== field && !path.startsWith(`${field}.`)), [resource, field])
  const columns = useColumns(resource, only.length ? only : undefined)
  const filter = useMemo(() => is(field, id), [field, id])
  const pages = useRecords(resource.name, { filter, sort: resource.list.sort, columns: columns.columns.map((column) => column.path) })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const titles = useMemo(
    () => Object.assign({}, ...(pages.data?.pages.map((page) => page.titles) ?? [])) as Record<string, Record<string, string>>,
    [pages.data],
  )
  const mayCreate = resource.may.create && resource.writtenBy !== 'module'
  const create = `/r/${resource.name}/new?${field}=${id}`
  if (pages.error) return <Failed error={pages.error} retry={() => void pages.refetch()} />
  if (!pages.data) return <Skeleton rows={4} />
  if (!rows.length)
    return (
      <div className="x-card">
        <Notice
          kind="empty"
          title={`还没有${resource.label}`}
          act={mayCreate ? { label: `新建${resource.label}`, run: () => void navigate(create) } : undefined}
        />
      </div>
    )
  return (
    <TitlesProvider titles={titles}>
      {mayCreate && (
        <div className="x-row">
          <span className="x-space" />
          <Link to={create}>新建{resource.label}</Link>
        </div>
      )}
      {isPhone ? (
        <ul className="x-record-cards">
          {rows.map((row) => (
            <RecordCard key={row.id} resource={resource} row={row} columns={columns.columns} />
          ))}
        </ul>
      ) : (
        <div className="x-card x-related">
          <RecordTable
            resource={resource}
            columns={columns}
            rows={rows}
            onOpen={(row) => void navigate(`/r/${resource.name}/${row}`)}
            onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && void pages.fetchNextPage()}
          />
        </div>
      )}
    </TitlesProvider>
  )
}
