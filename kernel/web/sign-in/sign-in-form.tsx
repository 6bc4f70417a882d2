import type { Me, OutsideStep, SecondFactorAsked } from '#model'
import { useId, useRef, useState, type FormEvent } from 'react'
import { ApiError, messageOf } from '../api/problem.ts'
import { loadSm2, postSealed } from '../api/seal-passwords.ts'
import { CaptchaInput, type Captcha } from './captcha.tsx'
import { CodeForm } from './code-form.tsx'
import { SecretInput } from './secret-input.tsx'
import './sign-in.css'

interface Props {
  /** Asked again in the middle of work: the account is known. */
  account?: string | undefined
  /** A picture is to be read each time. */
  captcha?: boolean | undefined
  /** What account and password are for, where not to sign in. */
  act?: { path: string; label: string; busy: string } | undefined
  /** The second factor of a sign-in that began elsewhere. */
  ticket?: string | undefined
  /** Said before anything is typed. */
  why?: string | undefined
  onTyping?: (() => void) | undefined
  /** Leads to another password; without it there is no such way. */
  onForgotten?: (() => void) | undefined
  onDone?: (me: Me) => void
  onStep?: (step: OutsideStep) => void
}

export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** Account and password, a picture where one is asked, then the second factor where there is one. */
export function SignInForm({
  account,
  captcha = false,
  act = signIn,
  ticket: begun,
  why = '',
  onTyping,
  onForgotten,
  onDone,
  onStep,
}: Props) {
  // prettier-ignore
  const id = useId()
  const [problem, setProblem] = useState(why)
  const [isBusy, setBusy] = useState(false)
  const [hasFailed, setFailed] = useState(false)
  const needsPicture = captcha || hasFailed
  const [round, setRound] = useState(0)
  const [read, setRead] = useState<Captcha | null>(null)
  const [ticket, setTicket] = useState<string | null>(begun ?? null)
  const password = useRef<HTMLInputElement>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = { account: textOf(form, 'account').trim(), password: textOf(form, 'password') }
    if (!given.account || !given.password) return setProblem(given.account ? '请填写密码' : '请填写账号')
    if (needsPicture && !read) return setProblem('请填写图形验证码')
    setBusy(true)
    setProblem('')
    try {
      const answer = await postSealed<Me | SecondFactorAsked | OutsideStep>(
        act.path,
        { account: given.account, captcha: read ?? undefined },
        { password: given.password },
      )
      if ('ticket' in answer) setTicket(answer.ticket)
      else if ('binding' in answer) onStep?.(answer)
      else onDone?.(answer)
    } catch (error) {
      setProblem(messageOf(error))
      if (error instanceof ApiError && error.problem['captcha']) setFailed(true)
      setRound((n) => n + 1)
      setRead(null)
      password.current?.select()
    }
    setBusy(false)
  }

  if (ticket) return <CodeForm ticket={ticket} onDone={(me) => onDone?.(me)} onBack={(why) => (setTicket(null), setProblem(why))} />
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <label htmlFor={`${id}a`}>账号</label>
      <input
        id={`${id}a`}
        name="account"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="账号名或工号"
        defaultValue={account}
        readOnly={account !== undefined}
        autoFocus={account === undefined}
      />
      <div className="si-label">
        <label htmlFor={`${id}p`}>密码</label>
        {onForgotten && (
          <button type="button" onClick={onForgotten}>
            忘记密码
          </button>
        )}
      </div>
      <SecretInput
        id={`${id}p`}
        ref={password}
        name="password"
        autoComplete="current-password"
        autoFocus={account !== undefined}
        describedBy={`${id}e`}
        isInvalid={problem !== ''}
        onTyping={() => {
          void loadSm2()
          onTyping?.()
        }}
        onCapsLock={(isOn) => setProblem((before) => (before && before !== capsLock ? before : isOn ? capsLock : ''))}
      />
      {needsPicture && <CaptchaInput key={round} onChange={setRead} />}
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem}
      </p>
      <button className="si-submit" disabled={isBusy}>
        {isBusy ? act.busy : act.label}
      </button>
    </form>
  )
}
const signIn = { path: '/api/sign-in', label: '登录', busy: '正在登录…' }
const capsLock = '大写锁定已打开'
