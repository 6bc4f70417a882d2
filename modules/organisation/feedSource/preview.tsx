import { Alert, Tag } from 'antd'
import { Link } from 'react-router'
import { abouts, type FeedAnswer, type FeedTrial } from '../feed/feed.rules.ts'

const figures = [['total', '共'], ['added', '新增'], ['changed', '更新'], ['same', '没有变动'], ['doubtful', '待认领'], ['missing', '来源里没有'], ['refused', '不能读入']] as const // prettier-ignore
const outcomeTags = { refused: ['red', '不能读入'], doubtful: ['orange', '待认领'], missing: ['orange', '来源里没有'], added: ['green', '新增'], changed: ['blue', '更新'] } as const // prettier-ignore

/** What would come of it, before anything happens. */
export function Preview({ trial }: { trial: FeedTrial }) {
  const told = trial.total - trial.same
  return (
    <>
      <dl className="ff-counts">
        {figures.map(([key, label]) => (
          <div key={key} className="x-card">
            <dt className="x-faint">{label}</dt>
            <dd>{trial[key]}</dd>
          </div>
        ))}
      </dl>
      {trial.stopped && <Alert type="warning" showIcon title={trial.stopped} description="提交后不会直接执行，由医务处在“对接批次”里确认。" />}
      {trial.lines.length > 0 && (
        <ul className="ff-lines" aria-label="会怎样">
          {trial.lines.map(({ outcome, number, name, message }, i) => (
            <li key={i}>
              <Tag color={outcomeTags[outcome][0]}>{outcomeTags[outcome][1]}</Tag>
              <span>
                {name} <span className="x-faint">{number}</span>
              </span>
              <span className="x-muted">{message}</span>
            </li>
          ))}
        </ul>
      )}
      {told > trial.lines.length && trial.lines.length > 0 && <p className="x-faint">只列出前 {trial.lines.length} 条，执行后可在批次里查看全部。</p>}
    </>
  )
} // prettier-ignore

const words = { people: '人', units: '个', absences: '条' } as const
/** What came of it, with the way to its lines. */
export function Done({ answer }: { answer: FeedAnswer }) {
  const word = words[answer.about]
  const said = answer.status === 'stopped' ? '变动过多，还没有执行，等待医务处确认' : `已执行：新增 ${answer.added} ${word}，更新 ${answer.changed} ${word}`
  const waiting = answer.doubtful + answer.missing + answer.refused
  return (
    <div className="x-card ff-done" role="status">
      <b>{abouts[answer.about]}{said}</b>
      {waiting > 0 && <span className="x-muted">另有 {waiting} 条待处理</span>}
      <Link to={`/r/organisation.feedRun/${answer.run}`}>打开批次 {answer.number}</Link>
    </div>
  )
} // prettier-ignore
