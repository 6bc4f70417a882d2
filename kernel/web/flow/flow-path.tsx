import { CheckOutlined, CloseOutlined, EllipsisOutlined, MinusOutlined, UndoOutlined } from '@ant-design/icons'
import { formatInstant } from '#model'
import { here } from '../api/place.ts'
import { ago, howLong } from '../parts/ago.ts'
import { Tag } from '../parts/tag.tsx'
import './flow.css'

/** One stop of an approval as it is drawn. */
export interface PathPersonView {
  id: string
  name: string
  state: 'waiting' | 'inTurn' | 'approved' | 'refused' | 'returned' | 'abstained' | 'released' | 'expected' | 'submitted'
  at?: string | undefined
  opinion?: string | undefined
  /** In place of the plain word: 3 项通过 · 1 项退回. */
  result?: string | undefined
  /** File id of a handwritten signature. */
  signature?: string | undefined
}
export interface PathStep {
  id: string
  label: string
  people: readonly PathPersonView[]
  state: 'done' | 'current' | 'future' | 'skipped' | 'refused' | 'returned'
  at?: string | undefined
  waitingSince?: string | undefined
  due?: string | undefined
  /** The due moment reaches into a year whose holidays are not known yet. */
  isProvisional?: boolean | undefined
  /** Which rule sets its limit, in words. */
  rule?: string | undefined
  /** 任一人通过 / 全部通过 / 表决 … */
  note?: string | undefined
}

const marks = {
  done: CheckOutlined,
  current: EllipsisOutlined,
  future: null,
  skipped: MinusOutlined,
  refused: CloseOutlined,
  returned: UndoOutlined,
} as const
const words: Record<PathStep['state'], string> = {
  done: '已完成',
  current: '进行中',
  future: '未到',
  skipped: '已跳过',
  refused: '未通过',
  returned: '已退回',
}
const personWords: Record<PathPersonView['state'], string> = {
  waiting: '待处理', inTurn: '排在其后', approved: '同意', refused: '不同意', returned: '退回', abstained: '弃权或回避', released: '无需处理', expected: '', submitted: '提交',
} // prettier-ignore

/** The way of a request: who, when, how long, whom it waits for now. */
export function FlowPath({ steps }: { steps: readonly PathStep[] }) {
  return (
    <ol className="x-path" aria-label="审批经过">
      {steps.map((step) => {
        const Mark = marks[step.state]
        return (
          <li key={step.id} className={step.state} aria-current={step.state === 'current' ? 'step' : undefined}>
            <span className="x-path-mark" role="img" aria-label={words[step.state]}>
              {Mark && <Mark aria-hidden />}
            </span>
            <div>
              <p>
                <b>{step.label}</b>
                {step.note && <small>{step.note}</small>}
                {step.at && step.state !== 'current' && <time dateTime={step.at}>{ago(step.at)}</time>}
              </p>
              {step.state === 'current' && step.waitingSince && <p className="x-path-wait">已等 {howLong(step.waitingSince)}</p>}
              {step.state === 'current' && step.due && (
                <p className="x-path-wait">
                  限 {formatInstant(step.due).slice(5)} 前{step.isProvisional && ' '}
                  {step.isProvisional && <Tag tone="warn">暂定</Tag>}
                </p>
              )}
              {step.rule && (step.state === 'current' || step.state === 'done') && <p className="x-path-rule">时限依据：{step.rule}</p>}
              {step.people.map((person) => (
                <PersonLine key={person.id} person={person} />
              ))}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function PersonLine({ person }: { person: PathPersonView }) {
  const word = person.result ?? personWords[person.state]
  return (
    <div className={`x-path-person ${person.state}`}>
      {person.name}
      {word && <small>{word}</small>}
      {person.at && <small>{ago(person.at)}</small>}
      {person.opinion && <q>{person.opinion}</q>}
      {person.signature && <img src={here(`/api/files/${person.signature}`)} alt={`${person.name}的签名`} />}
    </div>
  )
}
