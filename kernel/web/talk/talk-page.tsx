import { BellOutlined, LeftOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import type { TalkAnswer, TalkItem } from '#model'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { ago } from '../parts/ago.ts'
import { Avatar } from '../parts/avatar.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useComposedText } from '../fields/use-composed-text.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Conversation } from './conversation.tsx'
import { Details } from './details.tsx'
import { useFound, useTalk, useTalks, type Wanted } from './hooks.ts'
import { NewTalk } from './new-talk.tsx'
import './section.css'
import './talk.css'

/** 沟通: one's conversations and the one that is open; on the phone one after the other. */
export default function TalkPage() {
  const [get, put] = useAddress()
  const isPhone = useIsPhone()
  const [isNew, setNew] = useState(false)
  const [id, person, unit] = [get('id'), get('with'), get('unit')]
  const wanted: Wanted | null = id ? null : person ? { direct: person } : unit ? { unit } : null
  const shown = useFound(wanted).data?.talk?.id ?? id
  const isOpen = id !== '' || wanted !== null
  const open = (next: { id?: string; with?: string; unit?: string; n?: string }) => put({ id: null, with: null, unit: null, n: null, ...next })
  const close = () => open({})
  const list = <List shown={shown} onOpen={(one) => open({ id: one })} />
  const begin = isNew && <NewTalk onEnd={() => setNew(false)} onOpen={(next) => (setNew(false), open(next))} />
  const newButton = (
    <Button type={isPhone ? 'text' : 'primary'} icon={<PlusOutlined />} aria-label="发起沟通" onClick={() => setNew(true)}>
      {isPhone ? null : '发起沟通'}
    </Button>
  )
  const opened = isOpen && <Opened key={id || Object.values(wanted!).join()} id={id} wanted={wanted} at={get('n')} onClose={close} onGo={(n) => put({ n })} />
  if (isPhone)
    return (
      <div className={`x-page t-page ${isOpen ? 'open' : ''}`}>
        {opened || (
          <>
            <PageHead title="沟通" isRoot acts={newButton} />
            {list}
          </>
        )}
        {begin}
      </div>
    )
  return (
    <div className="x-page t-page">
      <PageHead title="沟通" acts={newButton} />
      <div className="x-card t-two">
        {list}
        {opened || (
          <div className="t-none">
            <Notice kind="empty" title="选择一个会话，或发起沟通" text="可以和同事两人沟通，也可以建群；记录和审批上的沟通也列在左侧。" />
          </div>
        )}
      </div>
      {begin}
    </div>
  )
} // prettier-ignore

function List({ shown, onOpen }: { shown: string; onOpen: (id: string) => void }) {
  const { settled, input } = useComposedText('')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTalks(settled.trim())
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <nav className="t-list" aria-label="会话">
      <div className="t-find">
        <Input allowClear {...input} placeholder="查找会话" aria-label="查找会话" />
      </div>
      {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton rows={6} /> : rows.length === 0 && <p className="t-nothing">{settled ? `没有名称含“${settled}”的会话` : '还没有会话'}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Item row={row} isShown={row.id === shown} onOpen={() => onOpen(row.id)} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          更早的会话
        </Button>
      )}
    </nav>
  )
} // prettier-ignore
const marks = { record: '记录', group: '群', direct: '' } as const
function Item({ row, isShown, onOpen }: { row: TalkItem; isShown: boolean; onOpen: () => void }) {
  return (
    <button type="button" className="t-item" aria-current={isShown || undefined} onClick={onOpen}>
      <Avatar name={row.title} size={36} />
      <span className="t-item-name">
        <b>{row.title}</b>
        {marks[row.kind] && <small className="t-mark">{marks[row.kind]}</small>}
      </span>
      <time dateTime={row.at}>{ago(row.at)}</time>
      <span className="t-item-line">
        {row.isMentioned && <em>[有人提到您]</em>} {row.line ?? '还没有人说话'}
      </span>
      <span className="t-item-count">
        {row.muted && <BellOutlined className="t-muted" aria-label="已静音" />}
        {row.unread > 0 && (
          <b className={row.muted && !row.isMentioned ? 'muted' : ''} aria-label={`${row.unread} 条未读`}>
            {row.unread > 99 ? '99+' : row.unread}
          </b>
        )}
      </span>
    </button>
  )
}

interface OpenedProps {
  id: string
  wanted: Wanted | null
  at: string
  onClose: () => void
  onGo: (n: string) => void
}
function Opened({ id, wanted, at, onClose, onGo }: OpenedProps) {
  const found = useFound(wanted)
  const known = useTalk(id || found.data?.talk?.id)
  const [isTold, setTold] = useState(false)
  const error = known.error ?? found.error
  const talk = error ? null : (known.data ?? found.data?.talk ?? null)
  const title = talk?.title ?? found.data?.title ?? '沟通'
  const closed = talk ? talk.closed : (found.data?.closed ?? null)
  return (
    <section className="t-open" aria-label={title}>
      <header className="t-head">
        <button type="button" className="x-icon-button t-back" aria-label="返回会话列表" onClick={onClose}>
          <LeftOutlined />
        </button>
        <h2>{title}</h2>
        {talk && <Hint talk={talk} />}
        <span className="x-space" />
        {talk && <Button type="text" icon={<MoreOutlined />} aria-label="会话详情" onClick={() => setTold(true)} />}
      </header>
      {error ? (
        <Failed error={error} retry={() => void (id ? known.refetch() : found.refetch())} />
      ) : talk || found.data ? (
        <Conversation talk={talk} wanted={wanted} closed={closed} at={at ? Number(at) : undefined} />
      ) : (
        <Skeleton rows={6} />
      )}
      {talk && isTold && <Details talk={talk} onEnd={() => setTold(false)} onLeft={onClose} onGo={(n) => (setTold(false), onGo(String(n)))} />}
    </section>
  )
} // prettier-ignore
function Hint({ talk }: { talk: TalkAnswer }) {
  if (talk.about) return <Link className="x-link" to={talk.about.resource === 'approval' ? `/approvals/${talk.about.id}` : `/r/${talk.about.resource}/${talk.about.id}`}>打开{talk.about.label}</Link> // prettier-ignore
  if (talk.kind === 'group') return <span className="x-faint">{talk.count} 人</span>
  return null
}
