import { Alert, Steps } from 'antd'
import { useParams, useSearchParams } from 'react-router'
import type { ImportDetail } from '#model'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ColumnsStep } from './columns-step.tsx'
import { FileStep } from './file-step.tsx'
import { PreviewStep } from './preview-step.tsx'
import { ResultStep } from './result-step.tsx'
import { useBatch, useProfiles } from './use-import.ts'
import { Working } from './working.tsx'
import './exchange.css'

const steps = ['选择文件', '核对列', '检查结果', '完成']

/** Import as a walk: file, columns, what it would do, what it did. The address holds the batch, so one may leave and come back. */
export default function ImportPage() {
  const { name = '' } = useParams()
  const [query, setQuery] = useSearchParams()
  const batch = query.get('batch')
  const wantsColumns = query.get('step') === 'columns'
  const isPhone = useIsPhone()
  const profiles = useProfiles(name)
  const { data: detail, error, refetch } = useBatch(batch)
  const show = (id: string | null, step?: 'columns') => setQuery(id === null ? {} : { batch: id, ...(step ? { step } : {}) })
  const only = profiles.data?.profiles.length === 1 ? profiles.data.profiles[0] : undefined
  const title = only?.label ?? (profiles.data ? `导入${profiles.data.resourceLabel}` : '导入')
  const at = batch === null ? 0 : detail ? stepOf(detail, wantsColumns) : 1
  const failed = profiles.error ?? error
  return (
    <div className="x-page i-page">
      <PageHead title={title} hint={detail ? <span className="i-file">{detail.fileName}</span> : undefined} />
      <Steps
        size="small"
        current={at}
        responsive={false}
        items={steps.map((label) => ({ title: isPhone ? undefined : label }))}
        className="i-steps"
      />
      {isPhone && <p className="i-step-name">{steps[at]}</p>}
      {failed ? (
        <Failed error={failed} retry={() => void refetch()} />
      ) : !profiles.data || (batch !== null && !detail) ? (
        <Skeleton />
      ) : batch === null ? (
        <FileStep
          resource={profiles.data.resource}
          profiles={profiles.data.profiles}
          preferred={name}
          onBegun={(id) => show(id)}
          onOpen={(id) => show(id)}
        />
      ) : (
        <Batch key={batch} detail={detail!} wantsColumns={wantsColumns} show={show} />
      )}
    </div>
  )
}

function stepOf({ state, kind }: ImportDetail, wantsColumns: boolean): number {
  if (state === 'done' || kind !== 'import') return 3
  if (state === 'running') return 3
  return state === 'judging' || (state === 'judged' && !wantsColumns) ? 2 : 1
}

interface BatchProps {
  detail: ImportDetail
  wantsColumns: boolean
  show: (id: string | null, step?: 'columns') => void
}
function Batch({ detail, wantsColumns, show }: BatchProps) {
  if (detail.state === 'judging' || detail.state === 'running') return <Working detail={detail} />
  if (detail.state === 'done') return <ResultStep detail={detail} onOpen={(id) => show(id)} onAgain={() => show(null)} />
  if (detail.kind !== 'import') return <Alert type="error" showIcon message={detail.note ?? '没有完成'} />
  if (detail.state === 'judged' && !wantsColumns) return <PreviewStep detail={detail} onBack={() => show(detail.id, 'columns')} />
  return <ColumnsStep detail={detail} onNext={() => show(detail.id)} onAgain={() => show(null)} />
}
