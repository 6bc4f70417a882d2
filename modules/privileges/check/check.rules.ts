import { checkCodes, codeOrder, cures, resultLabels, roleLabels, type CheckCode, type CheckResult } from './codes.rules.ts'
import { grantLinks } from './grant-links.rules.ts'
import type { Cure, Link, PrivilegeAnswer, PrivilegeFacts, PrivilegeQuestion, Reason } from './facts.rules.ts'
import { personLinks } from './person-links.rules.ts'
import { Judgement } from './judgement.rules.ts'

/** May this practitioner do this now? Pure: the same answer in the HIS reply, on the phone and in the audit. */
export function checkPrivilege(facts: PrivilegeFacts, question: PrivilegeQuestion, withChain = true): PrivilegeAnswer {
  const judgement = new Judgement(facts, question, withChain)
  personLinks(judgement)
  grantLinks(judgement)
  if (question.role === 'supervisor') superviseAlone(judgement)
  if (question.urgency === 'emergency') easeForEmergency(judgement)
  return conclude(judgement)
}

/** Whoever needs somebody beside him cannot be the one beside. */
function superviseAlone(j: Judgement): void {
  if (j.failing.some((r) => r.code === 'supervisorNeedsFull')) return
  if (!j.failing.some((r) => r.effect !== 'notes')) return j.link('role', true, '指导：有完整授权')
  if (!j.failing.some((r) => r.effect === 'supervises')) return
  j.fail('supervisorNeedsFull', 'role', { text: '本人须他人在场，不能指导他人' })
}

const lackOfRight = new Set<CheckCode>(['noGrant', 'grantNotYet', 'grantEnded', 'grantResigned', 'levelRaised', 'titleBlocked'])
/** To save a life a registered doctor may go beyond his grant; never beyond an order, a decision against him or his registration. */
function easeForEmergency(j: Judgement): void {
  const denials = j.failing.filter((r) => r.effect === 'denies')
  if (denials.length === 0) return
  const may = j.question.role === 'operator' && j.hasRegistration && denials.every((r) => lackOfRight.has(r.code))
  if (!may) return j.link('emergency', false, '急诊越级不适用：原因不只是缺少授权')
  for (const reason of denials) reason.effect = 'supervises'
  j.fail('emergencyBeyondGrant', 'emergency', { text: '急诊抢救可越级先行，请立即呼叫上级医师到场，并在 24 小时内报告' })
}

function conclude(j: Judgement): PrivilegeAnswer {
  const chain = j.chain ?? []
  if (j.failing.length === 0)
    return { result: 'allowed', reasons: [], notices: [], chain, sentence: sentenceOf(j, 'allowed', [], []), cure: null }
  const inOrder = j.failing.sort((a, b) => codeOrder[a.code]! - codeOrder[b.code]!)
  const reasons = inOrder.filter((r) => r.effect !== 'notes')
  const notices = inOrder.filter((r) => r.effect === 'notes')
  const result = reasons.some((r) => r.effect === 'denies') ? 'denied' : reasons.length ? 'allowedUnderSupervision' : 'allowed'
  return { result, reasons, notices, chain, sentence: sentenceOf(j, result, reasons, notices), cure: cureOf(j, reasons) }
}

function sentenceOf({ facts, question }: Judgement, result: CheckResult, reasons: readonly Reason[], notices: readonly Reason[]): string {
  const { practitioner, procedure } = facts
  const head = `${practitioner.name}${resultLabels[result]}`
  const act = `${roleLabels[question.role]}“${procedure.name}”`
  const because = reasons.map((r) => r.text).join('；')
  if (result === 'denied') return `${practitioner.name}不可以担任${act}：${because}。`
  if (result === 'allowedUnderSupervision') return `${practitioner.name}须上级在场担任${act}：${because}。`
  const said = notices.map((r) => r.text).join('；')
  return `${head}担任${act}${said ? `（${said}）` : ''}。`
}

/** The first reason that somebody can do something about; refusals before supervision. */
function cureOf({ facts }: Judgement, reasons: readonly Reason[]): Cure | null {
  const denying = reasons.filter((r) => r.effect === 'denies')
  const reason = (denying.length ? denying : reasons).find((r) => checkCodes[r.code].cure !== 'none')
  if (!reason) return null
  const act = checkCodes[reason.code].cure
  const { label, link } = cures[act]
  const ids: Record<string, string> = { record: reason.record ?? '', procedure: facts.procedure.id, practitioner: facts.practitioner.id }
  return { act, label, link: link?.replace(/\{(\w+)\}/g, (_, key: string) => ids[key] ?? '') ?? null }
}

/** An answer where the question itself cannot be judged: nobody of that name, a code nobody knows. */
export function unanswerable(code: CheckCode, text: string): PrivilegeAnswer {
  const { label, rule, effect, cure } = checkCodes[code]
  const reason: Reason = { code, effect, label, rule, record: null, resource: null, on: null, text }
  const chain: Link[] = []
  return {
    result: 'denied',
    reasons: [reason],
    notices: [],
    chain,
    sentence: `无法判断，不可以：${text}。`,
    cure: { act: cure, label: cures[cure].label, link: cures[cure].link },
  }
}

export interface Senior {
  id: string
  name: string
  title: string | null
}
/** Names who may stand beside, where the answer asks for somebody. */
export function nameSeniors(answer: PrivilegeAnswer, seniors: readonly Senior[]): PrivilegeAnswer & { seniors: readonly Senior[] } {
  if (answer.result !== 'allowedUnderSupervision' || seniors.length === 0) return { ...answer, seniors: [] }
  const names = seniors.map((s) => `${s.name}${s.title ? `（${s.title}）` : ''}`).join('、')
  return { ...answer, seniors, sentence: `${answer.sentence.slice(0, -1)}；可请${names}到场。` }
}

/** What leaves the house: in the mode 仅记录 the answer is recorded only, and says what it would have been. */
export function decide(
  mode: 'record' | 'warn' | 'block',
  result: CheckResult,
): { result: CheckResult | 'recorded'; would: CheckResult | null; warning: boolean } {
  if (mode === 'record') return { result: 'recorded', would: result, warning: false }
  return { result, would: null, warning: mode === 'warn' && result !== 'allowed' }
}

const strictness: Record<CheckResult, number> = { allowed: 0, allowedUnderSupervision: 1, denied: 2 }
/** The stricter of two results. */
export const stricter = (a: CheckResult, b: CheckResult): CheckResult => (strictness[b] > strictness[a] ? b : a)

export interface ModeRule {
  unit: string | null
  urgency: 'elective' | 'emergency' | null
  mode: 'record' | 'warn' | 'block'
}
/** The most specific of unit and urgency > unit > urgency > hospital; the nearer unit first. 仅记录 where nothing is set. */
export function modeFor(
  rules: readonly ModeRule[],
  unitPath: readonly string[],
  urgency: 'elective' | 'emergency' | null,
): ModeRule['mode'] {
  const at = (unit: string | null, when: 'elective' | 'emergency' | null) => rules.find((r) => r.unit === unit && r.urgency === when)
  for (const unit of [...unitPath, null]) {
    const found = (urgency && at(unit, urgency)) ?? at(unit, null)
    if (found) return found.mode
  }
  return 'record'
}
