import { useId, useState, type FormEvent } from 'react'
import { SecretInput } from '../sign-in/secret-input.tsx'

export interface Proof {
  password?: string
  code?: string
}
/** Asks once more for what proves a person: his password, or a code where he has an authenticator. */
export function ProofForm({ kind, problem, onProof }: { kind: 'password' | 'code'; problem: string; onProof: (proof: Proof) => void }) {
  const id = useId()
  const [text, setText] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  function submit(event: FormEvent) {
    event.preventDefault()
    setEmpty(!text.trim())
    if (text.trim()) onProof({ [kind]: text })
  }
  return (
    <form className="si-form" onSubmit={submit} noValidate>
      <label htmlFor={id}>{kind === 'password' ? '请再输入一次密码' : '请输入现在的动态口令或恢复码'}</label>
      {kind === 'password' ? (
        <SecretInput
          id={id}
          name="password"
          autoComplete="current-password"
          autoFocus
          describedBy={`${id}e`}
          isInvalid={problem !== ''}
          onTyping={setText}
        />
      ) : (
        <input
          id={id}
          className="si-code"
          autoComplete="one-time-code"
          maxLength={14}
          autoFocus
          aria-describedby={`${id}e`}
          aria-invalid={problem !== ''}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <p id={`${id}e`} className="si-problem" role="alert">
        {isEmpty ? '请填写' : problem}
      </p>
      <button className="si-submit">下一步</button>
    </form>
  )
}
