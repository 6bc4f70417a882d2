import { useEffect, useRef } from 'react'
import { leave } from '../api/leave.ts'
import { whoIsThere } from '../api/client.ts'
import { session, useWanted, type Wanted } from '../api/session.ts'
import { OwingForm } from '../sign-in/owing-form.tsx'
import { SignInBox, useSignInFacts } from '../sign-in/sign-in-box.tsx'

/** The session ended in the middle of work, or a policy was tightened: what is wanted is given over the page; what was asked meanwhile is then sent again. */
export function SessionDialog() {
  const wanted = useWanted()
  return wanted ? <Dialog wanted={wanted} /> : null
}

const titles: Readonly<Record<Wanted, string>> = { signIn: '登录已过期', password: '须设置新密码', secondFactor: '须绑定动态口令' }
function Dialog({ wanted }: { wanted: Wanted }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const account = session.me?.account.name ?? ''
  return (
    // Escape must not leave a page whose requests wait for ever.
    <dialog ref={dialog} className="x-popup x-session" aria-labelledby="x-session-title" onCancel={(event) => event.preventDefault()}>
      <h2 id="x-session-title">{titles[wanted]}</h2>
      <p className="x-muted">{wanted === 'signIn' ? '请重新登录后继续' : '完成后继续'}，本页填写的内容都还在。</p>
      {wanted === 'signIn' ? (
        <SignInAgain account={account} />
      ) : (
        <OwingForm owes={wanted} account={account} onDone={(me) => session.set(me)} />
      )}
    </dialog>
  )
}

/** So long after a session has ended the page waits, covered, for its person. */
const awayMs = 5 * 60_000
function SignInAgain({ account }: { account: string }) {
  const facts = useSignInFacts()
  useEffect(() => {
    document.querySelector<HTMLInputElement>('.x-session input[name=password]')?.focus()
    // Nobody came back: what he left here is no longer kept, but for drafts, which the server has.
    const gone = setTimeout(() => void leave(null), awayMs)
    // Signed in beside this page meanwhile: in another window, or through another system.
    const look = () => void whoIsThere().then((me) => me && session.set(me))
    addEventListener('focus', look)
    return () => {
      clearTimeout(gone)
      removeEventListener('focus', look)
    }
  }, [])
  return (
    <>
      <SignInBox facts={facts} account={account} onDone={(me) => session.set(me)} />
      <button type="button" className="x-link" onClick={() => void leave('/')}>
        换个账号登录
      </button>
    </>
  )
}
