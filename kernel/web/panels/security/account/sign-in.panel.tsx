import type { AccountSignIn, ResetAnswer, ResetItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { forgetRecord, useMe } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { ago } from '../../../parts/ago.ts'
import { AskReason } from '../../../parts/ask-reason.tsx'
import { Failed, Notice, Skeleton } from '../../../parts/states.tsx'
import { definePanel } from '../../../pages.ts'
import { Part } from '../../../security/own-page.tsx'
import { SessionList } from '../../../security/session-list.tsx'
import '../../../security/security.css'

const whatLabels: Record<ResetItem['what'], string> = { password: '密码', secondFactor: '动态口令' }

/** An account as its officers handle it: unlock, one-time password, sessions, and what needs a second officer. */
function AccountPanel({ id }: { resource: string; id: string }) {
  const { rights } = useMe()
  const key = ['account-sign-in', id]
  const mayKeep = rights.includes('security.accounts')
  const mayLook = mayKeep || rights.includes('security.confirmResets')
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<AccountSignIn>(`/api/accounts/${id}/sign-in`, {}, signal),
    enabled: mayLook,
  })
  const [asking, setAsking] = useState<ResetItem['what'] | null>(null)
  const [told, setTold] = useState<string | null>(null)
  const client = useQueryClient()
  const { message } = App.useApp()
  async function act(path: string, body: object, done: string) {
    try {
      const answer = await api.post<ResetAnswer>(path, body)
      if (answer.password) setTold(answer.password)
      else {
        void message.success(answer.waits ? '已提出，须由另一位管理员同意' : done)
        forgetRecord(client, 'security.account', id)
      }
    } catch (problem) {
      void message.error(messageOf(problem))
    }
    await client.invalidateQueries({ queryKey: key })
  }
  // Not before: reading the record anew takes this panel, and with it a password that is shown once, from the page.
  function close() {
    setTold(null)
    forgetRecord(client, 'security.account', id)
  }
  if (!mayLook) return <Notice kind="noRight" title="没有权限" text="账号的登录情况只有系统管理员和安全管理员能看" />
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  return (
    <div className="x-security">
      {data.lockedUntil && (
        <Part title="已锁定" hint={`连续输错次数过多，${ago(data.lockedUntil)}自动解锁`} acts={mayKeep && <Button onClick={() => void act(`/api/accounts/${id}/unlock`, {}, '已解锁')}>立即解锁</Button>}>
          {null}
        </Part>
      )}
      {data.resets.map((reset) => (
        <OpenReset key={reset.id} reset={reset} onAct={(verb, body) => void act(`/api/account-resets/${reset.id}/${verb}`, body, '已办理')} />
      ))}
      {mayKeep && (
        <Part title="重置" hint={`恢复码还剩 ${data.recoveryCodesLeft} 个`} acts={<><Button onClick={() => setAsking('password')}>发一次性密码</Button><Button onClick={() => setAsking('secondFactor')}>解除动态口令</Button></>}>
          <p className="x-muted">解除动态口令，以及三员账号的重置，须由另一位管理员同意后才能执行</p>
        </Part>
      )}
      <Part
        title="登录的设备"
        acts={
          mayKeep && data.sessions.length > 0 && (
            <Popconfirm title="让此账号在所有设备上退出登录？" okText="全部退出" cancelText="取消" onConfirm={() => void act(`/api/accounts/${id}/sessions/end`, {}, '已全部退出')}>
              <Button danger>全部退出</Button>
            </Popconfirm>
          )
        }
      >
        <SessionList sessions={data.sessions} />
      </Part>
      {asking && (
        <AskReason
          title={asking === 'password' ? '发一次性密码' : '解除动态口令'}
          act="确定"
          placeholder="如：本人持工牌到场，手机丢失"
          onClose={() => setAsking(null)}
          onGive={(reason) => (setAsking(null), void act(`/api/accounts/${id}/reset`, { what: asking, reason }, '已办理'))}
        />
      )}
      <Modal title="一次性密码" open={told !== null} onCancel={close} footer={<Button type="primary" onClick={close}>已告知本人</Button>}>
        <p>请当面或电话告知本人，登录后须立即修改。关闭后不再显示。</p>
        <p className="x-one-time">{told}</p>
      </Modal>
    </div>
  )
} // prettier-ignore

function OpenReset({ reset, onAct }: { reset: ResetItem; onAct: (verb: 'judge' | 'carry-out', body: object) => void }) {
  const state = reset.status === 'waiting' ? '待另一位管理员同意' : `${reset.confirmedByName ?? ''}已同意，待${reset.askedByName}执行`
  const acts = reset.may.confirm ? (
    <>
      <Button onClick={() => onAct('judge', { agree: false })}>不同意</Button>
      <Button type="primary" onClick={() => onAct('judge', { agree: true })}>
        同意
      </Button>
    </>
  ) : (
    reset.may.carryOut && (
      <Button type="primary" onClick={() => onAct('carry-out', {})}>
        执行
      </Button>
    )
  )
  return (
    <Part title={`重置${whatLabels[reset.what]}`} hint={state} acts={acts}>
      <p className="x-muted">
        {reset.askedByName}，{ago(reset.askedAt)}：{reset.reason}
      </p>
    </Part>
  )
}
export default definePanel({ label: '登录情况', component: AccountPanel })
