import { CheckOutlined } from '@ant-design/icons'
import { daysBetween, type TodoItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { keys, useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import './tasks.css'

/** Something to look after: what expires, what is missing. It can be put aside when done. */
export function TodoRow({ todo }: { todo: TodoItem }) {
  const { today } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const left = todo.due ? daysBetween(today, todo.due.slice(0, 10)) : null
  const tone = left === null ? '' : left < 0 ? 'bad' : left <= 10 ? 'warn' : ''
  async function close() {
    try {
      await api.post(`/api/todos/${todo.id}/close`)
      void client.invalidateQueries({ queryKey: keys.tasks })
      void client.invalidateQueries({ queryKey: keys.counts })
    } catch (error) {
      message.error(messageOf(error))
    }
  }
  return (
    <li className="x-todo">
      <Link to={todo.link} className="x-task">
        <i style={{ background: tone === 'bad' ? 'var(--red)' : 'var(--apricot)' }} aria-hidden />
        <span className="x-task-text">{todo.title}</span>
        {left !== null && (
          <span className={`x-due ${tone}`}>{left < 0 ? `已过 ${-left} 天` : left === 0 ? '今天' : `还有 ${left} 天`}</span>
        )}
      </Link>
      <button
        type="button"
        className="x-icon-button"
        aria-label={`已处理：${todo.title}`}
        title="已处理，不再显示"
        onClick={() => void close()}
      >
        <CheckOutlined />
      </button>
    </li>
  )
}
