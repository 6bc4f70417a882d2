import { addDays } from '#model'
import { levelLabel, levelRank, titleLabel, type CheckCode, type TitleLevel } from './codes.rules.ts'
import type { GrantFact } from './facts.rules.ts'
import { dayText, type Judgement } from './judgement.rules.ts'
import { traineeKinds } from './person-links.rules.ts'
import { keepsTitle, wantedTitles } from './title.rules.ts'

/** The procedure, orders against the person, his grant, its limits, and the title. */
export function grantLinks(j: Judgement): void {
  judgeProcedure(j)
  judgeSuspensions(j)
  judgeGrant(j)
}

function judgeProcedure(j: Judgement): void {
  const { procedure } = j.facts
  const ground = { record: procedure.id, resource: 'privileges.procedure' }
  const title = () =>
    `${procedure.name}${procedure.level ? `，${levelLabel[procedure.level]}` : ''}${procedure.restricted ? '，限制类技术' : ''}`
  if (!procedure.enabled) j.fail('procedureDisabled', 'procedure', { ...ground, text: `“${procedure.name}”在院内目录中已停用` })
  else j.link('procedure', true, title, ground)
  if (!procedure.level) j.fail('ungraded', null, { ...ground, text: '该手术未定级' })
}

function judgeSuspensions(j: Judgement): void {
  const { day } = j.question
  if (j.facts.suspensions.length === 0) return j.link('suspension', true, '没有生效的暂停令')
  const standing = j.facts.suspensions.filter(
    (s) => (!s.procedure || s.procedure === j.facts.procedure.id) && s.from <= day && (!s.liftedOn || day < s.liftedOn),
  )
  for (const s of standing)
    j.fail('suspendedByOrder', 'suspension', {
      record: s.id,
      resource: 'privileges.suspension',
      on: s.from,
      text: `自${dayText(s.from)}起被暂停${s.procedure ? '本手术' : '全部手术'}授权，${s.liftedOn ? `${dayText(s.liftedOn)}解除` : '尚未解除'}`,
    })
  if (standing.length === 0) j.link('suspension', true, '没有生效的暂停令')
}

type GrantFault = { code: CheckCode; on: string | null; text: string }
const ended = {
  suspended: ['grantSuspended', '暂停'],
  withdrawn: ['grantWithdrawn', '取消'],
  revoked: ['grantRevoked', '吊销'],
  resigned: ['grantResigned', '由本人退出'],
} as const

const noFaults: readonly GrantFault[] = []
/** What keeps a grant from being valid on the day. An end that lies after the day has not happened yet. */
function faultsOf(g: GrantFact, j: Judgement): readonly GrantFault[] {
  const { day } = j.question
  const { procedure, practitioner } = j.facts
  const isPlain = g.status === 'active' && g.mode === 'item' && practitioner.traineeKind !== 'visitingExpert'
  if (isPlain && g.from <= day && (!g.to || g.to >= day)) return noFaults
  const faults: GrantFault[] = []
  const level = g.level ? levelLabel[g.level] : ''
  if (g.from > day) faults.push({ code: 'grantNotYet', on: g.from, text: `${level}授权自${dayText(g.from)}起有效` })
  if (g.to && g.to < day) faults.push({ code: 'grantEnded', on: g.to, text: `${level}授权已于${dayText(g.to)}到期` })
  if (g.status !== 'active' && (!g.endedOn || g.endedOn <= day)) {
    const [code, word] = ended[g.status]
    faults.push({ code, on: g.endedOn, text: `${level}授权已${g.endedOn ? `于${dayText(g.endedOn)}` : ''}${word}` })
  }
  if (practitioner.traineeKind === 'visitingExpert' && g.mode !== 'temporary' && g.mode !== 'emergency')
    faults.push({ code: 'needsTemporaryGrant', on: null, text: '外请专家须有本次的临时授权' })
  if (g.mode === 'level' && procedure.restricted)
    faults.push({ code: 'restrictedNeedsItem', on: null, text: '限制类技术不在按级别授权之内' })
  if (g.mode === 'level' && g.level && procedure.level && levelRank[procedure.level] > levelRank[g.level])
    faults.push({ code: 'levelRaised', on: null, text: `手术现为${levelLabel[procedure.level]}，授权时为${level}` })
  return faults
}
/** How much a valid grant leaves to others: the least limited one is taken. */
const limits = (g: GrantFact): number =>
  (g.narrowedTo === 'assistant' ? 8 : g.narrowedTo === 'elective' ? 4 : g.narrowedTo ? 2 : 0) + (openCases(g) > 0 ? 1 : 0)
const openCases = (g: GrantFact): number => (g.supervisedCases ?? 0) - (g.supervisedDone ?? 0)

