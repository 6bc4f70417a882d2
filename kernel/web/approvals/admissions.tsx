import type { AdmissionView, ApprovalAnswer } from '#model'
import { CheckCircleFilled, ExclamationCircleFilled, MinusCircleOutlined, StopFilled } from '@ant-design/icons'
import { Tag, type Tone } from '../parts/tag.tsx'
import type { Choices } from './verdicts.ts'

const tones: Readonly<Record<AdmissionView['mode'], Tone>> = { hint: 'info', explain: 'warn', block: 'bad' }

/** 准入条件: what the rules want of this request, by which card in which version, and whether it keeps them. */
export function Admissions({ approval }: { approval: ApprovalAnswer }) {
  const shown = approval.admissions.filter(({ concerns }) => concerns)
  if (shown.length === 0) return null
  return (
    <section className="x-card x-admissions">
      <h2>准入条件</h2>
      <ul>
        {shown.map((one) => (
          <li key={one.id}>
            <Mark one={one} />
            <div>
              <p>
                <b>{one.label}</b>
                {one.holds === false && <Tag tone={tones[one.mode]}>{one.modeLabel}</Tag>}
                <span>{wordOf(one)}</span>
              </p>
              <p className="x-path-rule">{ruleWords(one)}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
/** The same on paper: what was judged, how it came out, and by which rule. */
export function PrintAdmissions({ approval }: { approval: ApprovalAnswer }) {
  const shown = approval.admissions.filter(({ concerns, rule }) => concerns && rule.text !== null)
  if (shown.length === 0) return null
  return (
    <section>
      <h2>准入条件</h2>
      <table className="x-paper-rows">
        <thead>
          <tr>
            <th>条件</th>
            <th>核对</th>
            <th>规定与依据</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.id}>
              <td>{one.label}</td>
              <td>
                {wordOf(one)}
                {one.holds === false && `；${one.modeLabel}`}
              </td>
              <td>{ruleWords(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
function Mark({ one }: { one: AdmissionView }) {
  if (one.holds === null) return <MinusCircleOutlined className="x-faint" aria-label="不作要求" />
  if (one.holds) return <CheckCircleFilled className="x-admission-good" aria-label="符合" />
  return one.mode === 'block' ? (
    <StopFilled className="x-admission-bad" aria-label="不符合" />
  ) : (
    <ExclamationCircleFilled className="x-admission-warn" aria-label="不符合" />
  )
}
function wordOf({ holds, rule, fact, lines }: AdmissionView): string {
  if (rule.text === null) return '不作要求'
  return holds ? `${fact}，符合` : `${fact}，不符合${lines.length ? `（涉及 ${lines.length} 项）` : ''}`
}
/** By which layer, basis and version it is judged; and what the other day said, where that was something else. */
function ruleWords({ rule, asOf }: AdmissionView): string {
  const now = rule.text === null ? `${rule.label}：尚无生效的规定（建议稿须本院签署）` : `${rule.label}${rule.text}（${rule.layer}${rule.basis} · ${rule.version} 起施行）`
  const day = asOf === 'decision' ? '按决定时的规定' : '按申请时的规定'
  const other = asOf === 'decision' ? rule.start && `申请时：${rule.start}` : rule.today && `现行：${rule.today}`
  return [day, now, other].filter(Boolean).join('；')
} // prettier-ignore

/** The conditions that a consent would not keep: at a line, and of the request as a whole. */
export function brokenBy(approval: ApprovalAnswer, line: string | null): AdmissionView[] {
  return approval.admissions.filter(({ holds, lines }) => holds === false && (line === null ? lines.length === 0 : lines.includes(line)))
}
/** What keeps these verdicts from being sent; empty when nothing does. The server says the same. */
export function lackOfAdmission(approval: ApprovalAnswer, choices: Choices | null, opinion: string): { lines: Record<string, string>; opinion: string | null } {
  const isPassed = (id: string) => choices === null || choices[id]?.say === 'pass' || choices[id]?.say === 'narrow'
  const lines: Record<string, string> = {}
  let unsaid: string | null = null
  for (const one of approval.admissions) {
    if (one.holds !== false || one.mode === 'hint') continue
    const meant = one.lines.filter(isPassed)
    if (one.lines.length ? meant.length === 0 : choices !== null && !Object.keys(choices).some(isPassed)) continue
    if (one.mode === 'block') for (const id of meant) lines[id] = `不符合“${one.label}”，不能通过`
    else if (!opinion.trim()) unsaid = `不符合“${one.label}”，同意须在意见中说明理由`
  }
  return { lines, opinion: unsaid }
} // prettier-ignore
