import type { Me } from '#model'
import { useId, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'

interface Props {
  ticket: string
  onDone: (me: Me) => void
  /** Back to the password, and why. */
  onBack: (why: string) => void
}
/** The second factor: six digits of the authenticator, sent as soon as they are there; or a recovery code. */
export function CodeForm({ ticket, onDone, onBack }: Props) {
  const id = useId()
  const [code, setCode] = useState('')
  const [isRecovery, setRecovery] = useState(false)
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function send(given: string) {
    setBusy(true)
    setProblem('')
    try {
      onDone(await api.post<Me>('/api/sign-in/second', { ticket, code: given }))
    } catch (error) {
      if (error instanceof ApiError && (error.problem.code === 'ticketEnded' || error.problem.code === 'accountLocked')) return onBack(error.message) // prettier-ignore
      setProblem(messageOf(error))
      setCode('')
    }
    setBusy(false)
  }
  function type(text: string) {
    setCode(text)
    const digits = text.normalize('NFKC').replace(/\s/g, '')
    if (!isRecovery && /^\d{6}$/.test(digits) && !isBusy) void send(digits)
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!code.trim()) return setProblem(isRecovery ? '请填写恢复码' : '请填写 6 位动态口令')
    void send(code)
  }
  return (
    <form className="si-form" onSubmit={submit} noValidate>
      <label htmlFor={id}>{isRecovery ? '恢复码' : '动态口令'}</label>
      <input
        key={String(isRecovery)}
        id={id}
        className="si-code"
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={14}
        placeholder={isRecovery ? '如 ABCDE-23456' : '身份验证器中的 6 位数字'}
        value={code}
        autoFocus
        aria-describedby={`${id}e`}
        aria-invalid={problem !== ''}
        onChange={(event) => type(event.target.value)}
      />
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem}
      </p>
      <button className="si-submit" disabled={isBusy}>
        {isBusy ? '正在验证…' : '验证'}
      </button>
      <div className="si-links">
        <button type="button" onClick={() => (setRecovery(!isRecovery), setCode(''), setProblem(''))}>
          {isRecovery ? '用动态口令' : '手机不在身边，用恢复码'}
        </button>
        <button type="button" onClick={() => onBack('')}>
          换个账号
        </button>
      </div>
    </form>
  )
}