function judgeGrant(j: Judgement): void {
  let best: { grant: GrantFact; faults: readonly GrantFault[] } | null = null
  for (const grant of j.facts.grants) {
    if (grant.procedure !== j.facts.procedure.id) continue
    const faults = faultsOf(grant, j)
    if (!best || isBetter(grant, faults, best.grant, best.faults)) best = { grant, faults }
  }
  if (!best) return withoutGrant(j)
  const { grant, faults } = best
  const ground = { record: grant.id, resource: 'privileges.grant' }
  if (faults.length) {
    for (const fault of faults) refuse(j, fault.code, { ...ground, on: fault.on, text: fault.text })
    return judgeTitle(j)
  }
  const text = () =>
    `${grant.level ? levelLabel[grant.level] : ''}授权${grant.number}，${grant.to ? `至${dayText(grant.to)}` : '未定终止日期'}`
  j.link('grant', true, text, { ...ground, on: grant.to })
  if (grant.to && grant.to <= soonAfter(j.question.day))
    j.fail('grantEndsSoon', null, { ...ground, on: grant.to, text: `授权将于${dayText(grant.to)}到期` })
  judgeScope(j, grant)
  judgeTitle(j)
}
// Nearly all questions fall on one day.
let soon = { day: '', until: '' }
function soonAfter(day: string): string {
  if (soon.day !== day) soon = { day, until: addDays(day, 30) }
  return soon.until
}
function isBetter(a: GrantFact, faultsA: readonly GrantFault[], b: GrantFact, faultsB: readonly GrantFault[]): boolean {
  if (faultsA.length === 0 || faultsB.length === 0) return faultsA.length === 0 && (faultsB.length > 0 || limits(a) < limits(b))
  return a.from > b.from
}
function withoutGrant(j: Judgement): void {
  if (j.facts.practitioner.traineeKind === 'visitingExpert') refuse(j, 'needsTemporaryGrant', { text: '外请专家没有本次的临时授权' })
  else refuse(j, 'noGrant', { text: `没有“${j.facts.procedure.name}”的授权` })
  judgeTitle(j)
}

const absence = new Set<CheckCode>(['noGrant', 'grantNotYet', 'grantEnded', 'grantResigned', 'levelRaised'])
/** The lack of a grant. A trainee stands under his senior's; an assistant under the operator's, save for restricted techniques. What was taken away binds everybody. */
function refuse(j: Judgement, code: CheckCode, ground: { text: string; record?: string; resource?: string; on?: string | null }): void {
  const { practitioner, procedure } = j.facts
  if (absence.has(code) && j.question.role !== 'supervisor' && traineeKinds.has(practitioner.traineeKind ?? ''))
    return j.link('grant', null, '学员在上级医师指导下进行，不要求本人授权', ground)
  const isLenient = absence.has(code) && j.question.role === 'firstAssistant' && !procedure.restricted
  if (!isLenient) return j.fail(code, 'grant', ground)
  j.fail(code, 'grant', ground, 'supervises')
  if (!j.failing.some((r) => r.code === 'assistantWithoutGrant'))
    j.fail('assistantWithoutGrant', 'role', { text: '一助无本手术授权，术者须有授权且在场' })
}

/** Limits of the grant. An assistant is within every one of them. */
function judgeScope(j: Judgement, g: GrantFact): void {
  const { role, urgency } = j.question
  const ground = { record: g.id, resource: 'privileges.grant' }
  if (role === 'firstAssistant') return j.link('scope', true, '一助不受限定与带教例数约束', ground)
  const before = j.failing.length
  if (g.narrowedTo === 'assistant') j.fail('assistantOnly', 'scope', { ...ground, text: '授权限定为仅限助手' })
  if (g.narrowedTo === 'supervised') j.fail('supervisedOnly', 'scope', { ...ground, text: '授权限定为须上级在场' })
  if (g.narrowedTo === 'elective' && urgency === 'emergency') j.fail('electiveOnly', 'scope', { ...ground, text: '授权限定为仅限择期' })
  if (g.narrowedTo === 'elective' && !urgency) j.fail('urgencyUnstated', 'scope', { ...ground, text: '授权限定为仅限择期，按择期回答' })
  if (openCases(g) > 0)
    j.fail('casesUnderSupervision', 'scope', {
      ...ground,
      text: `还须带教 ${openCases(g)} 例（${g.supervisedDone ?? 0}/${g.supervisedCases}）`,
    })
  if (g.narrowedTo && role === 'supervisor') j.fail('supervisorNeedsFull', 'role', { ...ground, text: '授权有限定，不能指导他人' })
  if (j.failing.length === before) j.link('scope', true, '没有限定', ground)
}

/** Title as admission condition: of the procedure, else of its level; read from the title appointed, not obtained. */
function judgeTitle(j: Judgement): void {
  const { practitioner: p, procedure } = j.facts
  const { day, role } = j.question
  if (role === 'firstAssistant') return j.link('title', null, '一助不核对职称准入')
  if (traineeKinds.has(p.traineeKind ?? '')) return j.link('title', null, '学员不核对职称准入')
  const rule = procedure.level ? j.facts.titleRule(procedure.level, day) : null
  const held = heldOn(p.titleLevel, p.appointedOn, day)
  const holds = keepsTitle(held, procedure.titleCondition, rule)
  const wanted = () => wantedTitles(procedure.titleCondition, rule)
  if (holds === null) return j.link('title', null, '没有职称准入规定')
  const ground = { record: p.id, resource: 'staff.practitioner', on: p.appointedOn }
  if (holds) return j.link('title', true, () => `聘任${p.appointedTitle ?? titleLabel[held!]}，符合要求（${wanted()}）`, ground)
  const text = `${held ? `聘任职称为${titleLabel[held]}` : '未登记当日的聘任职称'}，要求${wanted()}`
  const mode = rule?.mode ?? 'hint'
  const source = procedure.titleCondition || !rule ? '院内手术目录' : rule.source
  const code = mode === 'block' ? 'titleBlocked' : mode === 'explain' ? 'titleExplain' : held === null ? 'titleUnknown' : 'titleHint'
  j.fail(code, 'title', { ...ground, text: mode === 'hint' ? text : `${text}（${source}）` })
}
const heldOn = (level: TitleLevel | null, since: string | null, day: string): TitleLevel | null =>
  level && (!since || since <= day) ? level : null
