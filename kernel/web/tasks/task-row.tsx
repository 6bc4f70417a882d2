import type { TaskItem } from '#model'
import { Checkbox } from 'antd'
import { Link } from 'react-router'
import { ago, untilDue } from '../parts/ago.ts'
import { Tag } from '../parts/tag.tsx'
import './tasks.css'

const dots = { bad: 'var(--red)', warn: 'var(--apricot)', neutral: 'var(--line-strong)' } as const
const statuses: Readonly<Record<TaskItem['status'], readonly [string, 'info' | 'warn' | 'good' | 'bad' | 'neutral']>> = {
  running: ['审批中', 'info'],
  returned: ['已退回', 'warn'],
  approved: ['已批准', 'good'],
  refused: ['未通过', 'bad'],
  withdrawn: ['已撤回', 'neutral'],
  terminated: ['已终止', 'neutral'],
}
const kinds: Partial<Record<TaskItem['kind'], string>> = { fill: '填写', seal: '盖章', consult: '征求意见', claim: '可认领' }

interface Props {
  task: TaskItem
  isPicked?: boolean
  /** Offered where the step lets many be decided at once. */
  onPick?: ((is: boolean) => void) | null
}
/** One thing of a person's work: who wants what, where it stands, how long is left. */
export function TaskRow({ task, isPicked = false, onPick = null }: Props) {
  const due = task.due && task.state === 'open' ? untilDue(task.due) : null
  const isOver = task.kind === 'mine' || task.state !== 'open'
  const [word, tone] = statuses[task.status]
  return (
    <li className={onPick ? 'x-task-line pickable' : 'x-task-line'}>
      {onPick && <Checkbox checked={isPicked} aria-label={`选择：${task.title}`} onChange={(event) => onPick(event.target.checked)} />}
      <Link to={`/approvals/${task.instance}`} className="x-task">
        <i style={{ background: dots[due?.tone ?? 'neutral'] }} aria-hidden />
        <span className="x-task-text">
          <span>
            {task.title}
            {kinds[task.kind] && task.state === 'open' && <Tag tone="info">{kinds[task.kind]}</Tag>}
            {task.insteadOf && <Tag tone="warn">代 {task.insteadOf.name}</Tag>}
            {isOver && <Tag tone={tone}>{word}</Tag>}
          </span>
          <small>
            {task.flowLabel}
            {task.stepLabel && ` · ${task.stepLabel}`}
            {task.applicantUnit && task.kind !== 'mine' && ` · ${task.applicantUnit}`}
            {task.waitsFor.length > 0 &&
              ` · 等 ${task.waitsFor.slice(0, 3).join('、')}${task.waitsFor.length > 3 ? ` 等 ${task.waitsFor.length} 人` : ''}`}{' '}
            · {ago(task.openedAt)}
            {task.kind === 'mine' ? '提交' : '到达'}
          </small>
          {task.summary && <small className="x-task-summary">{task.summary}</small>}
        </span>
        {task.provisional && <Tag tone="warn">暂定</Tag>}
        {due && <span className={`x-due ${due.tone}`}>{due.text}</span>}
      </Link>
    </li>
  )
}
