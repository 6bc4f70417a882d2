import type { Me, NewCodes } from '#model'
import { useEffect, useId, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { postSealed } from '../api/seal-passwords.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import './sign-in.css'

export interface BindingStarted {
  secret: string
  uri: string
}
/** Begins to bind; `proof` is what proves the person once more, where he does not owe the second factor. */
export const startBinding = ({ password, code }: { password?: string; code?: string }): Promise<BindingStarted> =>
  postSealed<BindingStarted>('/api/me/second-factor/start', code === undefined ? {} : { code }, password === undefined ? {} : { password })

/** Binds an authenticator: scan, type its first code, keep the recovery codes. */
export function BindForm({ started, onDone }: { started: BindingStarted; onDone: (me: Me) => void }) {
  const id = useId()
  const [codes, setCodes] = useState<string[] | null>(null)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    try {
      setCodes((await api.post<NewCodes>('/api/me/second-factor/confirm', { code })).codes)
    } catch (error) {
      setProblem(messageOf(error))
      setCode('')
    }
    setBusy(false)
  }
  if (codes) return <RecoveryCodes codes={codes} problem={problem} onDone={() => void api.get<Me>('/api/me').then(onDone, (error: unknown) => setProblem(messageOf(error)))} />
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <p className="si-note">用手机上的身份验证器（如企业微信、微软或谷歌的验证器）扫描，再填写它显示的 6 位数字。绑定后，在其他设备上须重新登录。</p>
      <QrCode text={started.uri} />
      <details className="si-secret-text">
        <summary>不能扫描？手动输入密钥</summary>
        <code>{started.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
      </details>
      <label htmlFor={id}>动态口令</label>
      <input id={id} className="si-code" inputMode="numeric" autoComplete="one-time-code" maxLength={8} value={code} autoFocus aria-describedby={`${id}e`} aria-invalid={problem !== ''} onChange={(event) => setCode(event.target.value)} />
      <p id={`${id}e`} className="si-problem" role="alert">
        {problem}
      </p>
      <button className="si-submit" disabled={isBusy || code.trim().length < 6}>
        {isBusy ? '正在验证…' : '绑定'}
      </button>
    </form>
  )
} // prettier-ignore

/** Drawn by a part of the page that is loaded only here. */
function QrCode({ text }: { text: string }) {
  const [svg, setSvg] = useState('')
  useEffect(() => void import('./qr.ts').then(({ qrSvg }) => setSvg(qrSvg(text))), [text])
  return <div className="si-qr">{svg && <img alt="绑定用的二维码" src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} />}</div>
}
