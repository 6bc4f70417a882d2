import type { Me } from '#model'
import { useId, useRef, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import './sign-in.css'

interface Props {
  /** Asked again in the middle of work: the account is known. */
  account?: string | undefined
  onTyping?: (() => void) | undefined
  onDone: (me: Me) => void
}

export const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function SignInForm({ account, onTyping, onDone }: Props) {
  const id = useId()
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isShown, setShown] = useState(false)
  const [hasCapsLock, setCapsLock] = useState(false)
  const password = useRef<HTMLInputElement>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = { account: textOf(form, 'account').trim(), password: textOf(form, 'password') }
    if (!given.account || !given.password) return setProblem(given.account ? '请填写密码' : '请填写账号')
    setBusy(true)
    setProblem('')
    try {
      onDone(await api.post<Me>('/api/sign-in', given))
    } catch (error) {
      setProblem(messageOf(error))
      password.current?.select()
    }
    setBusy(false)
  }

  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <label htmlFor={`${id}a`}>账号</label>
      <input
        id={`${id}a`}
        name="account"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="工号或手机号"
        defaultValue={account}
        readOnly={account !== undefined}
        autoFocus={account === undefined}
      />
      <label htmlFor={`${id}p`}>密码</label>
      <div className="si-secret">
        <input
          id={`${id}p`}
          ref={password}
          name="password"
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          autoFocus={account !== undefined}
          aria-describedby={`${id}e`}
          aria-invalid={problem !== ''}
          onChange={onTyping}
          onKeyUp={(event) => setCapsLock(event.getModifierState('CapsLock'))}
        />
        <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? '隐藏' : '显示'}
        </button>
      </div>
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem || (hasCapsLock ? '大写锁定已打开' : '')}
      </p>
      <button className="si-submit" disabled={isBusy}>
        {isBusy ? '正在登录…' : '登录'}
      </button>
    </form>
  )
}
