import type { IndexesAnswer, LargeTable, QueryIndex, QueryIndexState, SlowQuestion } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { manyWord } from '../parts/many.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import './indexes.css'

const key = ['indexes']
const isUnderWay = (state: QueryIndexState): boolean => state === 'waiting' || state === 'building' || state === 'dropping'

/** 查询与索引: what the lists of large tables rest on, and what people asked that was slow. */
export default function IndexesPage() {
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<IndexesAnswer>('/api/indexes', {}, signal),
    refetchInterval: ({ state }) => (state.data?.tables.some((t) => t.indexes.some((i) => isUnderWay(i.state))) ? 3000 : false),
  })
  return (
    <div className="x-page">
      <PageHead title="查询与索引" />
      <p className="x-faint">记录多的表靠索引保持快：列表提供的筛选和排序由系统自动建立，其余在这里决定。</p>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : data.tables.length === 0 ? (
        <section className="x-card">
          <Notice
            kind="empty"
            title="还没有记录多的表"
            text={`一种记录超过 ${(data.from / 10_000).toLocaleString('zh-CN')} 万条后会列在这里；更少时任何查询都快，不需要照管。`}
          />
        </section>
      ) : (
        data.tables.map((table) => <TableCard key={table.resource} table={table} />)
      )}
    </div>
  )
}

/** Sends an order and shows what it changed. */
function useOrder(): { busy: string | null; run: (id: string, said: string, send: () => Promise<IndexesAnswer>) => Promise<void> } {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [busy, setBusy] = useState<string | null>(null)
  const run = async (id: string, said: string, send: () => Promise<IndexesAnswer>) => {
    setBusy(id)
    try {
      client.setQueryData(key, await send())
      void message.success(said)
    } catch (fault) {
      void message.error(messageOf(fault))
    } finally {
      setBusy(null)
    }
  }
  return { busy, run }
}
type Order = ReturnType<typeof useOrder>
const build = (order: Order, id: string, index: { name?: string; resource: string; keys: readonly string[] }) =>
  void order.run(id, '已安排，建好后自动使用', () => api.post<IndexesAnswer>('/api/indexes', index))

function TableCard({ table }: { table: LargeTable }) {
  const order = useOrder()
  const bytes = table.indexes.reduce((sum, index) => sum + (index.bytes ?? 0), 0)
  return (
    <section className="x-card x-indexes" aria-label={table.label}>
      <div className="x-indexes-head">
        <h2>
          <Link to={`/r/${table.resource}`}>{table.label}</Link>
        </h2>
        <small className="x-faint">
          约 {manyWord(table.rows)} 条 · 共占 {bytesWord(table.bytes)}
          {bytes > 0 && `，其中这些索引 ${bytesWord(bytes)}`}
        </small>
      </div>
      {table.questions.length > 0 && (
        <>
          <h3>
            慢的查询
            <Button
              size="small"
              type="text"
              loading={order.busy === 'questions'}
              onClick={() =>
                void order.run('questions', '已清除', () => api.delete<IndexesAnswer>(`/api/indexes/questions/${table.resource}`))
              }
            >
              清除
            </Button>
          </h3>
          <ul className="x-index-rows">
            {table.questions.map((question, at) => (
              <QuestionRow key={at} question={question} order={order} />
            ))}
          </ul>
        </>
      )}
      <h3>索引</h3>
      {table.indexes.length === 0 ? (
        <p className="x-faint">没有额外的索引；超过 10 万条后按列表的筛选和排序自动建立。</p>
      ) : (
        <ul className="x-index-rows">
          {table.indexes.map((index) => (
            <IndexRow key={index.name} index={index} order={order} />
          ))}
        </ul>
      )}
    </section>
  )
}

function QuestionRow({ question, order }: { question: SlowQuestion; order: Order }) {
  const { conditions, sort, asked, refused, longestMs, lastAt, index } = question
  const id = [...conditions, ...sort].join()
  return (
    <li>
      <div>
        <b>{conditions.length ? conditions.join('，') : '全部'}</b>
        <small>
          {sort.length > 0 && `按 ${sort.join('、')} 排序 · `}
          {asked} 次{refused > 0 && `，其中 ${refused} 次没有执行`}
          {longestMs > 0 && ` · 最长 ${(longestMs / 1000).toFixed(1)} 秒`} · {ago(lastAt)}
        </small>
        {index ? (
          <small>
            建议的索引：{index.labels.join('、')} {index.state !== 'none' && <StateTag state={index.state} />}
          </small>
        ) : (
          <small>没有合适的索引：按名称查找请用列表的搜索框，其余请加科室或日期条件</small>
        )}
      </div>
      {index?.state === 'none' && (
        <Button
          size="small"
          type="primary"
          loading={order.busy === id}
          onClick={() => build(order, id, { resource: question.resource, keys: index.keys })}
        >
          建立索引
        </Button>
      )}
    </li>
  )
}

function IndexRow({ index, order }: { index: QueryIndex; order: Order }) {
  const { name, labels, carries, origin, state, progress, bytes, used, problem } = index
  const drop = () => void order.run(name, '已安排删除', () => api.delete<IndexesAnswer>(`/api/indexes/${name}`))
  return (
    <li>
      <div>
        <b>{labels.join('、')}</b>
        <small>
          {origin === 'declared' ? '列表的筛选和排序' : '按慢的查询建立'}
          {bytes !== null && ` · ${bytesWord(bytes)}`}
          {used !== null && ` · 用过 ${manyWord(used)} 次`}
          {carries.length > 0 && ` · 附带 ${carries.join('、')}`}
        </small>
        {problem && state !== 'ready' && <small className="x-problem">{problem}</small>}
      </div>
      <StateTag state={state} progress={progress} />
      {state === 'none' || state === 'failed' ? (
        <Button size="small" loading={order.busy === name} onClick={() => build(order, name, index)}>
          {state === 'failed' ? '马上再试' : '建立'}
        </Button>
      ) : state === 'dropping' ? null : (
        <Popconfirm
          title={state === 'ready' || state === 'stale' ? '删除这个索引？' : '不再建立这个索引？'}
          description="用到它的列表会变慢或被拒绝；不会自动重建，可以在这里再建。"
          okText="删除"
          cancelText="取消"
          onConfirm={drop}
        >
          <Button size="small" type="text" danger loading={order.busy === name}>
            删除
          </Button>
        </Popconfirm>
      )}
    </li>
  )
}

const states: Readonly<Record<QueryIndexState, readonly [word: string, tone: Tone]>> = {
  none: ['未建', 'neutral'],
  waiting: ['排队', 'info'],
  building: ['正在建', 'info'],
  ready: ['可用', 'good'],
  failed: ['未建成', 'bad'],
  dropping: ['待删除', 'warn'],
  stale: ['定义里已没有', 'warn'],
}
function StateTag({ state, progress }: { state: QueryIndexState; progress?: number | null }) {
  const [word, tone] = states[state]
  return (
    <Tag tone={tone}>
      {word}
      {state === 'building' && progress ? ` ${Math.round(progress * 100)}%` : ''}
    </Tag>
  )
}

const bytesWord = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GB` : bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB` // prettier-ignore
