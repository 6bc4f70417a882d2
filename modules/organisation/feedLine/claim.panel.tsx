import { useQueries, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Modal, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { all, is, type ApiRecord, type ListAnswer, type RecordAnswer } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { PersonPicker } from '#kernel/web/fields/record-picker.tsx'
import { definePanel } from '#kernel/web/pages.ts'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { optionsOf } from '#kernel/web/parts/options-of.ts'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import type { About } from '../feed/feed.rules.ts'
import { leavingKinds } from '../movement/movement.rules.ts'
import { ClaimUnit } from './claim-unit.tsx'
import './claim.css'

const refusedHints: Readonly<Record<About, string>> = {
  people: '补上科室对照，或请对方更正后，下一次对接会自动处理。',
  absences: '核对已登记的异动，或请对方更正后，下一次对接会自动处理。',
  units: '核对科室与对照，或请对方更正后，下一次对接会自动处理。',
}
/** What waits in a feed: who it is, whether he has left, or that nothing need be done. */
function Claim({ resource: name, id }: { resource: string; id: string }) {
  const { message } = App.useApp()
  const { rights } = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const query = useRecord(name, id)
  const [asking, setAsking] = useState<'ignore' | 'leave' | null>(null)
  const [other, setOther] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={3} />
  const { record } = query.data
  if (record['status'] !== 'open') return <p className="x-why">这一条已经处理{record['note'] ? `：${String(record['note'])}` : ''}。</p>
  const about = (record['about'] ?? 'people') as About
  const [isAbsence, isUnit] = [about === 'absences', about === 'units']
  const mayClaim = rights.includes('organisation.feedClaim')
  async function act(verb: string, body: object, done: string) {
    setBusy(true)
    try {
      await api.post(`/api/organisation/feed-lines/${id}/${verb}`, { version: record.version, ...body })
      setAsking(null)
      void message.success(done)
      forgetRecord(client, name, id)
      const next = await nextOf(record)
      if (next) void navigate(`/r/${name}/${next}`)
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  const claim = (person: string | null) => void act('claim', { person }, person ? '已认领，以后按这个工号自动对上' : '已新建档案')
  return (
    <div className="f-claim">
      <p className="x-why">{String(record['message'] ?? '')}</p>
      {isUnit && record['outcome'] === 'doubtful' && (
        <ClaimUnit record={record} mayClaim={mayClaim} isBusy={isBusy} onClaim={(body) => void act('claim', body, body.unit ? '已认领，以后按这个编码自动对上' : '已新建科室')} />
      )}
      {!isUnit && record['outcome'] === 'doubtful' && (
        <>
          <Candidates ids={(record['candidates'] ?? []) as string[]} mayClaim={mayClaim && !isBusy} onClaim={claim} />
          {mayClaim && (
            <div className="f-acts">
              <PersonPicker value={other} onChange={setOther} />
              <Button disabled={!other} loading={isBusy} onClick={() => claim(other)}>
                认领为选中的人
              </Button>
              {!isAbsence && (
                <Button loading={isBusy} onClick={() => claim(null)}>
                  都不是，新建档案
                </Button>
              )}
            </div>
          )}
        </>
      )}
      {record['outcome'] === 'refused' && <p className="x-faint">{refusedHints[about]}</p>}
      {mayClaim && (
        <div className="f-acts">
          {record['outcome'] === 'missing' && !isUnit && (
            <Button type="primary" onClick={() => setAsking('leave')}>
              确认离职
            </Button>
          )}
          <Button onClick={() => setAsking('ignore')}>不用处理</Button>
        </div>
      )}
      {asking === 'ignore' && (
        <AskReason title="不用处理" placeholder="如：对方系统还没有清理" isBusy={isBusy} onClose={() => setAsking(null)} onGive={(reason) => void act('ignore', { reason }, '已忽略')} />
      )}
      {asking === 'leave' && <AskLeaving isBusy={isBusy} onClose={() => setAsking(null)} onGive={(body) => void act('leave', body, '已登记离职，账号和权限从当天起停止')} />}
    </div>
  )
} // prettier-ignore
/** The next one that waits for the same. */
async function nextOf(record: ApiRecord): Promise<string | undefined> {
  const filter = all(is('status', 'open'), is('outcome', record['outcome'] as string), ...(record['about'] ? [is('about', record['about'] as string)] : []))
  const { rows } = await api.get<ListAnswer>('/api/records/organisation.feedLine', { filter: JSON.stringify(filter), limit: '1' })
  return rows[0]?.id
} // prettier-ignore

function Candidates({ ids, mayClaim, onClaim }: { ids: readonly string[]; mayClaim: boolean; onClaim: (id: string) => void }) {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['record', 'directory.person', id, 'candidate'],
      queryFn: () => api.get<RecordAnswer>(`/api/records/directory.person/${id}`),
    })),
  })
  if (ids.length === 0) return <p className="x-faint">没有相近的人员</p>
  return (
    <ul className="f-candidates">
      {found.map(({ data, error }, i) => (
        <li key={ids[i]} className="x-card">
          {error ? (
            <span className="x-faint">{messageOf(error)}</span>
          ) : data ? (
            <>
              <span>
                <b>{String(data.record['name'])}</b> {String(data.record['staffNumber'] ?? '')}
                <br />
                <small className="x-faint">
                  {[data.titles['directory.unit']?.[String(data.record['unit'])], data.record['birthDate'], data.record['joinedOn'] && `${String(data.record['joinedOn'])} 来院`].filter(Boolean).map(String).join(' · ')}
                </small>
              </span>
              {mayClaim && (
                <Button type="primary" aria-label={`就是${String(data.record['name'])}${String(data.record['staffNumber'] ?? '')}`} onClick={() => onClaim(ids[i]!)}>
                  就是他
                </Button>
              )}
            </>
          ) : (
            <Skeleton rows={1} />
          )}
        </li>
      ))}
    </ul>
  )
} // prettier-ignore
function AskLeaving({ isBusy, onClose, onGive }: { isBusy: boolean; onClose: () => void; onGive: (body: { from: string; leaving: string }) => void }) {
  const { today } = useMe()
  const [from, setFrom] = useState(today)
  const [leaving, setLeaving] = useState<string | null>(null)
  const [problem, setProblem] = useState('')
  return (
    <Modal title="确认离职" open onCancel={onClose} okText="确认离职" cancelText="取消" okButtonProps={{ danger: true, loading: isBusy }} onOk={() => (leaving ? onGive({ from, leaving }) : setProblem('请选择离职类型'))}>
      <label>
        离职类型
        <Select aria-label="离职类型" style={{ width: '100%' }} value={leaving} options={optionsOf(leavingKinds)} onChange={(next) => (setLeaving(next), setProblem(''))} />
      </label>
      <label>
        离职日期
        <br />
        <DatePicker aria-label="离职日期" value={dayjs(from)} allowClear={false} onChange={(next) => next && setFrom(next.format('YYYY-MM-DD'))} />
      </label>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </Modal>
  )
} // prettier-ignore

export default definePanel({ label: '处理', component: Claim })
