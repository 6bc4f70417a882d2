import type { Me, OwnSignIn } from '#model'
import { passwordRules } from '#kernel/model/security/passwords.ts'
import { useEffect, useId, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { postSealed } from '../api/seal-passwords.ts'
import { NewPassword } from './new-password.tsx'
import { SecretInput } from './secret-input.tsx'
import { textOf } from './sign-in-form.tsx'
import './sign-in.css'

/** Changes the own password; after an initial or an old one this comes before anything else. What is asked of it is ticked off while one types. */
export function PasswordForm({ onDone }: { onDone: (me: Me) => void }) {
  const id = useId()
  const [own, setOwn] = useState<OwnSignIn | null>(null)
  const [next, setNext] = useState('')
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)
  useEffect(() => void api.get<OwnSignIn>('/api/me/sign-in').then(setOwn, (error: unknown) => setProblem(messageOf(error))), [])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [current, again] = ['current', 'again'].map((name) => textOf(form, name))
    if (!current || !next) return setProblem('请填写原密码和新密码')
    if (next !== again) return setProblem('两次输入的新密码不一致')
    setBusy(true)
    setProblem('')
    try {
      await postSealed('/api/password', {}, { current, next })
      onDone(await api.get<Me>('/api/me'))
    } catch (error) {
      setProblem(error instanceof ApiError && error.fieldProblems[0] ? error.fieldProblems[0].message : messageOf(error))
    }
    setBusy(false)
  }
  const rules = own ? passwordRules(own.policy, [own.account, own.staffNumber]) : []
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <label htmlFor={`${id}current`}>原密码</label>
      <SecretInput id={`${id}current`} name="current" autoComplete="current-password" autoFocus describedBy={`${id}e`} />
      <NewPassword id={id} rules={rules} value={next} onTyping={setNext} />
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem}
      </p>
      <button className="si-submit" disabled={isBusy}>
        {isBusy ? '正在保存…' : '保存新密码'}
      </button>
    </form>
  )
}
