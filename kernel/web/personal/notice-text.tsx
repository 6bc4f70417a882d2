import { grounds, needsConsent, type PrivacyAnswer, type PrivacyPurpose } from '#model'
import { drawn } from '../fields/rich-drawn.tsx'
import './notice.css'

type Policy = NonNullable<PrivacyAnswer['policy']>
/** The notice as everybody reads it: what changed, the text, and every purpose with what it rests on. */
export function NoticeText({ policy, isAsked = false }: { policy: Policy; /** What is asked for stands beside it. */ isAsked?: boolean }) {
  const asked = policy.purposes.filter(needsConsent)
  const others = policy.purposes.filter((one) => !needsConsent(one))
  return (
    <article className="x-notice-text">
      <p className="x-muted">
        第 {policy.edition} 版，自 {policy.from} 起生效
      </p>
      {policy.changes && (
        <div className="x-notice-changes">
          <b>与上一版的不同</b>
          <p>{policy.changes}</p>
        </div>
      )}
      <div className="x-rich">{(policy.body.content ?? []).map(drawn)}</div>
      {!isAsked && <Purposes title="征求您同意后才做的" hint="可以不同意，也可以随时撤回，不影响您使用系统的其他功能" purposes={asked} />}
      <Purposes title="依法无须逐项同意的" hint="依据劳动人事管理、法定职责等处理，在此告知" purposes={others} />
    </article>
  )
}
function Purposes({ title, hint, purposes }: { title: string; hint: string; purposes: PrivacyPurpose[] }) {
  if (purposes.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <p className="x-muted">{hint}</p>
      {purposes.map((purpose) => (
        <section key={purpose.code} className="x-notice-purpose">
          <h3>
            {purpose.name}
            {purpose.isSensitive && <em>敏感个人信息</em>}
          </h3>
          <PurposeFacts purpose={purpose} />
        </section>
      ))}
    </section>
  )
}
/** What is collected, on which ground, how long, for whom. */
export function PurposeFacts({ purpose }: { purpose: PrivacyPurpose }) {
  const lines: [string, string | null][] = [
    ['收集', purpose.what],
    ['依据', [grounds[purpose.ground], purpose.basis].filter(Boolean).join('；')],
    ['必要性和影响', purpose.necessity],
    ['保存', purpose.keeps],
    ['提供给', purpose.recipients],
    ['不同意或撤回', purpose.refusal],
  ]
  return (
    <dl>
      {lines.map(
        ([label, value]) =>
          value && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
