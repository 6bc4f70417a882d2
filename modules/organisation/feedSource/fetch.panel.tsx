import { CloudDownloadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { formatInstant } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { useRecord } from '#kernel/web/api/hooks.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { useBusy } from '#kernel/web/parts/use-busy.ts'
import type { FeedTrial } from '../feed/feed.rules.ts'
import { feedWays, type FetchAnswer, type FetchState } from '../feed/fetch.rules.ts'
import { Done, Preview } from './preview.tsx'
import './file.css'

/** A source that this house reads itself: when, what came of it, and now. */
function Fetching({ resource: name, id }: { resource: string; id: string }) {
  const query = useRecord(name, id)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={2} />
  const { record } = query.data
  if (record['isStopped']) return <p className="x-why">这个对接来源已停用，不再读取。</p>
  if ((record['way'] ?? 'told') === 'told') return <p className="x-why">这个来源由对方发送，或按文件提供。要由本院定时读取，请在“获取方式”里选择。</p>
  return <Reading key={record.version} id={id} code={String(record['code'])} hasPeople={record['way'] === 'wecom' || !!record['peopleView']} />
} // prettier-ignore
function Reading({ id, code, hasPeople }: { id: string; code: string; hasPeople: boolean }) {
  const client = useQueryClient()
  const address = `/api/organisation/feeds/${code}/fetch`
  const state = useQuery({ queryKey: ['feed.fetch', code], queryFn: () => api.get<FetchState>(address) })
  const { isBusy, busily } = useBusy()
  const [trial, setTrial] = useState<FeedTrial | null>(null)
  const [done, setDone] = useState<FetchAnswer | null>(null)
  if (state.error) return <Failed error={state.error} retry={() => void state.refetch()} />
  if (!state.data) return <Skeleton rows={2} />
  const { way, next, lacks, last } = state.data
  const clear = () => (setDone(null), setTrial(null))
  const look = () => (clear(), busily(async () => setTrial(await api.post<FeedTrial>(address, { trial: true }))))
  const readNow = () => {
    clear()
    return busily(async () => {
      setDone(await api.post<FetchAnswer>(address, {}))
      void client.invalidateQueries()
    })
  }
  const runs = `/r/organisation.feedRun?${new URLSearchParams({ filter: JSON.stringify({ field: 'source', op: 'eq', value: id }) }).toString()}`
  return (
    <Spin spinning={isBusy} description="正在读取">
      <div className="ff-file">
        {lacks && <Alert type="warning" showIcon title={lacks} description="请系统管理员在服务器上配置后重新启动，然后再读取。" />}
        <p className="x-muted">
          {feedWays[way]}。{next ? `下一次：${formatInstant(next)}` : '只在点击时读取'}
          {last && `；上一次：${formatInstant(last.at)}${last.fault === null ? '' : `，没有读到（${last.fault}）`}`}
        </p>
        <div className="ff-acts">
          <Button type="primary" icon={<CloudDownloadOutlined />} onClick={() => void readNow()}>
            立即读取
          </Button>
          {hasPeople && <Button onClick={() => void look()}>先看看人员会怎样</Button>}
          <Link to={runs}>读取记录</Link>
        </div>
        {done?.fault && <Alert type="error" showIcon title={`没有读到：${done.fault}`} description="什么都没有改变。" />}
        {done && !done.fault && done.answers.length === 0 && <p className="x-why">没有要处理的内容。</p>}
        {done && !done.fault && done.answers.map((answer) => <Done key={answer.run} answer={answer} />)}
        {trial && <Preview trial={trial} />}
      </div>
    </Spin>
  )
} // prettier-ignore

export default definePanel({ label: '定时读取', component: Fetching, right: 'organisation.feed' })
