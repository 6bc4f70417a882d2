import { useEffect, useRef } from 'react'
import { useIsExpired } from '../api/hooks.ts'
import { session } from '../api/session.ts'
import { SignInForm } from '../sign-in/sign-in-form.tsx'

/** The session ended in the middle of work: sign in over the page; what was asked meanwhile is then sent again. */
export function SessionDialog() {
  return useIsExpired() ? <Dialog /> : null
}

function Dialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLInputElement>('input[name=password]')?.focus()
  }, [])
  const account = session.me?.account.name
  return (
    // Escape must not leave a page whose requests wait for ever.
    <dialog ref={dialog} className="x-popup x-session" aria-labelledby="x-session-title" onCancel={(event) => event.preventDefault()}>
      <h2 id="x-session-title">登录已过期</h2>
      <p className="x-muted">请重新登录后继续，本页填写的内容都还在。</p>
      <SignInForm account={account} onDone={(me) => session.set(me)} />
      <button type="button" className="x-link" onClick={() => location.assign('/')}>
        换个账号登录
      </button>
    </dialog>
  )
}
