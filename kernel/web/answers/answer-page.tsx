import { answerHours, type AnswerDetail, type GroupPath, type SlowAsk } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { api } from '../api/client.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { BlockCard } from '../pages/block-card.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { fieldsOf } from '../reporting/made-resource.ts'
import { Result } from '../reporting/result.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { useRun } from '../reporting/use-reports.ts'
import '../pages/pages.css'
import '../reporting/reporting.css'

/** What the background brought to one question: where its message leads. */
export default function AnswerPage() {
  const { id = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: ['answers', 'one', id],
    queryFn: ({ signal }) => api.get<AnswerDetail>(`/api/answers/${id}`, {}, signal),
    staleTime: Infinity,
  })
  const isPhone = useIsPhone()
  return (
    <div className="x-page">
      <PageHead title={data?.label ?? '后台计算'} hint={!isPhone && `只有自己能看，保留 ${answerHours} 小时`} />
      {data ? (
        <Shown ask={data.ask} />
      ) : (
        <div className="x-card">{error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton rows={6} />}</div>
      )}
    </div>
  )
}
function Shown({ ask }: { ask: SlowAsk }) {
  if (ask.kind === 'report') return <ShownReport ask={ask} />
  const block = { ...ask.block, place: { x: 0, y: 0, w: 24, h: 10 } }
  return (
    <div className="x-answer-block">
      <BlockCard block={block} asks={ask.asks} refresh={null} isKept />
    </div>
  )
}
function ShownReport({ ask: { report, name } }: { ask: Extract<SlowAsk, { kind: 'report' }> }) {
  const catalog = useCatalog()
  const [sorted, setSorted] = useState(report)
  const [page, setPage] = useState(0)
  const [within, setWithin] = useState<GroupPath | null>(null)
  const run = useRun({ spec: sorted, name, isKept: true }, page, within)
  const begin = (part: () => void) => {
    part()
    setPage(0)
  }
  return (
    <Result
      spec={sorted}
      fields={fieldsOf(catalog, sorted)}
      run={run}
      page={page}
      onPage={setPage}
      within={within}
      onWithin={(keys) => begin(() => setWithin(keys))}
      onSort={(sort) => begin(() => setSorted({ ...sorted, sort }))}
    />
  )
}
