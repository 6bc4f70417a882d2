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
          <path d="M40 380C40 170 160 40 370 30c-12 200-130 320-280 322" />
          <path d="M40 380c56-96 130-172 226-228M96 292c24 20 56 28 96 22M150 226c30 14 62 16 98 6M208 172c24 6 48 6 74-4" />
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
