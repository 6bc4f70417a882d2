import type { Me, OutsideStep } from '#model'
import { lazy, Suspense, useEffect, useState } from 'react'
import { signedOut } from '../api/client.ts'
import { session, useWanted } from '../api/session.ts'
import { BrandMark } from '../parts/brand-mark.tsx'
import { messageOf } from '../api/problem.ts'
import { outsideReturn, takeReturn } from './outside-return.ts'
import { wayThrough } from './outside-ways.tsx'
import { OwingForm } from './owing-form.tsx'
import { SignInBox, useSignInFacts } from './sign-in-box.tsx'

interface Props {
  onTyping: () => void
  /** Somebody is signed in and owes nothing. */
  onDone: () => void
}

// What few need is loaded when they do: the page stays small for all others.
const OutsideStepForm = lazy(() => import('./outside-step.tsx').then((found) => ({ default: found.OutsideStepForm })))
const opening = <p role="status">正在打开…</p>

const hasSignedOut = location.pathname + location.search === signedOut
if (hasSignedOut) history.replaceState(null, '', '/')
/** Opened within WeCom, and not because somebody signed out. */
let arrives = /wxwork/i.test(navigator.userAgent) && !hasSignedOut

/** How far a sign-in through another system has come. */
interface From {
  isTaking?: boolean
  ticket?: string
  step?: OutsideStep
  /** Why it came to nothing. */
  why?: string | undefined
}

export function SignInPage({ onTyping, onDone }: Props) {
  const wanted = useWanted()
  const [isOpening, setOpening] = useState(false)
  const [from, setFrom] = useState<From>(outsideReturn && 'isTaken' in outsideReturn ? { isTaking: true } : { why: outsideReturn?.problem })
  const facts = useSignInFacts()
  useEffect(() => {
    if (!from.isTaking) return
    void takeReturn().then(
      (taken) => ('ticket' in taken ? setFrom({ ticket: taken.ticket }) : 'binding' in taken ? setFrom({ step: taken }) : proceed(taken)),
      (error: unknown) => setFrom({ why: messageOf(error) }),
    )
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  // Within WeCom it is known who looks: a card leads to its page without a word of this one. Whoever signed out, or came back with a problem, is asked.
  useEffect(() => {
    if (!arrives || outsideReturn || !facts?.ways.some(({ provider }) => provider === 'wecom')) return
    arrives = false
    location.replace(wayThrough('wecom', location.pathname + location.search))
  }, [facts])
  function proceed(next: Me) {
    arrives = false
    session.set(next)
    setFrom({})
    if (next.account.owes) return
    setOpening(true)
    onDone()
  }
  // Somebody took his time over what he owes.
  const why = wanted === 'signIn' ? '登录已过期，请重新登录' : from.why
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
              <p>{facts ? `${facts.hospital} · 医务管理平台` : '医务管理平台'}</p>
            </div>
          </div>
          {isOpening ? (
            opening
          ) : session.me && wanted && wanted !== 'signIn' ? (
            <OwingForm owes={wanted} account={session.me.account.name} onDone={proceed} />
          ) : from.isTaking ? (
            <p role="status">正在登录…</p>
          ) : from.step ? (
            <Suspense fallback={opening}>
              <OutsideStepForm step={from.step} captcha={facts?.captcha} onStep={(step) => setFrom({ step })} onBack={() => setFrom({})} />
            </Suspense>
          ) : (
            <SignInBox key={why ?? from.ticket} facts={facts} ticket={from.ticket} why={why} onTyping={onTyping} onDone={proceed} />
          )}
          <p className="si-privacy">
            <a href="/privacy" target="_blank" rel="noreferrer">
              隐私政策
            </a>
          </p>
        </div>
      </main>
    </div>
  )
}
