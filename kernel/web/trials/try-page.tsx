import { useMe } from '../api/hooks.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TrialCard } from './trial-card.tsx'
import { useTrial } from './use-trial.ts'

/** 试用: what one was asked to try, and the way in. */
export default function TryPage() {
  const { data: trial, error, refetch } = useTrial()
  const mayEnd = useMe().rights.includes('designs.administer')
  return (
    <div className="x-page">
      <PageHead title="试用" />
      {error ? <Failed error={error} retry={() => void refetch()} /> : trial === undefined ? <Skeleton rows={4} /> : trial ? (
        <TrialCard trial={trial} mayEnd={mayEnd} />
      ) : (
        <Notice kind="empty" title="现在没有请您试用的内容" text="有新表单要请您试用时，会在消息里告诉您；试用结束后，其中的内容已经清空。" />
      )}
    </div>
  )
} // prettier-ignore
