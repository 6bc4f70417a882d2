import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { outsideProviders, type OutsideProvider } from '#model'
import { api } from '../../../api/client.ts'
import { forgetRecord, useMe, useRecord } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { ago } from '../../../parts/ago.ts'
import { AskReason } from '../../../parts/ask-reason.tsx'
import { definePanel } from '../../../pages.ts'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'

const resource = 'security.binding'
type Verdict = 'approve' | 'refuse' | 'end'
const done: Record<Verdict, string> = { approve: '已通过，下次可直接登录', refuse: '已驳回', end: '已解除' }

/** A binding as an officer decides on it, and as its own person ends it. */
function BindingPanel({ id }: { resource: string; id: string }) {
  const { rights, person } = useMe()
  const { data, error, refetch } = useRecord(resource, id)
  const client = useQueryClient()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<'refuse' | 'end' | null>(null)
  const [busy, setBusy] = useState<Verdict | null>(null)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={2} />
  const { status, decidedAt, reason, createdAt, person: whose, account, provider, name, subject, device, address } = data.record as Record<string, string | null> // prettier-ignore
  const titleOf = (of: string, one: string | null | undefined) => (one ? (data.titles[of]?.[one] ?? '—') : '未关联人员')
  const isMine = whose !== null && whose === person?.id
  const mayJudge = rights.includes('security.bindings') && !isMine
  async function act(verdict: Verdict, path: string, body: object) {
    setBusy(verdict)
    try {
      await api.post(path, body)
      void message.success(done[verdict])
    } catch (problem) {
      void message.error(messageOf(problem))
    }
    setBusy(null)
    forgetRecord(client, resource, id)
  }
  const judge = (verdict: Verdict, why?: string) => act(verdict, `/api/bindings/${id}/judge`, { verdict, reason: why })
  const endOwn = () => act('end', `/api/me/bindings/${id}/end`, {})
  const isWaiting = status === 'waiting'
  const isOpen = isWaiting || status === 'active'
  const acts = mayJudge ? (
    isWaiting ? (
      <>
        <Button disabled={busy !== null} onClick={() => setAsking('refuse')}>
          驳回
        </Button>
        <Button type="primary" loading={busy === 'approve'} onClick={() => void judge('approve')}>
          通过
        </Button>
      </>
    ) : (
      status === 'active' && (
        <Button danger onClick={() => setAsking('end')}>
          解除绑定
        </Button>
      )
    )
  ) : (
    isMine &&
    isOpen && (
      <Button loading={busy === 'end'} onClick={() => void endOwn()}>
        {isWaiting ? '撤回申请' : '解除绑定'}
      </Button>
    )
  )
  return (
    <div className="x-security">
      <Part title={isWaiting ? '待审批' : status === 'active' ? '已绑定' : status === 'refused' ? '已驳回' : '已解除'} hint={decidedAt ? ago(decidedAt) : `${ago(createdAt!)}申请`} acts={acts}>
        <dl className="x-security-facts">
          <dt>账号</dt>
          <dd>{titleOf('directory.person', whose)}（{titleOf('security.account', account)}）</dd>
          <dt>{outsideProviders[provider as OutsideProvider]}</dt>
          <dd>{name === subject ? name : `${name}（${subject}）`}</dd>
          <dt>申请自</dt>
          <dd>{[device, address].filter(Boolean).join('，') || '—'}</dd>
        </dl>
        <p className="x-muted">
          {isWaiting ? '申请时已核对账号和密码。请确认对方标识属于本人；通过后，用它登录不再需要密码，动态口令和账号的其他限制照旧。' : (reason ?? (status === 'active' ? '用它登录不再需要密码' : ''))}
          {isMine && rights.includes('security.bindings') && isWaiting && ' 自己的申请由另一位管理员办理。'}
        </p>
      </Part>
      {asking && (
        <AskReason
          title={asking === 'refuse' ? '驳回' : '解除绑定'}
          hint="申请人会看到"
          placeholder={asking === 'refuse' ? '如：请本人持工牌到信息中心核对' : '如：离职、换岗'}
          isDanger
          onClose={() => setAsking(null)}
          onGive={(why) => (setAsking(null), void judge(asking, why))}
        />
      )}
    </div>
  )
} // prettier-ignore

export default definePanel({ label: '审批', component: BindingPanel })
