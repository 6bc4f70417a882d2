import { Alert } from 'antd'
import { useEffect } from 'react'
import { Link, useParams } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { Comments } from './comments.tsx'
import { useComments, useNotice, useNoticeRead } from './hooks.ts'
import { NoticeText } from './notice-text.tsx'
import { Readers } from './readers.tsx'
import './notices.css'

/** One notice: its text, what its readers say, and for who manages it who has read it. Opening it reads it. */
export default function NoticePage() {
  const { id = '' } = useParams()
  const { data, error, refetch } = useNotice(id)
  const read = useNoticeRead()
  const [get, put] = useAddress()
  const comments = useComments(id).data
  const isUnread = data?.readAt === null
  useEffect(() => {
    // What could not be noted is noted the next time it is opened.
    if (isUnread) void read(id).catch(() => undefined)
  }, [isUnread, id, read])
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={10} />
  const tabs = [
    { key: '', label: '正文' },
    { key: 'comments', label: `评论${comments?.pages[0]!.total ? ` ${comments.pages[0].total}` : ''}` },
    ...(data.mayManage ? [{ key: 'readers', label: '阅读情况' }] : []),
  ]
  const shown = tabs.find((tab) => tab.key === get('tab'))?.key ?? ''
  return (
    <div className="x-page">
      <PageHead
        title={data.title}
        tab="通知"
        acts={
          data.mayManage && (
            <Link className="x-link" to={`/r/notices.notice/${id}`}>
              管理
            </Link>
          )
        }
      />
      {data.withdrawn !== null && <Alert type="warning" showIcon message={`这个通知已撤回：${data.withdrawn}`} />}
      <TabsLine tabs={tabs} shown={shown} onShow={(tab) => put({ tab })} />
      <div className="x-card n-page">
        {shown === 'comments' ? <Comments id={id} mayComment={data.mayComment} /> : shown === 'readers' ? <Readers id={id} /> : <NoticeText notice={data} />}
      </div>
    </div>
  )
} // prettier-ignore
