import type { NewCodes, OwnSignIn } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { session } from '../api/session.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { BindForm, startBinding, type BindingStarted } from '../sign-in/bind-form.tsx'
import { RecoveryCodes } from '../sign-in/recovery-codes.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { ProofForm, type Proof } from './proof-form.tsx'
import { SessionList } from './session-list.tsx'
import './security.css'

const key = ['own-sign-in']
/** 登录与安全: password, second factor, where one is signed in. */
export default function OwnSecurityPage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<OwnSignIn>('/api/me/sign-in', {}, signal) })
  return (
    <div className="x-page x-security">
      <PageHead title="登录与安全" />
      {error ? <Failed error={error} retry={() => void refetch()} /> : data ? <Parts own={data} /> : <Skeleton rows={8} />}
    </div>
  )
}

function Parts({ own }: { own: OwnSignIn }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [isChanging, setChanging] = useState(false)
  const refresh = () => void client.invalidateQueries({ queryKey: key })
  async function end(path: string) {
    try {
      await api.post(path)
      void message.success('已退出')
    } catch (error) {
      void message.error(messageOf(error))
    }
    refresh()
  }
  const others = own.sessions.length - 1
  return (
    <>
      <Part title="密码" acts={<Button onClick={() => setChanging(true)}>修改密码</Button>}>
        <p className="x-muted">
          {own.passwordEnds ? `有效到 ${own.passwordEnds}，到期后登录须先修改` : '尚未设置'}；不得与最近 {own.policy.passwordsRemembered}{' '}
          个相同
          {own.validUntil && <>。账号有效期到 {own.validUntil}</>}
        </p>
        <PasswordDialog isOpen={isChanging} onClose={() => (setChanging(false), refresh())} />
      </Part>
      <SecondFactor own={own} onChanged={refresh} />
      <Part
        title="登录的设备"
        hint={`至多 ${own.policy.sessionsAtOnce} 处`}
        acts={others > 0 && <Button onClick={() => void end('/api/me/sessions/end-others')}>退出其他 {others} 处</Button>}
      >
        <SessionList sessions={own.sessions} onEnd={(id) => void end(`/api/me/sessions/${id}/end`)} />
        <div className="x-security-links">
          <Link to="/r/security.signIn">我的登录记录</Link>
          <Link to="/r/security.binding">我的账号绑定</Link>
          <Link to="/r/security.emergencyAccess">与我有关的应急访问</Link>
        </div>
      </Part>
    </>
  )
}

type Step = 'bind' | 'codes' | 'remove'
const stepTitles: Record<Step, string> = { bind: '绑定动态口令', codes: '重新生成恢复码', remove: '停用动态口令' }
function SecondFactor({ own, onChanged }: { own: OwnSignIn; onChanged: () => void }) {
  const [step, setStep] = useState<Step | null>(null)
  const isBound = own.secondFactor === 'totp'
  return (
    <Part
      title="动态口令（双因子）"
      hint={isBound ? <Tag tone="good">已绑定</Tag> : <Tag tone="neutral">未绑定</Tag>}
      acts={
        <>
          <Button type={isBound ? 'default' : 'primary'} onClick={() => setStep('bind')}>
            {isBound ? '重新绑定' : '绑定'}
          </Button>
          {isBound && <Button onClick={() => setStep('codes')}>恢复码</Button>}
          {isBound && !own.mustHaveSecondFactor && <Button onClick={() => setStep('remove')}>停用</Button>}
        </>
      }
    >
      <p className="x-muted">
        {isBound ? `登录时在密码之外还要手机上的 6 位数字。恢复码还剩 ${own.recoveryCodesLeft} 个` : '绑定手机上的身份验证器后，别人即使知道密码也不能登录'}
        {own.mustHaveSecondFactor && '。按防护策略必须使用'}
      </p>
      {isBound && own.recoveryCodesLeft < 3 && <p className="x-problem">恢复码快用完了，请重新生成</p>}
      <Modal title={step && stepTitles[step]} open={step !== null} footer={null} width={420} destroyOnHidden onCancel={() => (setStep(null), onChanged())}>
        {step && <StepForm step={step} isBound={isBound} onDone={() => (setStep(null), onChanged())} />}
      </Modal>
    </Part>
  )
} // prettier-ignore

/** Whoever changes what proves him proves himself once more, then does it. */
function StepForm({ step, isBound, onDone }: { step: Step; isBound: boolean; onDone: () => void }) {
  const { message } = App.useApp()
  const [started, setStarted] = useState<BindingStarted | null>(null)
  const [problem, setProblem] = useState('')
  const [codes, setCodes] = useState<string[] | null>(null)
  async function go(given: Proof) {
    setProblem('')
    try {
      if (step === 'bind') return setStarted(await startBinding(given))
      const answer = await api.post<Partial<NewCodes>>(`/api/me/second-factor/${step}`, given)
      if (answer.codes) return setCodes(answer.codes)
      void message.success('已停用')
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (!started) return <ProofForm kind={isBound ? 'code' : 'password'} problem={problem} onProof={(given) => void go(given)} />
  return (
    <BindForm
      started={started}
      onDone={(me) => {
        session.set(me)
        onDone()
      }}
    />
  )
}

export function Part({ title, hint, acts, children }: { title: string; hint?: ReactNode; acts?: ReactNode; children: ReactNode }) {
  return (
    <section className="x-card x-security-part">
      <header>
        <h2>{title}</h2>
        {hint && <span className="x-muted">{hint}</span>}
        <span className="x-space" />
        {acts && <span className="x-security-acts">{acts}</span>}
      </header>
      {children}
    </section>
  )
}
