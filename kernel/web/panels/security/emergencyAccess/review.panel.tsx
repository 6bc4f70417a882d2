import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useCallback, useState } from 'react'
import { emergencyCauses, emergencyEnds, emergencyRight, emergencyStates, formatInstant, type EmergencyEnd, type EmergencyState, type EmergencyVerdict } from '#model' // prettier-ignore
import { api } from '../../../api/client.ts'
import { forgetRecord, keys, useMe, useRecord } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { TimeLeft } from '../../../emergency/time-left.tsx'
import { useEmergency, useEnd } from '../../../emergency/use-emergency.ts'
import { untilDue } from '../../../parts/ago.ts'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Tag } from '../../../parts/tag.tsx'
import { definePanel } from '../../../pages.ts'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'
import '../../../emergency/emergency.css'

const resource = 'security.emergencyAccess'
type Facts = Record<
  'person' | 'recordLabel' | 'recordTitle' | 'reason' | 'from' | 'until' | 'reviewDue' | 'reviewer' | 'review' | 'reviewedAt' | 'endedAt',
  string
> & { status: EmergencyState; end: EmergencyEnd | null; cause: keyof typeof emergencyCauses; reads: number | null } // prettier-ignore

/** An emergency access as a security officer judges it, and as whoever opened it ends it. */
function Review({ id }: { resource: string; id: string }) {
  const { rights, person } = useMe()
  const { data, error, refetch } = useRecord(resource, id)
  const end = useEnd()
  const [openedAt] = useState(() => Date.now())
  const [isOver, setOver] = useState(false)
  const over = useCallback(() => setOver(true), [])
  const own = useEmergency({ enabled: rights.includes(emergencyRight) }).data?.open.find((one) => one.id === id)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const facts = data.record as unknown as Facts
  const nameOf = (one: string) => data.titles['directory.person']?.[one] ?? '—'
  const isMine = person?.id === facts.person
  const isRunning = facts.status === 'open' && !isOver && new Date(facts.until).getTime() > openedAt
  const isWaiting = facts.status === 'open' || facts.status === 'ended'
  const due = untilDue(facts.reviewDue)
  const endOwn = async () => {
    if (own) await end(id, own)
    void refetch()
  }
  return (
    <div className="x-security">
      <Part
        title={isRunning ? '正在进行' : isWaiting ? '待复核' : emergencyStates[facts.status].label}
        hint={isWaiting && <Tag tone={due.tone}>复核{due.text}</Tag>}
        acts={own && isRunning && <Button onClick={() => void endOwn()}>结束</Button>}
      >
        <dl className="x-security-facts">
          <dt>访问</dt>
          <dd>{nameOf(facts.person)} 查看{facts.recordLabel}“{facts.recordTitle}”</dd>
          <dt>理由</dt>
          <dd>{emergencyCauses[facts.cause]}：{facts.reason}</dd>
          <dt>时间</dt>
          <dd>
            {formatInstant(facts.from)} 至 {formatInstant(facts.endedAt ?? facts.until).slice(11)}
            {isRunning && <>（<TimeLeft until={facts.until} onOver={over} />）</>}
            {facts.end && `（${emergencyEnds[facts.end]}）`}
            {facts.reads !== null && `，读取 ${facts.reads} 次`}
          </dd>
          {facts.reviewedAt && (
            <>
              <dt>复核</dt>
              <dd>{nameOf(facts.reviewer)}，{formatInstant(facts.reviewedAt)}：{facts.review}</dd>
            </>
          )}
        </dl>
        {isWaiting && (rights.includes('security.reviewEmergency') && !isMine ? <Judge id={id} isRunning={isRunning} /> : <p className="x-muted">由安全管理员在 {formatInstant(facts.reviewDue).slice(5)} 前复核。</p>)}
      </Part>
    </div>
  )
} // prettier-ignore

function Judge({ id, isRunning }: { id: string; isRunning: boolean }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [review, setReview] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState<EmergencyVerdict | null>(null)
  async function judge(verdict: EmergencyVerdict) {
    if (!review.trim()) return setProblem('请写明复核意见')
    setBusy(verdict)
    try {
      await api.post(`/api/emergency/${id}/review`, { verdict, review })
      void message.success(verdict === 'justified' ? '已复核：理由成立' : '已复核：理由不成立，已告知本人和科室负责人')
    } catch (error) {
      setProblem(messageOf(error))
    }
    setBusy(null)
    forgetRecord(client, resource, id)
    for (const queryKey of [keys.tasks, keys.counts]) void client.invalidateQueries({ queryKey })
  }
  return (
    <div className="x-review">
      <label htmlFor="emergency-review">复核意见（访问人会看到）</label>
      <Input.TextArea id="emergency-review" rows={3} value={review} maxLength={500} status={problem ? 'error' : ''} placeholder="如：已核对当晚值班表，确为本人值班" onChange={(event) => (setReview(event.target.value), setProblem(''))} />
      {problem && <p className="x-problem" role="alert">{problem}</p>}
      {isRunning && <p className="x-muted">结束后才能确认理由成立；认为理由不成立的，访问立即结束。</p>}
      <div className="x-review-acts">
        <Button type="primary" disabled={isRunning || busy !== null} loading={busy === 'justified'} onClick={() => void judge('justified')}>
          理由成立
        </Button>
        <Button danger disabled={busy !== null} loading={busy === 'unjustified'} onClick={() => void judge('unjustified')}>
          理由不成立
        </Button>
      </div>
    </div>
  )
} // prettier-ignore
export default definePanel({ label: '复核', component: Review })
