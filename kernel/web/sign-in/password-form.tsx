import type { Me } from '#model'
import { useId, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { textOf } from './sign-in-form.tsx'
import './sign-in.css'

/** Changes the own password; after an initial one this comes before anything else. */
export function PasswordForm({ onDone }: { onDone: (me: Me) => void }) {
  const id = useId()
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [current, next, again] = ['current', 'next', 'again'].map((name) => textOf(form, name))
    if (!current || !next) return setProblem('请填写原密码和新密码')
    if (next !== again) return setProblem('两次输入的新密码不一致')
    setBusy(true)
    setProblem('')
    try {
      await api.post('/api/password', { current, next })
      onDone(await api.get<Me>('/api/me'))
    } catch (error) {
      setProblem(error instanceof ApiError && error.fieldProblems[0] ? error.fieldProblems[0].message : messageOf(error))
    }
    setBusy(false)
  }

  const input = (name: string, label: string, autoComplete: string, focus = false) => (
    <>
      <label htmlFor={id + name}>{label}</label>
      <input id={id + name} name={name} type="password" autoComplete={autoComplete} autoFocus={focus} aria-describedby={`${id}e`} />
    </>
  )
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      {input('current', '原密码', 'current-password', true)}
      {input('next', '新密码', 'new-password')}
      {input('again', '再次输入新密码', 'new-password')}
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem}
      </p>
      <button className="si-submit" disabled={isBusy}>
        {isBusy ? '正在保存…' : '保存新密码'}
      </button>
    </form>
  )
}
