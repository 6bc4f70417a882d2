import type { NoticeItem } from '#model'
import { noticeKinds } from '#model'
import { PaperClipOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input } from 'antd'
import { Link } from 'react-router'
import { useResource } from '../definitions/use-catalog.tsx'
import { ago } from '../parts/ago.ts'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useNotices } from './hooks.ts'
import { NoticeStatistics } from './statistics.tsx'
import './notices.css'

const statistics = 'statistics'
/** 通知: what the hospital and one's unit have published to one. */
export default function NoticesPage() {
  const [get, put] = useAddress()
  const manages = useResource('notices.notice') !== undefined
  const shown = get('kind')
  const asked = { kind: shown, unread: get('unread'), q: get('q') }
  const query = useNotices(asked)
  const counts = query.data?.pages[0]?.counts
  const label = (kind: 'hospital' | 'unit', all: number | undefined, unread: number | undefined) => (
    <>
      {noticeKinds[kind]}
      {all !== undefined && <span className="x-faint"> {all}</span>} {unread ? <Tag icon={false}>{unread} 未读</Tag> : null}
    </>
  )
  const tabs = [
    { key: '', label: '全部' },
    { key: 'hospital', label: label('hospital', counts?.hospital, counts?.unreadHospital) },
    { key: 'unit', label: label('unit', counts?.unit, counts?.unreadUnit) },
    ...(manages ? [{ key: statistics, label: '统计' }] : []),
  ]
  return (
    <div className="x-page">
      <PageHead
        title="通知"
        acts={
          manages && (
            <>
              <Link className="x-link" to="/r/notices.notice">
                发布与管理
              </Link>
              <Link to="/r/notices.notice/new">
                <Button type="primary">写通知</Button>
              </Link>
            </>
          )
        }
      />
      <TabsLine tabs={tabs} shown={shown} onShow={(kind) => put({ kind })} />
      {shown === statistics ? (
        <NoticeStatistics />
      ) : (
        <>
          <div className="x-list-bar">
            <Input.Search
              allowClear
              defaultValue={asked.q}
              placeholder="标题"
              aria-label="查找通知"
              onSearch={(q) => put({ q: q.trim() })}
            />
            <Checkbox checked={asked.unread === '1'} onChange={(event) => put({ unread: event.target.checked ? '1' : '' })}>
              只看未读
            </Checkbox>
          </div>
          <List query={query} isAsked={Boolean(asked.q || asked.unread)} />
        </>
      )}
    </div>
  )
}

function List({ query, isAsked }: { query: ReturnType<typeof useNotices>; isAsked: boolean }) {
  const { data, error, refetch } = query
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  const rows = data.pages.flatMap((page) => page.rows)
  if (rows.length === 0)
    return (
      <div className="x-card">
        <Notice kind="empty" title={isAsked ? '没有符合条件的通知' : '还没有通知'} text={isAsked ? undefined : '医院和科室发给您的通知会列在这里，长期保存。'} />
      </div>
    )
  return (
    <>
      <ul className="x-card x-briefs">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      <More of={query}>显示更早的</More>
    </>
  )
} // prettier-ignore

function Row({ row }: { row: NoticeItem }) {
  return (
    <li>
      <Link to={`/notices/${row.id}`} className={row.readAt ? 'x-brief n-row' : 'x-brief n-row unread'}>
        <b>
          {row.title} {row.mustRead && !row.readAt && <Tag tone="warn">必读</Tag>}
        </b>
        <span className="x-faint">
          {noticeKinds[row.kind]} · {row.unitName}
          {row.attachments > 0 && (
            <>
              {' · '}
              <PaperClipOutlined aria-hidden /> {row.attachments} 个附件
            </>
          )}
          {row.comments > 0 && ` · ${row.comments} 条评论`}
        </span>
        <time dateTime={row.publishedAt}>{ago(row.publishedAt)}</time>
        {!row.readAt && <span className="x-screen-reader">未读</span>}
      </Link>
    </li>
  )
}
