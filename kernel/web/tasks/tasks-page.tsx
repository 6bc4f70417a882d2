import { useState } from 'react'
import { useTasks, useTodos } from '../api/hooks.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TaskRow } from './task-row.tsx'
import { TodoRow } from './todo-row.tsx'

const tabs = [
  { key: 'open', label: '待办' },
  { key: 'done', label: '已办' },
] as const

export default function TasksPage() {
  const [tab, setTab] = useState<'open' | 'done'>('open')
  const { data, error, refetch } = useTasks(tab)
  const todos = useTodos().data ?? []
  const shownTodos = tab === 'open' ? todos : []
  return (
    <div className="x-page">
      <PageHead
        title="待办"
        isRoot
        hint={tab === 'open' && data ? `${data.length + todos.length} 项` : null}
        acts={
          <div className="x-segment" role="tablist">
            {tabs.map(({ key, label }) => (
              <button key={key} type="button" role="tab" aria-selected={tab === key} onClick={() => setTab(key)}>
                {label}
              </button>
            ))}
          </div>
        }
      />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={6} />
        ) : data.length + shownTodos.length === 0 ? (
          <Notice
            kind="empty"
            title={tab === 'open' ? '没有等你处理的事' : '还没有处理过'}
            text={tab === 'open' ? '有新的审批时会出现在这里，并发消息给你。' : undefined}
          />
        ) : (
          <ul>
            {data.map((task) => (
              <TaskRow key={task.task} task={task} />
            ))}
            {shownTodos.map((todo) => (
              <TodoRow key={todo.id} todo={todo} />
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
