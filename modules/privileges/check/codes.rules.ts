import type { titleLevels } from '#modules/staff/practitioner/practitioner.ts'
import type { levels } from '../procedure/procedure.ts'

/** What a reason does to the answer: it refuses, asks for a senior at the table, or is only said. */
export type Effect = 'denies' | 'supervises' | 'notes'
/** The act that would cure a reason. */
export type CureAct =
  | 'identify' | 'map' | 'apply' | 'renew' | 'extend' | 'liftSuspension' | 'liftGrantSuspension' | 'liftRegistrationSuspension'
  | 'renewRegistration' | 'register' | 'fileInstitution' | 'enableProcedure' | 'temporaryGrant' | 'callSenior' | 'finishSupervisedCases' | 'raiseTitle' | 'explain' | 'reportEmergency' | 'none' // prettier-ignore

interface Code {
  readonly label: string
  /** The rule in one sentence, as the officer would say it. */
  readonly rule: string
  readonly effect: Effect
  readonly cure: CureAct
}
const code = (effect: Effect, label: string, rule: string, cure: CureAct = 'none'): Code => Object.freeze({ label, rule, effect, cure })

/** Every code of the check, closed. Its order is the order of reasons in every answer; a retired code is never used again. */
export const checkCodes = {
  unknownPractitioner: code('denies', '查无此人', '送来的标识须能对应到一名在册人员', 'identify'),
  ambiguousPractitioner: code('denies', '标识对应多人', '送来的标识须只对应一名人员', 'identify'),
  unknownCampus: code('denies', '院区未知', '送来的院区须是本院已建立的组织机构'),
  unknownCodeSystem: code('denies', '编码体系未知', '手术编码须属于本院已建立的编码体系', 'map'),
  unmappedCode: code('denies', '编码未对照', '手术编码须已对照到院内手术目录', 'map'),
  personLeft: code('denies', '已离院', '离职人员自离职之日起不再具有手术权限'),
  notADoctor: code('denies', '非医师', '手术与介入治疗的术者、一助和指导须为医师'),
  trainee: code('supervises', '进修规培学员', '进修、规培人员和学生只能在有权限的上级医师在场指导下进行', 'callSenior'),
  registrationMissing: code('supervises', '无执业注册', '在本院没有执业注册的人员不能独立进行', 'register'),
  registrationNotYet: code('denies', '执业注册未生效', '执业注册自注册日期起有效', 'register'),
  registrationEnded: code('denies', '执业注册已到期', '执业注册在有效期内才有手术权限，到期日当天仍有效', 'renewRegistration'),
  registrationSuspended: code('denies', '暂停执业', '暂停执业期间没有任何手术权限，期满或撤销后自行恢复', 'liftRegistrationSuspension'),
  registrationCancelled: code('denies', '执业注册已注销', '执业注册注销之日起没有手术权限', 'register'),
  registrationElsewhere: code(
    'denies',
    '注册机构不符',
    '执业注册对机构：须在本机构（或同一许可证下）注册，或办理多机构备案',
    'fileInstitution',
  ),
  procedureDisabled: code('denies', '院内未开展', '停用的手术不得开展', 'enableProcedure'),
  suspendedByOrder: code('denies', '暂停授权', '暂停令在解除之前一直有效，不因其他条件恢复而恢复', 'liftSuspension'),
  noGrant: code('denies', '无授权', '须有本手术的个人授权', 'apply'),
  grantNotYet: code('denies', '授权未生效', '授权自开始日期起有效', 'apply'),
  grantEnded: code('denies', '授权已到期', '授权到期后须再授权，到期日当天仍有效', 'renew'),
  grantResigned: code('denies', '自主退出', '本人已退出本手术授权', 'apply'),
  grantSuspended: code('denies', '授权已暂停', '被暂停的授权须由医务部门恢复', 'liftGrantSuspension'),
  grantWithdrawn: code('denies', '授权已取消', '被取消的授权须重新申请', 'apply'),
  grantRevoked: code('denies', '授权已吊销', '被吊销的院内授权须按规定重新申请', 'apply'),
  needsTemporaryGrant: code('denies', '须临时授权', '外请专家须有本次的临时授权', 'temporaryGrant'),
  restrictedNeedsItem: code('denies', '限制类须逐项授权', '限制类技术须逐项授权，按级别授权不包含', 'apply'),
  levelRaised: code('denies', '手术级别已提高', '按级别授权只包含授权时级别及以下的手术', 'apply'),
  assistantOnly: code('denies', '仅限助手', '限定为助手的授权不能作为术者', 'apply'),
  electiveOnly: code('denies', '仅限择期', '限定为择期的授权不能作为急诊术者', 'apply'),
  supervisedOnly: code('supervises', '须上级在场', '限定须上级在场的授权不能独立进行', 'callSenior'),
  casesUnderSupervision: code('supervises', '带教例数未满', '须带教例数完成之前由上级医师带教', 'finishSupervisedCases'),
  visitingExpert: code('supervises', '外请专家', '未在本机构注册或备案的外请专家由本院有权限的医师陪同', 'callSenior'),
  titleBlocked: code('denies', '职称不符', '医院规定职称准入为“拦截”：聘任职称须达到要求', 'raiseTitle'),
  assistantWithoutGrant: code(
    'supervises',
    '一助无授权',
    '一助可以没有本手术授权，但术者须有且须在场；限制类技术的一助须有授权',
    'callSenior',
  ),
  emergencyBeyondGrant: code('supervises', '急诊越级', '为抢救生命可越级先行，须呼叫上级医师，并在 24 小时内报告', 'reportEmergency'),
  supervisorNeedsFull: code('denies', '指导须完整授权', '指导者须有不受限定的完整授权，且本人无须他人在场', 'callSenior'),
  unconfirmedMapping: code('notes', '对照未确认', '编码对照尚未由人员确认', 'map'),
  personAway: code('notes', '离岗', '离岗不影响授权；超过 6 个月须重新评估'),
  ungraded: code('notes', '未定级', '院内手术级别尚未确定'),
  titleExplain: code('notes', '职称须说明', '医院规定职称准入为“须说明”：低于要求时须说明理由', 'explain'),
  titleHint: code('notes', '职称提示', '医院规定职称准入为“提示”：低于要求时仅提示'),
  titleUnknown: code('notes', '职称未登记', '聘任职称未登记，无法核对职称准入', 'raiseTitle'),
  urgencyUnstated: code('notes', '未说明急择期', '授权限定为择期而询问未说明急择期，按择期回答'),
  grantEndsSoon: code('notes', '授权将到期', '授权在 30 天内到期，请及时再授权', 'renew'),
} as const satisfies Record<string, Code>
export type CheckCode = keyof typeof checkCodes
/** Where a code stands in the fixed order. */
export const codeOrder: Readonly<Record<string, number>> = Object.fromEntries(Object.keys(checkCodes).map((key, at) => [key, at]))

