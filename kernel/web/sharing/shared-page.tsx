import type { ClientResource } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useMemo, useState } from 'react'
import { Navigate, useNavigate, useParams } from 'react-router'
import { api } from '../api/client.ts'
import { useRecords } from '../api/hooks.ts'
import { isStatus, messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { RecordCard } from '../list/record-card.tsx'
import { RecordTable } from '../list/record-table.tsx'
import { useColumns } from '../list/use-columns.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import './sharing.css'

interface Opened {
  kind: 'records' | 'form'
  resource: string
  title: string
  by: string
  records: string[]
  fields: string[]
  needsPassword: boolean
}
/** What a colleague's link leads to: the records that I may see, or a form to be filled in. */
export default function SharedPage() {
  const { token = '' } = useParams()
  const [password, setPassword] = useState<string | undefined>()
  const { data, error, isFetching } = useQuery({
    queryKey: ['shared', token, password],
    queryFn: () => api.post<Opened>(`/api/shared/${token}`, password === undefined ? {} : { password }),
    retry: false,
    // Each asking is an opening that counts.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  const resource = useCatalog().resource(data?.resource ?? '')
  const isWrong = isStatus(error, 401) || isStatus(error, 423)
  if (data?.needsPassword || isWrong)
    return <AskPassword problem={isWrong ? messageOf(error) : null} isBusy={isFetching} onGiven={setPassword} />
  if (error) return <Failed error={error} />
  if (!data) return <Skeleton rows={4} />
  if (!resource) return <Notice kind="noRight" title="没有权限查看" text={`${data.by}分享的这类记录没有对您开放，请联系分享的人。`} />
  if (data.kind === 'form') return <Navigate to={`/r/${resource.name}/new`} replace />
  return <SharedRecords resource={resource} share={data} />
}

function AskPassword({ problem, isBusy, onGiven }: { problem: string | null; isBusy: boolean; onGiven: (password: string) => void }) {
  const [typed, setTyped] = useState('')
  return (
    <form
      className="x-card x-shared-open"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed) onGiven(typed)
      }}
    >
      <h2>打开分享需要密码</h2>
      <Input.Password
        value={typed}
        aria-label="访问密码"
        autoComplete="off"
        status={problem ? 'error' : ''}
        onChange={(event) => setTyped(event.target.value)}
      />
      {problem && (
        <p className="x-problem" role="alert">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        打开
      </Button>
    </form>
  )
}

function SharedRecords({ resource, share }: { resource: ClientResource; share: Opened }) {
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const columns = useColumns(resource, share.fields)
  const filter = useMemo(() => ({ field: 'id', op: 'in' as const, value: share.records }), [share.records])
  const paths = columns.columns.map((column) => column.path)
  const pages = useRecords(resource.name, { filter, columns: paths, limit: 200 }, resource.may.read)
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const titles = pages.data?.pages[0]?.titles
  const lacking = share.records.length - rows.length
  if (!resource.may.read) return <Notice kind="noRight" title="没有权限查看" text={`${share.by}分享的这类记录没有对您开放，请联系分享的人。`} />
  return (
    <TitlesProvider titles={titles}>
      <div className="x-page">
        <PageHead title={share.title} hint={`${share.by} 分享的${resource.label}`} />
        {pages.error ? (
          <Failed error={pages.error} retry={() => void pages.refetch()} />
        ) : !pages.data ? (
          <Skeleton rows={4} />
        ) : rows.length === 0 ? (
          <Notice kind="empty" title="没有可以显示的记录" text="分享的记录已删除，或没有查看权限。" />
        ) : isPhone ? (
          <ul className="x-record-cards">
            {rows.map((row) => (
              <RecordCard key={row.id} resource={resource} row={row} columns={columns.columns} />
            ))}
          </ul>
        ) : (
          <div className="x-card x-related">
            <RecordTable resource={resource} columns={columns} rows={rows} onOpen={(id) => void navigate(`/r/${resource.name}/${id}`)} />
          </div>
        )}
        {pages.data && rows.length > 0 && lacking > 0 && <p className="x-faint">另有 {lacking} 条已删除，或没有查看权限。</p>}
      </div>
    </TitlesProvider>
  )
} // prettier-ignore
