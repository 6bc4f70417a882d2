import type { Me, SignInPageFacts } from '#model'
import { lazy, Suspense, useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { OutsideWays } from './outside-ways.tsx'
import { SignInForm } from './sign-in-form.tsx'

const ResetForm = lazy(() => import('./reset-form.tsx').then((found) => ({ default: found.ResetForm })))

/** What the hospital offers to sign in; null until it is known, or while no answer comes. Without it the form serves as well: a picture is asked then when one is needed. */
export function useSignInFacts(): SignInPageFacts | null {
  const [facts, setFacts] = useState<SignInPageFacts | null>(null)
  useEffect(() => void api.get<SignInPageFacts>('/api/sign-in').then(setFacts, () => undefined), [])
  return facts
}

interface Props {
  facts: SignInPageFacts | null
  /** Asked again in the middle of work: the account is known, and the page below waits. */
  account?: string | undefined
  /** The second factor of a sign-in that began elsewhere. */
  ticket?: string | undefined
  /** Said before anything is typed. */
  why?: string | undefined
  onTyping?: () => void
  onDone: (me: Me) => void
}
/** Every way to sign in: account and password, other systems, a password that was forgotten. */
export function SignInBox({ facts, account, ticket, why, onTyping, onDone }: Props) {
  const [isResetting, setResetting] = useState(false)
  const [notice, setNotice] = useState<string | undefined>()
  if (isResetting)
    return (
      <Suspense fallback={<p role="status">正在打开…</p>}>
        <ResetForm onDone={(done) => (setResetting(false), setNotice(done))} />
      </Suspense>
    )
  return (
    <>
      {notice && (
        <p className="si-note" role="status">
          {notice}
        </p>
      )}
      <SignInForm
        account={account}
        captcha={facts?.captcha}
        ticket={ticket}
        why={why}
        onForgotten={facts?.reset ? () => setResetting(true) : undefined}
        onTyping={onTyping}
        onDone={onDone}
      />
      <OutsideWays ways={facts?.ways ?? []} isBeside={account !== undefined} />
    </>
  )
}
