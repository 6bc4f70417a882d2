import { AppstoreOutlined, SearchOutlined } from '@ant-design/icons'
import { formatDayWithWeekday, formatInstant } from '#model'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { useCounts, useMe, useMessages, useTasks, useTodos } from '../api/hooks.ts'
import { MessageRow } from '../messages/message-row.tsx'
import { usePages } from '../pages/use-pages.ts'
import { cardFiles, type CardSpec } from '../pages.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { MenuIcon } from '../shell/icons.tsx'
import { useMenu } from '../shell/menu.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { ShortcutsCard } from '../shortcuts/shortcuts-card.tsx'
import { nameOfMe } from '../shell/user-menu.tsx'
import { TaskRow } from '../tasks/task-row.tsx'
import { TodoRow } from '../tasks/todo-row.tsx'
import './home.css'

const HomePages = lazy(async () => ({ default: (await import('../pages/home-pages.tsx')).HomePages }))
const Palette = lazy(() => import('../shell/palette.tsx'))
const greeting = (hour: number): string =>
  hour < 5 ? '夜深了' : hour < 11 ? '早上好' : hour < 13 ? '中午好' : hour < 18 ? '下午好' : '晚上好'

export default function HomePage() {
  const me = useMe()
  const isPhone = useIsPhone()
  const cards = useCards(isPhone)
  const [hour] = useState(() => Number(formatInstant(new Date()).slice(11, 13)))
  const hello = `${greeting(hour)}，${nameOfMe(me)}`
  const of = (place: CardSpec['place']) => cards.filter((card) => card.place === place).map((card) => <Card key={card.title} card={card} />)
  if (isPhone)
    return (
      <div className="x-page">
        <PageHead title="首页" isRoot acts={<PhoneHomeActs today={me.today} />} />
        <div className="x-hello">
          <small>{me.hospital.name}</small>
          <b>{hello}</b>
        </div>
        {of('wide')}
        <Waiting />
        <ShortcutsCard />
        {of('main')}
        <Shortcuts most={7} />
        {of('side')}
        <DrawnPages />
      </div>
    )
  return (
    <div className="x-page">
      <PageHead title={hello} tab="工作台" />
      {of('wide')}
      <div className="x-home">
        <div>
          <Waiting />
          {of('main')}
        </div>
        <div>
          <ShortcutsCard />
          <Shortcuts most={11} />
          <Messages />
          {of('side')}
        </div>
      </div>
      <DrawnPages />
    </div>
  )
}

/** Loaded when there is one: a workplace without pages carries nothing of them. */
function DrawnPages() {
  const { data } = usePages()
  return data?.some(({ isHome }) => isHome) ? (
    <Suspense fallback={<Skeleton rows={4} />}>
      <HomePages />
    </Suspense>
  ) : null
}
/** What modules put on the workbench (`pages.ts`: *.card.tsx). */
function useCards(isPhone: boolean): CardSpec[] {
  const { rights } = useMe()
  const loaded = useQuery({
    queryKey: ['cards'],
    queryFn: () => Promise.all(Object.values(cardFiles).map(async (load) => (await load()).default)),
    staleTime: Infinity,
  })
  return (loaded.data ?? []).filter((card) => (!card.right || rights.includes(card.right)) && (!isPhone || card.phone !== false))
}
function Card({ card: { title, component: Body } }: { card: CardSpec }) {
  return (
    <section className="x-card" aria-label={title}>
      <Suspense fallback={<Skeleton rows={3} />}>
        <Body />
      </Suspense>
    </section>
  )
}

function Waiting() {
  const { data, error, refetch } = useTasks()
  const todos = useTodos().data ?? []
  const count = useCounts().data?.tasks ?? (data?.length ?? 0) + todos.length
  return (
    <section className="x-card">
      <header>
        <h2>等我处理</h2>
        {count > 0 && (
          <Tag tone="bad" icon={false}>
            {count}
          </Tag>
        )}
        <span className="x-space" />
        <Link to="/tasks">全部</Link>
      </header>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={4} />
      ) : count === 0 ? (
        <p className="x-home-none">现在没有等你处理的事。</p>
      ) : (
        <ul>
          {data.slice(0, 8).map((task) => (
            <TaskRow key={`${task.instance}${task.task}`} task={task} />
          ))}
          {todos.slice(0, 8).map((todo) => (
            <TodoRow key={todo.id} todo={todo} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Messages() {
  const { data } = useMessages()
  const fresh = (data ?? []).slice(0, 6)
  return (
    <section className="x-card">
      <header>
        <h2>消息</h2>
        <span className="x-space" />
        <Link to="/messages">全部</Link>
      </header>
      {!data ? (
        <Skeleton rows={3} />
      ) : fresh.length ? (
        <ul>
          {fresh.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </ul>
      ) : (
        <p className="x-home-none">没有新消息。</p>
      )}
    </section>
  )
}

function Shortcuts({ most }: { most: number }) {
  const isPhone = useIsPhone()
  const items = useMenu().flatMap((section) => section.items).filter((item) => !isPhone || item.phone) // prettier-ignore
  if (!items.length) return null
  return (
    <section className="x-card x-shortcuts" aria-label="常用">
      {items.slice(0, most).map((item) => (
        <Link key={item.path} to={item.path}>
          <MenuIcon name={item.icon} />
          <span>{item.label}</span>
        </Link>
      ))}
      {(items.length > most || isPhone) && (
        <Link to="/all">
          <AppstoreOutlined className="x-menu-icon" />
          <span>全部</span>
        </Link>
      )}
    </section>
  )
}

function PhoneHomeActs({ today }: { today: string }) {
  const [isSearching, setSearching] = useState(false)
  return (
    <>
      <span className="x-muted x-home-day">{formatDayWithWeekday(today)}</span>
      <button type="button" className="x-icon-button" aria-label="搜索" onClick={() => setSearching(true)}>
        <SearchOutlined />
      </button>
      {isSearching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </>
  )
}
