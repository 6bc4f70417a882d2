import { formatInstant, importStates, type ImportBatch } from '#model'
import { statuses } from '../approvals/verdicts.ts'
import { Notice } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import { useBatches } from './use-import.ts'

const tones: Record<ImportBatch['state'], Tone> = {
  uploaded: 'neutral',
  judging: 'info',
  judged: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
}

/** What was imported before, newest first; each leads to its result, where it can be taken back. */
export function History({ resource, onOpen }: { resource: string; onOpen: (id: string) => void }) {
  const { data: batches } = useBatches(resource)
  if (!batches) return null
  return (
    <section className="x-card">
      <header>
        <h2>导入记录</h2>
      </header>
      {batches.length === 0 ? (
        <Notice kind="empty" title="还没有导入过" />
      ) : (
        <ul className="i-history">
          {batches.map((batch) => (
            <li key={batch.id}>
              <button type="button" onClick={() => onOpen(batch.id)}>
                <span className="i-history-name">
                  第 {batch.number} 批 · {batch.fileName}
                </span>
                <span className="i-history-state">
                  {batch.undoneBy ? (
                    <Tag tone="warn">已撤销</Tag>
                  ) : batch.approval ? (
                    <Tag tone={statuses[batch.approval.status][1]}>{statuses[batch.approval.status][0]}</Tag>
                  ) : (
                    <Tag tone={tones[batch.state]}>{importStates[batch.state]}</Tag>
                  )}
                </span>
                <span className="x-muted i-history-more">
                  {summary(batch)}
                  <span>
                    {batch.byName} · {formatInstant(batch.createdAt)}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
/** In one line what a batch did. */
export function summary({ kind, counts, state }: ImportBatch): string {
  if (state !== 'done') return ''
  if (kind === 'undo') return `撤回 ${counts.created} 条，改回 ${counts.changed} 条${counts.kept ? `，保留 ${counts.kept} 条` : ''}`
  const left = counts.refused + counts.doubtful
  return `新增 ${counts.created}，修改 ${counts.changed}，未变 ${counts.unchanged}${left ? `，未导入 ${left}` : ''}`
}
