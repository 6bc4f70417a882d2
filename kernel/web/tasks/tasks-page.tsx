import type { BulkAnswer, TaskItem, TaskView } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useRef, useState, type KeyboardEvent } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api, newId } from '../api/client.ts'
import { keys, useCounts, useTasks, useTodos } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { PreparedNotice } from '../flows/prepared-notice.tsx'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { TaskRow } from './task-row.tsx'
import { TodoRow } from './todo-row.tsx'

const views: readonly { key: TaskView; label: string; empty: string; hint?: string; count?: 'tasks' | 'claim' | 'standIn' | 'copied' }[] = [
  { key: 'open', label: '待办', empty: '没有等你处理的事', hint: '有新的审批时会出现在这里，并发消息给你。', count: 'tasks' },
  { key: 'claim', label: '可认领', empty: '没有可认领的事', hint: '送到你所在小组的审批，一人认领后由他办理。', count: 'claim' },
  { key: 'standIn', label: '代办', empty: '没有要代办的事', hint: '别人委托你期间，他的审批出现在这里。', count: 'standIn' },
  { key: 'mine', label: '我的申请', empty: '还没有申请过' },
  { key: 'done', label: '已办', empty: '还没有处理过' },
  { key: 'copied', label: '抄送我的', empty: '没有抄送给你的', count: 'copied' },
]
const rowKey = (task: TaskItem): string => `${task.instance} ${task.task}`

export default function TasksPage() {
  const [search, setSearch] = useSearchParams()
  const view = views.find(({ key }) => key === search.get('view')) ?? views[0]!
  const counts = useCounts().data
  return (
    <div className="x-page">
      <PageHead
        title="待办"
        isRoot
        acts={
          <span key="links" className="x-task-links">
            <Link to="/start">发起申请</Link>
            <Link to="/me/stand-ins">委托代办</Link>
          </span>
        }
      />
      <TabsLine
        tabs={views.map(({ key, label, count }) => ({
          key,
          label: (
            <>
              {label}
              {count && counts && counts[count] > 0 ? <Tag icon={false}>{counts[count] > 999 ? '999+' : counts[count]}</Tag> : null}
            </>
          ),
        }))}
        shown={view.key}
        onShow={(key) => setSearch(key === 'open' ? {} : { view: key }, { replace: true })}
      />
      {view.key === 'open' && <PreparedNotice />}
      <Work key={view.key} view={view} />
    </div>
  )
}

function Work({ view }: { view: (typeof views)[number] }) {
  const [search, setSearch] = useState('')
  const paged = useTasks(view.key, { search })
  const { data, error, refetch } = paged
  const todos = useTodos().data ?? []
  const shownTodos = view.key === 'open' && !search ? todos : []
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLUListElement>(null)
  const bulk = (data ?? []).filter((task) => task.bulk)
  const chosen = bulk.filter((task) => picked.has(rowKey(task)))
  const pick = (task: TaskItem, is: boolean) =>
    setPicked(new Set([...picked].filter((one) => one !== rowKey(task)).concat(is ? rowKey(task) : [])))
  return (
    <>
      <div className="x-list-bar">
        <Input.Search allowClear placeholder="标题、编号" aria-label="查找" onSearch={(text) => setSearch(text.trim())} />
        {bulk.length > 1 && (
          <Button size="small" onClick={() => setPicked(new Set(chosen.length === bulk.length ? [] : bulk.map(rowKey)))}>
            {chosen.length === bulk.length ? '全不选' : `全选可批量的 ${bulk.length} 件`}
          </Button>
        )}
        {chosen.length > 0 && <Bulk tasks={chosen} onDone={() => setPicked(new Set())} />}
      </div>
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={6} />
        ) : data.length + shownTodos.length === 0 ? (
          <Notice kind="empty" title={search ? '没有符合的' : view.empty} text={search ? undefined : view.hint} />
        ) : (
          <ul ref={list} onKeyDown={(event) => step(event, list.current)}>
            {data.map((task) => (
              <TaskRow
                key={rowKey(task)}
                task={task}
                isPicked={picked.has(rowKey(task))}
                onPick={task.bulk ? (is) => pick(task, is) : null}
              />
            ))}
            {shownTodos.map((todo) => (
              <TodoRow key={todo.id} todo={todo} />
            ))}
          </ul>
        )}
        <More of={paged} />
      </div>
    </>
  )
}
/** Arrow keys, j and k walk the rows; Enter opens one, as any link. */
function step(event: KeyboardEvent, list: HTMLUListElement | null): void {
  const by = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
  if (!by || !list) return
  const links = [...list.querySelectorAll<HTMLAnchorElement>('a.x-task')]
  const at = links.findIndex((link) => link === document.activeElement)
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus()
  event.preventDefault()
}

/** One press for many (W22): each stands for itself, and what could not be decided says why. */
function Bulk({ tasks, onDone }: { tasks: readonly TaskItem[]; onDone: () => void }) {
  const { modal, message } = App.useApp()
  const client = useQueryClient()
  const ids = useRef(new Map<string, string>())
  const idOf = (task: TaskItem) => {
    const id = ids.current.get(rowKey(task)) ?? newId()
    ids.current.set(rowKey(task), id)
    return id
  }
  async function send() {
    try {
      const body = { tasks: tasks.map((task) => ({ instance: task.instance, task: task.task, version: task.version, actId: idOf(task) })) }
      const { results } = await api.post<BulkAnswer>('/api/tasks/bulk', body)
      const failed = results.filter((one) => !one.ok)
      for (const queryKey of [keys.tasks, keys.counts, ['records'], ['record'], ['approval']]) void client.invalidateQueries({ queryKey })
      onDone()
      if (failed.length === 0) return void message.success(`${results.length} 件已同意`)
      const titleOf = (one: (typeof failed)[number]) => tasks.find((task) => task.instance === one.instance)?.title ?? ''
      modal.warning({
        title: `${results.length - failed.length} 件已同意，${failed.length} 件没有`,
        content: (
          <ul className="x-bulk-failed">
            {failed.map((one) => (
              <li key={one.instance}>
                {titleOf(one)}：{one.message}
              </li>
            ))}
          </ul>
        ),
      })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  return (
    <Button
      type="primary"
      onClick={() =>
        modal.confirm({
          title: `同意所选的 ${tasks.length} 件？`,
          content: '每一件单独生效；其中不能同意的会列出原因。',
          okText: '同意',
          onOk: send,
        })
      }
    >
      同意 {tasks.length} 件
    </Button>
  )
}
