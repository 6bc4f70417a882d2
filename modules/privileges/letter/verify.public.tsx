import { useEffect, useState } from 'react'
import './verify.css'

interface Answer {
  hospital: string
  number: string
  name: string
  issuedOn: string
  asOf: string
  lines: { name: string; code: string; level: string; from: string; to: string | null; valid: boolean; state: string }[]
}

/** What the QR of a 授权书 leads to: is the paper genuine, and what of it holds today. Read on anybody's phone, without signing in. */
export default function VerifyPage({ rest }: { rest: string }) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    const ask = async () => {
      const response = await fetch(`/api/verify/${encodeURIComponent(rest)}`).catch(() => null)
      if (!response) return setProblem('连接不上服务器，请稍后再试')
      const body = (await response.json()) as Answer & { title?: string }
      if (response.ok) setAnswer(body)
      else setProblem(body.title ?? '核验失败')
    }
    void ask()
  }, [rest])
  if (problem)
    return (
      <main className="v-page">
        <h1 className="v-bad">✕ 核验未通过</h1>
        <p>{problem}</p>
      </main>
    )
  if (!answer) return <main className="v-page">正在核验…</main>
  return (
    <main className="v-page">
      <h1 className="v-good">✓ 授权书真实</h1>
      <p>
        {answer.hospital} · {answer.number}
      </p>
      <p>
        持有人 <b>{answer.name}</b>，签发于 {answer.issuedOn}
      </p>
      <h2>截至 {answer.asOf} 的状态</h2>
      <ul>
        {answer.lines.map((line) => (
          <li key={line.code}>
            <span>
              {line.name} <small>{line.level}</small>
            </span>
            <span className={line.valid ? 'v-good' : 'v-bad'}>
              {line.valid ? '✓' : '✕'} {line.state}
              {line.valid && line.to && `，至 ${line.to}`}
            </span>
          </li>
        ))}
      </ul>
    </main>
  )
}
