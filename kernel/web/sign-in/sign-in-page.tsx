import type { Me } from '#model'
import { useState } from 'react'
import { session } from '../api/session.ts'
import { BrandMark } from '../parts/brand-mark.tsx'
import { PasswordForm } from './password-form.tsx'
import { SignInForm } from './sign-in-form.tsx'

interface Props {
  /** Signed in already, but must choose a password first. */
  signedIn: Me | null
  onTyping: () => void
  onDone: (me: Me) => void
}

export function SignInPage({ signedIn, onTyping, onDone }: Props) {
  const [me, setMe] = useState(signedIn)
  const [isOpening, setOpening] = useState(false)
  function proceed(next: Me) {
    session.set(next)
    if (next.account.mustChangePassword) return setMe(next)
    setOpening(true)
    onDone(next)
  }
  return (
    <div className="si-page">
      <aside className="si-aside" aria-hidden="true">
        <svg className="si-leaf" viewBox="0 0 400 400">
          <path d="M52 372C20 190 150 44 372 28 368 246 236 372 52 372Z" />
          <path d="M52 372C112 268 190 182 292 112M112 284c30 14 66 18 104 8M164 218c30 8 62 8 96-4M220 164c22 2 44 0 68-10M138 250c-8-28-8-58 2-90M192 190c-4-22-2-46 8-70" />
        </svg>
        <p>
          谁在这里执业，
          <br />
          各自能做什么，为什么。
        </p>
      </aside>
      <main className="si-main">
        <div className="si-box">
          <div className="si-brand">
            <BrandMark size={36} />
            <div>
              <h1>杏林</h1>
              <p>医务管理平台</p>
            </div>
          </div>
          {isOpening ? (
            <p role="status">正在打开…</p>
          ) : me?.account.mustChangePassword ? (
            <>
              <p className="si-note">{me.account.name}，首次登录请先设置自己的密码。</p>
              <PasswordForm onDone={proceed} />
            </>
          ) : (
            <SignInForm onTyping={onTyping} onDone={proceed} />
          )}
        </div>
      </main>
    </div>
  )
}
