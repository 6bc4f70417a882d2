import type { PrivacyAnswer } from '#model'
import { useEffect, useState } from 'react'
import { NoticeText } from './notice-text.tsx'

/** 隐私政策, for anybody, signed in or not. */
export default function PrivacyPage() {
  const [answer, setAnswer] = useState<PrivacyAnswer | null>(null)
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    fetch('/api/privacy')
      .then(async (response) => (response.ok ? setAnswer((await response.json()) as PrivacyAnswer) : setAway(true)))
      .catch(() => setAway(true))
  }, [])
  return (
    <main className="x-notice-page">
      <header>
        <p>{answer?.hospital}</p>
        <h1>隐私政策</h1>
      </header>
      {isAway ? (
        <p role="alert">暂时读不到，请稍后刷新</p>
      ) : !answer ? (
        <p role="status">正在打开…</p>
      ) : answer.policy ? (
        <NoticeText policy={answer.policy} />
      ) : (
        <p>本院还没有发布隐私政策</p>
      )}
    </main>
  )
}
