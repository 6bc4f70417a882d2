import { formatInstant, type ApprovalAnswer } from '#model'
import { ago } from '../parts/ago.ts'
import { Pictures } from './opinion.tsx'

/** What was asked and answered about a request without deciding, and who has read it. */
export function Conversation({ approval }: { approval: ApprovalAnswer }) {
  const { consultations, copies } = approval
  if (consultations.length + copies.length === 0) return null
  return (
    <section className="x-card x-conversation">
      {consultations.length > 0 && (
        <>
          <h2>咨询</h2>
          <ul>
            {consultations.map((one) => (
              <li key={one.id}>
                <p>
                  <b>{one.by}</b> 问 {one.person} <small>{ago(one.at)}</small>
                </p>
                <q>{one.question}</q>
                <Pictures ids={one.pictures} />
                {one.reply ? (
                  <p>
                    <b>{one.person}</b> {one.repliedAt && <small>{ago(one.repliedAt)}</small>}
                    <q>{one.reply}</q>
                    <Pictures ids={one.replyPictures} />
                  </p>
                ) : (
                  <p className="x-faint">还没有答复</p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {copies.length > 0 && (
        <>
          <h2>抄送</h2>
          <p className="x-copies">
            {copies.map((copy) => (
              <span key={copy.person}>
                {copy.person} <small>{copy.readAt ? `${formatInstant(copy.readAt).slice(5)} 已阅` : '未阅'}</small>
              </span>
            ))}
          </p>
        </>
      )}
    </section>
  )
}
