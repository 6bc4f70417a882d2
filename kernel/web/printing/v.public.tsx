import type { Problem, VerifiedPrint } from '#model'
import { useEffect, useState } from 'react'
import { askPublic } from '../sharing/ask-public.ts'
import '../sharing/s.css'
import './p.css'

const words: Record<VerifiedPrint['state'], { title: string; text: string }> = {
  valid: { title: '✓ 打印件真实，内容没有变化', text: '系统中的记录自打印以来没有改动。' },
  changed: { title: '! 打印件真实，但记录后来有改动', text: '纸上的内容可能不是最新的，请向医院核实。' },
  voided: { title: '✕ 打印件已作废', text: '这条记录已删除或不再有效，纸上的内容不能作为依据。' },
}
/** What the code on a paper leads to: did this hospital print it, and does it still hold. Read on anybody's phone, without signing in. */
export default function VerifyPrintPage({ rest }: { rest: string }) {
  const [answer, setAnswer] = useState<VerifiedPrint | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => {
    void askPublic<VerifiedPrint>('GET', `/api/v/${encodeURIComponent(rest)}`).then((found) =>
      'problem' in found ? setProblem(found.problem) : setAnswer(found.answer),
    )
  }, [rest])
  if (problem)
    return (
      <main className="s-page">
        <div className="s-card s-dead" role="alert">
          <h1>{problem.status === 404 ? '✕ 核验未通过' : '暂时不能核验'}</h1>
          <p>{problem.title}</p>
        </div>
      </main>
    )
  if (!answer) return <main className="s-page">正在核验…</main>
  const { title, text } = words[answer.state]
  const facts = [
    { label: '出具单位', text: answer.hospital },
    { label: '种类', text: [answer.kind, answer.template].filter(Boolean).join(' · ') },
    { label: '打印日期', text: answer.printedOn },
    { label: '打印编号', text: answer.number },
    ...answer.shown,
  ]
  return (
    <main className="s-page">
      <header>
        <p>{answer.hospital}</p>
        <h1 className={`p-${answer.state}`}>{title}</h1>
        <p>{text}</p>
      </header>
      <section className="s-card">
        <h2>请与纸上的内容核对</h2>
        <dl>
          {facts.map((fact, at) => (
            <div key={at}>
              <dt>{fact.label}</dt>
              <dd>{fact.text || '—'}</dd>
            </div>
          ))}
        </dl>
        <p className="s-note">截至 {answer.asOf}</p>
      </section>
    </main>
  )
}
