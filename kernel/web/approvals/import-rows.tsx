import type { ApprovalAnswer, ClientResource, ImportRowsAnswer } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Pagination, Segmented } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { CellOf } from '../fields/index.ts'
import { TitlesProvider } from '../fields/titles.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ChangesOfMany } from './batch-changes.tsx'

type Kind = 'created' | 'changed'
type Import = NonNullable<ApprovalAnswer['import']>
const labels: Readonly<Record<Kind, string>> = { created: '新增', changed: '修改' }
const most = 8

/** An import that is decided on as a whole: its new rows and its changes, page by page in the order of the file. */
export function ImportRows({ approval, resource }: { approval: ApprovalAnswer; resource: ClientResource | undefined }) {
  const what = approval.import!
  const kinds = (['created', 'changed'] as const).filter((kind) => what[kind] > 0)
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'created')
  return (
    <section className="x-card x-changes x-import">
      <header className="x-import-head">
        <h2>批量导入 · {(what.created + what.changed).toLocaleString()} 条</h2>
        <span className="x-muted">
          第 {what.number} 批 · {what.fileName}
        </span>
      </header>
      {approval.reason && <p>理由：{approval.reason}</p>}
      {kinds.length > 1 && (
        <Segmented<Kind>
          value={kind}
          onChange={setKind}
          options={kinds.map((one) => ({ value: one, label: `${labels[one]} ${what[one].toLocaleString()}` }))}
        />
      )}
      <Rows key={kind} approval={approval} resource={resource} kind={kind} total={what[kind as keyof Import] as number} />
      <p className="x-faint">整批一起决定：批准后全部生效，拒绝则全部不生效。</p>
    </section>
  )
}

interface RowsProps {
  approval: ApprovalAnswer
  resource: ClientResource | undefined
  kind: Kind
  total: number
}
function Rows({ approval, resource, kind, total }: RowsProps) {
  const isPhone = useIsPhone()
  const [page, setPage] = useState(1)
  const limit = isPhone ? 10 : 20
  const { data, error, refetch } = useQuery({
    queryKey: ['approval', approval.instance, 'rows', kind, page, limit],
    queryFn: ({ signal }) =>
      api.get<ImportRowsAnswer>(
        `/api/approvals/${approval.instance}/rows`,
        { kind, from: String((page - 1) * limit), limit: String(limit) },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  return (
    <TitlesProvider titles={data.titles}>
      {kind === 'changed' ? (
        <ChangesOfMany of={approval.resource} rows={data.changed} resource={resource} />
      ) : (
        <NewRows rows={data.created} resource={resource} first={(page - 1) * limit + 1} />
      )}
      {total > limit && (
        <Pagination
          size={isPhone ? 'small' : 'medium'}
          simple={isPhone}
          current={page}
          pageSize={limit}
          total={total}
          showSizeChanger={false}
          showQuickJumper={!isPhone}
          onChange={setPage}
        />
      )}
    </TitlesProvider>
  )
}

function NewRows({ rows, resource, first }: { rows: ImportRowsAnswer['created']; resource: ClientResource | undefined; first: number }) {
  const fields = resource?.fields ?? {}
  const listed = [resource?.title ?? '', ...(resource?.list?.columns ?? []), ...Object.keys(fields)]
  const known = [...new Set(listed)].filter((key) => fields[key] && fields[key].kind !== 'rows' && rows.some((row) => !isEmpty(row[key])))
  const columns = known.slice(0, most)
  return (
    <div className="x-import-scroll">
      <table className="x-import-rows">
        <thead>
          <tr>
            <th className="number">#</th>
            {columns.map((key) => (
              <th key={key}>{fields[key]!.label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.id}>
              <td className="number">{first + at}</td>
              {columns.map((key) => (
                <td key={key} data-label={fields[key]!.label}>
                  {isEmpty(row[key]) ? <span className="x-faint">（空）</span> : <CellOf field={fields[key]!} value={row[key]} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''
