import type { Problem, PublicShareContent, PublicShareHead, SharedRecord } from '#model'
import { useEffect, useState, type SyntheticEvent } from 'react'
import { PublicForm } from './public-form.tsx'
import { askPublic } from './ask-public.ts'
import './s.css'

/** What a public link leads to, on anybody's phone, without signing in: chosen records, or an empty form. */
export default function SharePage({ rest }: { rest: string }) {
  const token = encodeURIComponent(rest)
  const [head, setHead] = useState<PublicShareHead | null>(null)
  const [content, setContent] = useState<PublicShareContent | null>(null)
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    const ask = async () => {
      const found = await askPublic<PublicShareHead>('GET', `/api/s/${token}`)
      if ('problem' in found) return setProblem(found.problem)
      if (found.answer.needsPassword) return setHead(found.answer)
      await open('')
    }
    void ask()
    // Asked once: each opening counts.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [token])
  async function open(given: string) {
    setBusy(true)
    const found = await askPublic<PublicShareContent>('POST', `/api/s/${token}/open`, { password: given })
    setBusy(false)
    if ('problem' in found) return setProblem(found.problem)
    setProblem(null)
    setContent(found.answer)
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    void open(password)
  }
  if (content)
    return (
      <main className="s-page">
        <header>
          <p>{content.hospital}</p>
          <h1>{content.kind === 'form' ? content.label : `${content.by} 分享的${content.label}`}</h1>
        </header>
        {content.kind === 'form' ? (
          <PublicForm token={token} password={password} note={content.note} fields={content.fields} />
        ) : (
          content.records.map((record, at) => <Shared key={at} record={record} />)
        )}
      </main>
    )
  if (head)
    return (
      <main className="s-page">
        <header>
          <p>{head.hospital}</p>
          <h1>打开需要密码</h1>
        </header>
        <form className="s-card" onSubmit={submit}>
          <label htmlFor="password">访问密码</label>
          <input
            id="password"
            type="password"
            autoComplete="off"
            maxLength={64}
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            aria-describedby="password-problem"
          />
          {problem && (
            <p id="password-problem" className="s-problem" role="alert">
              {problem.title}
            </p>
          )}
          <button type="submit" disabled={isBusy}>
            打开
          </button>
        </form>
      </main>
    )
  return (
    <main className="s-page">
      {problem ? (
        <div className="s-card s-dead" role="alert">
          <h1>{problem.title}</h1>
          {problem.status === 404 && <p>可能已过期、已收回或次数已用完，请联系发出链接的人。</p>}
        </div>
      ) : (
        <p role="status">正在打开…</p>
      )}
    </main>
  )
}

function Shared({ record: { title, values } }: { record: SharedRecord }) {
  return (
    <section className="s-card">
      <h2>{title}</h2>
      <dl>
        {values.map((value) => (
          <div key={value.label} className={'rows' in value ? 'wide' : ''}>
            <dt>{value.label}</dt>
            <dd>
              {'rows' in value ? (
                <table>
                  <thead>
                    <tr>
                      {value.head.map((label) => (
                        <th key={label}>{label}</th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {value.rows.map((row, at) => (
                      <tr key={at}>
                        {row.map((text, column) => (
                          <td key={column}>{text || '—'}</td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              ) : (
                value.text || '—'
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
