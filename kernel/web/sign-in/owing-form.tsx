import type { Me } from '#model'
import { lazy, Suspense, useEffect, useId, useState, type FormEvent } from 'react'
import { signOut } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import type { Wanted } from '../api/session.ts'
import { BindForm, startBinding, type BindingStarted } from './bind-form.tsx'
import './sign-in.css'

const PasswordForm = lazy(() => import('./password-form.tsx').then((found) => ({ default: found.PasswordForm })))
interface Props {
  owes: Exclude<Wanted, 'signIn'>
  account: string
  onDone: (me: Me) => void
}
/** What somebody who is signed in owes before the server does anything else for him: a password of his own, or a second factor. */
export function OwingForm({ owes, account, onDone }: Props) {
  return (
    <>
      <p className="si-note">
        {account}，
        {owes === 'password' ? '请先设置自己的新密码：原密码是一次性的，或已到期、太弱。' : '按防护策略，登录须用动态口令，请先绑定。'}
      </p>
      {owes === 'password' ? (
        <Suspense fallback={<p role="status">正在打开…</p>}>
          <PasswordForm onDone={onDone} />
        </Suspense>
      ) : (
        <FirstBinding onDone={onDone} />
      )}
      <div className="si-links">
        <button type="button" onClick={() => void signOut()}>
          换个账号登录
        </button>
      </div>
    </>
  )
}

/** Begins at once where somebody has just signed in; else asks for his password first. */
function FirstBinding({ onDone }: Pick<Props, 'onDone'>) {
  const id = useId()
  const [started, setStarted] = useState<BindingStarted | null>(null)
  const [asked, setAsked] = useState<{ problem: string; password: boolean } | null>(null)
  const [password, setPassword] = useState('')
  const start = (proof: { password?: string }) =>
    void startBinding(proof).then(setStarted, (error: unknown) => setAsked({ problem: messageOf(error), password: error instanceof ApiError && error.problem.code === 'wrongPassword' }))
  useEffect(() => start({}), [])
  if (started) return <BindForm started={started} onDone={onDone} />
  if (!asked) return <p role="status">正在准备…</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(asked.password ? { password } : {})
  }
  return (
    <form className="si-form" onSubmit={submit} noValidate>
      {asked.password && (
        <>
          <p className="si-note">您登录已有一段时间，绑定前请再填写一次密码。</p>
          <label htmlFor={id}>当前密码</label>
          <input id={id} type="password" autoComplete="current-password" autoFocus value={password} aria-describedby={`${id}e`} onChange={(event) => setPassword(event.target.value)} />
        </>
      )}
      <p id={`${id}e`} className="si-problem" role="alert">
        {asked.problem}
      </p>
      <button className="si-submit" disabled={asked.password && password === ''}>
        {asked.password ? '继续' : '重试'}
      </button>
    </form>
  )
} // prettier-ignore
