import { Button, Radio } from 'antd'
import type { ImportDetail, ImportDoubt } from '#model'
import { Notice } from '../parts/states.tsx'
import { useActs } from './use-import.ts'
import './findings.css'

const leaveOut = ''
const mostShown = 200

/** Questions that only a person can answer: each with its candidates. One answer serves every line that asks it. */
export function Doubts({ detail }: { detail: ImportDetail }) {
  const { choose } = useActs(detail.id)
  const open = detail.doubts.filter((doubt) => doubt.chosen === undefined).length
  if (detail.doubts.length === 0) return <Notice kind="empty" title="没有存疑的行" />
  return (
    <>
      <div className="i-list-head">
        <span>
          {detail.doubts.length} 个问题{open ? `，${open} 个未选定（未选定的行不导入）` : '，都已选定'}
        </span>
        <span className="x-space" />
        {open > 1 && (
          <>
            <Button size="small" onClick={() => choose.mutate({ '*': 'first' })}>
              其余都采用第一个
            </Button>
            <Button size="small" onClick={() => choose.mutate({ '*': null })}>
              其余都不导入
            </Button>
          </>
        )}
      </div>
      <ul className="i-doubts">
        {detail.doubts.slice(0, mostShown).map((doubt) => (
          <Question key={doubt.key} doubt={doubt} pick={(chosen) => choose.mutate({ [doubt.key]: chosen })} />
        ))}
      </ul>
      {detail.doubts.length > mostShown && <p className="i-more">只显示前 {mostShown} 个，其余选定后重新检查时显示</p>}
    </>
  )
}

function Question({ doubt, pick }: { doubt: ImportDoubt; pick: (chosen: string | null) => void }) {
  const value = doubt.chosen === undefined ? undefined : (doubt.chosen ?? leaveOut)
  return (
    <li>
      <div className="i-question">
        <strong>{doubt.text}</strong>
        <span className="x-muted">
          {doubt.column} · {rowsText(doubt)}
        </span>
        <p className="x-why">{doubt.why}</p>
      </div>
      <Radio.Group
        value={value}
        onChange={(event) => pick((event.target.value as string) || null)}
        className="i-candidates"
        aria-label={`“${doubt.text}”是哪一项`}
      >
        {doubt.candidates.map((candidate) => (
          <Radio key={candidate.id} value={candidate.id}>
            {candidate.title} <small className="x-muted">{candidate.hint}</small>
          </Radio>
        ))}
        <Radio value={leaveOut}>
          <span className="x-muted">都不是，不导入</span>
        </Radio>
      </Radio.Group>
    </li>
  )
}
function rowsText({ rows, count }: ImportDoubt): string {
  const shown = rows.slice(0, 5).join('、')
  return count > 5 ? `第 ${shown} 等 ${count} 行` : `第 ${shown} 行`
}
