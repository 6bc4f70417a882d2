import type { ReminderItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Switch } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { MadeList } from '../parts/made-list.tsx'
import { Tag } from '../parts/tag.tsx'
import { NewReminder } from './new-reminder.tsx'
import { RunWords } from './runs.tsx'
import { remindersKey, urlOf } from './use-reminder.ts'
import './reminders.css'

const kinds = { changed: '本院已改', hospital: '本院自建', program: '系统原版', off: '已关闭', wrong: '有问题' } as const
type Kind = keyof typeof kinds
const isKind = (one: ReminderItem, kind: Kind): boolean =>
  kind === 'off' ? !one.isOn : kind === 'wrong' ? one.problems.length > 0 || one.last?.state === 'failed' : one.from === kind

/** 提醒设置: every reminder, what it means, when it runs next and what it did last. */
export default function RemindersPage() {
  const { data, error, refetch } = useQuery({
    queryKey: remindersKey,
    queryFn: ({ signal }) => api.get<ReminderItem[]>('/api/reminders', {}, signal),
    staleTime: 0,
  })
  return (
    <MadeList
      title="提醒设置"
      noun="提醒"
      about="提醒按日期或条件告诉有关的人：什么将到期、什么还没有办。"
      items={data}
      error={error}
      refetch={refetch}
      search={{ placeholder: '名称、记录类型或内容', words: (one) => [one.label, one.typeLabel, one.sentence] }}
      kinds={{ label: '种类', className: 'r-kind', labels: kinds, is: isKind }}
      listClass="r-list"
      row={(one) => <Row key={one.name} item={one} />}
      making={(onClose, about) => data && <NewReminder reminders={data} about={about} onClose={onClose} />}
    />
  )
}

function Row({ item }: { item: ReminderItem }) {
  return (
    <li className={item.isOn ? '' : 'off'}>
      <div className="r-what">
        <Link to={urlOf(item.name)}>{item.label}</Link> <Origin item={item} />
        <p>{item.sentence}</p>
        {item.problems[0] && <p className="x-problem">已停止执行：{item.problems[0].message}</p>}
      </div>
      <dl>
        <dt>下一次</dt>
        <dd>{item.next ?? <span className="x-faint">不执行</span>}</dd>
        <dt>上一次</dt>
        <dd>{item.last ? <RunWords run={item.last} /> : <span className="x-faint">还没有执行过</span>}</dd>
      </dl>
      <OnSwitch item={item} />
    </li>
  )
}
/** Whose it is. */
export function Origin({ item }: { item: ReminderItem }) {
  return (
    <>
      {item.from === 'changed' && (
        <Tag tone="info" icon={false}>
          本院已改
        </Tag>
      )}
      {item.from === 'hospital' && (
        <Tag tone="info" icon={false}>
          本院自建
        </Tag>
      )}
      {item.programChanged && <Tag tone="warn">系统原版有更新</Tag>}
      {item.problems.length > 0 && <Tag tone="bad">有问题</Tag>}
    </>
  )
}
export function OnSwitch({ item, onDone }: { item: ReminderItem; onDone?: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  async function turn(isOn: boolean) {
    setBusy(true)
    try {
      await api.post(`/api/reminders/${encodeURIComponent(item.name)}/switch`, { isOn })
      void message.success(isOn ? '已打开' : '已关闭，有关待办已一并关闭')
      await client.invalidateQueries({ queryKey: remindersKey })
      onDone?.()
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  return (
    <Switch
      aria-label={`${item.label}：开关`}
      checked={item.isOn}
      loading={isBusy}
      checkedChildren="开"
      unCheckedChildren="关"
      onChange={(isOn) => void turn(isOn)}
    />
  )
}