/** The links of the chain, in the order they are judged and shown. */
export const chainLinks = {
  person: '人员', standing: '在院身份', registration: '执业注册', institution: '执业机构', procedure: '手术', suspension: '暂停令',
  grant: '个人授权', scope: '限定与带教', title: '职称准入', role: '角色', emergency: '急诊',
} as const // prettier-ignore
export type ChainLink = keyof typeof chainLinks

export const roleLabels = { operator: '术者', firstAssistant: '一助', supervisor: '指导' } as const
export type CheckRole = keyof typeof roleLabels
export const resultLabels = { allowed: '可以', allowedUnderSupervision: '须上级在场', denied: '不可以' } as const
export type CheckResult = keyof typeof resultLabels

export type Level = keyof typeof levels
export const levelRank: Readonly<Record<Level, number>> = { one: 1, two: 2, three: 3, four: 4 }
export const levelLabel: Readonly<Record<Level, string>> = { one: '一级', two: '二级', three: '三级', four: '四级' }
export type TitleLevel = keyof typeof titleLevels
export const titleRank: Readonly<Record<TitleLevel, number>> = { junior: 1, intermediate: 2, associateSenior: 3, senior: 4 }
export const titleLabel: Readonly<Record<TitleLevel, string>> = {
  junior: '初级',
  intermediate: '中级',
  associateSenior: '副高级',
  senior: '正高级',
}

/** Name of the act, and where it is done: `{grant}` and the like are filled in with the ids at hand. */
export const cures: Readonly<Record<CureAct, { label: string; link: string | null }>> = {
  identify: { label: '登记人员标识', link: '/r/directory.identifier' },
  map: { label: '对照手术编码', link: '/r/privileges.codeMapping' },
  apply: { label: '申请授权', link: '/privileges/application?procedure={procedure}' },
  renew: { label: '申请再授权', link: '/privileges/application?kind=renewal&procedure={procedure}' },
  extend: { label: '调整授权范围', link: '/privileges/application?kind=upgrade&procedure={procedure}' },
  liftSuspension: { label: '解除暂停令', link: '/r/privileges.suspension/{record}' },
  liftGrantSuspension: { label: '恢复授权', link: '/r/privileges.grant/{record}' },
  liftRegistrationSuspension: { label: '更新执业注册状态', link: '/r/staff.registration/{record}' },
  renewRegistration: { label: '延续执业注册', link: '/r/staff.registration/{record}' },
  register: { label: '登记执业注册', link: '/r/staff.registration?practitioner={practitioner}' },
  fileInstitution: { label: '办理多机构备案', link: '/r/staff.registration/{record}' },
  enableProcedure: { label: '启用手术', link: '/r/privileges.procedure/{procedure}' },
  temporaryGrant: { label: '办理临时授权', link: '/r/privileges.grant?practitioner={practitioner}' },
  callSenior: { label: '请上级医师到场', link: '/privileges/matrix?procedure={procedure}' },
  finishSupervisedCases: { label: '完成带教例数', link: '/r/privileges.grant/{record}' },
  raiseTitle: { label: '更新聘任职称', link: '/r/staff.practitioner/{practitioner}' },
  explain: { label: '说明理由', link: null },
  reportEmergency: { label: '24 小时内报告急诊越级', link: null },
  none: { label: '', link: null },
}
