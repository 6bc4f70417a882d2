import type { TaskItem } from '#model'
import { Link } from 'react-router'
import { ago, untilDue } from '../parts/ago.ts'
import './tasks.css'

const dots = { bad: 'var(--red)', warn: 'var(--apricot)', neutral: 'var(--line-strong)' } as const

/** One thing that waits for me: who wants what, where it stands, how long is left. */
export function TaskRow({ task }: { task: TaskItem }) {
  const due = task.due && task.state === 'open' ? untilDue(task.due) : null
  return (
    <li>
      <Link to={`/approvals/${task.instance}`} className="x-task">
        <i style={{ background: dots[due?.tone ?? 'neutral'] }} aria-hidden />
        <span className="x-task-text">
          <span>{task.title}</span>
          <small>
            {task.flowLabel} · {task.stepLabel}
            {task.applicantUnit && ` · ${task.applicantUnit}`} · {ago(task.openedAt)}到达
          </small>
        </span>
        {due && <span className={`x-due ${due.tone}`}>{due.text}</span>}
      </Link>
    </li>
  )
}
