import { Alert, Button } from 'antd'
import { useState } from 'react'
import type { ImportDetail } from '#model'
import { Doubts } from './doubts.tsx'
import { ErrorsButton, ProblemList, RepairList, SampleList } from './lists.tsx'
import { useActs } from './use-import.ts'
import './findings.css'

type Tab = 'created' | 'changed' | 'unchanged' | 'refused' | 'doubtful' | 'repaired' | 'warned' | 'absent'
const tabs: readonly { key: Tab; label: string; tone?: string }[] = [
  { key: 'created', label: '新增' },
  { key: 'changed', label: '修改' },
  { key: 'unchanged', label: '未变' },
  { key: 'doubtful', label: '存疑', tone: 'warn' },
  { key: 'refused', label: '不能导入', tone: 'bad' },
  { key: 'repaired', label: '已修复', tone: 'info' },
  { key: 'warned', label: '提醒', tone: 'warn' },
  { key: 'absent', label: '文件中没有' },
]

/** What the import would do, line by line; the doubtful ones are picked here. */
export function PreviewStep({ detail, onBack }: { detail: ImportDetail; onBack: () => void }) {
  const { run, preview } = useActs(detail.id)
  const { counts } = detail
  const offered = tabs.filter(({ key }) => counts[key] > 0 || key === 'created' || (key === 'doubtful' && detail.doubts.length > 0))
  const first: Tab = detail.doubts.length
    ? 'doubtful'
    : counts.refused
      ? 'refused'
      : counts.created
        ? 'created'
        : counts.changed
          ? 'changed'
          : 'created'
  const [tab, setTab] = useState<Tab>(first)
  const at = offered.some(({ key }) => key === tab) ? tab : 'created'
  const answered = detail.doubts.filter((doubt) => doubt.chosen !== undefined).length
  const writes = counts.created + counts.changed
  const left = counts.refused + counts.doubtful
  const verb = detail.needsBasis && detail.forApproval ? '送审' : '导入'
  return (
    <>
      <div className="i-tabs" role="tablist">
        {offered.map(({ key, label, tone }) => (
          <button
            key={key}
            type="button"
            role="tab"
            aria-selected={at === key}
            className={`i-tab ${tone ?? ''}`}
            onClick={() => setTab(key)}
          >
            <b>{counts[key].toLocaleString()}</b>
            {label}
          </button>
        ))}
      </div>
      <section className="x-card i-list" role="tabpanel">
        {at === 'doubtful' ? (
          <Doubts detail={detail} />
        ) : at === 'refused' ? (
          <ProblemList problems={detail.problems} total={counts.refused} acts={<ErrorsButton detail={detail} />} />
        ) : at === 'warned' ? (
          <ProblemList problems={detail.warnings} total={counts.warned} />
        ) : at === 'repaired' ? (
          <RepairList repairs={detail.repairs} total={counts.repaired} />
        ) : (
          <SampleList
            samples={detail.samples[at]}
            total={counts[at]}
            note={at === 'absent' ? '这些记录在系统中有、文件中没有。导入不会删除它们。' : undefined}
          />
        )}
      </section>
      {answered > 0 && counts.doubtful > 0 && (
        <Alert
          type="info"
          showIcon
          message={`已选定 ${answered} 项。重新检查后，可看到它们会怎样导入；直接导入也会按您的选择。`}
          action={
            <Button size="small" loading={preview.isPending} onClick={() => preview.mutate()}>
              重新检查
            </Button>
          }
        />
      )}
      <footer className="i-acts">
        <Button onClick={onBack}>上一步：核对列</Button>
        <span className="x-space" />
        <span className="x-muted i-acts-note">{left > 0 ? `${left} 条不导入，可下载改好后再导入` : ''}</span>
        <Button type="primary" disabled={writes === 0 && answered === 0} loading={run.isPending} onClick={() => run.mutate()}>
          {answered > 0 && counts.doubtful > 0 ? `按选择${verb}` : writes === 0 ? '没有要写入的' : `${verb} ${writes.toLocaleString()} 条`}
        </Button>
      </footer>
    </>
  )
}
