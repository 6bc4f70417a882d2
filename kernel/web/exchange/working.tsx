import { Button, Progress } from 'antd'
import type { ImportDetail } from '#model'
import { useActs } from './use-import.ts'

/** Long work: how far it is, and a way to stop it. Leaving does not stop it. */
export function Working({ detail }: { detail: ImportDetail }) {
  const { cancel } = useActs(detail.id)
  const { progress, state, kind } = detail
  const share = progress?.total ? Math.floor((progress.done / progress.total) * 100) : 0
  const label = kind === 'undo' ? '正在撤销' : state === 'running' ? '正在导入' : '正在检查'
  return (
    <section className="x-card i-working" aria-live="polite">
      <h2>{label}</h2>
      <Progress percent={share} status="active" />
      <p className="x-muted">
        {state === 'running' ? '全部完成才会写入；中途取消，什么都不会留下。' : '只检查，不写入。'}可以离开本页，稍后回来看。
      </p>
      <Button onClick={() => cancel.mutate()} loading={cancel.isPending}>
        取消
      </Button>
    </section>
  )
}
