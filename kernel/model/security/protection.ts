import type { FieldProblem } from '../refusals.ts'

/** How far the hospital is judged (GB/T 22239), and who can reach the program. */
export type Level = 'level2' | 'level3'
export type Exposure = 'intranet' | 'internet'
export interface Profile {
  readonly level: Level
  readonly exposure: Exposure
}
export const levelLabels: Readonly<Record<Level, string>> = { level2: '等保二级', level3: '等保三级' }
export const exposureLabels: Readonly<Record<Exposure, string>> = { intranet: '内网', internet: '互联网' }
export const profileLabel = ({ level, exposure }: Profile): string => `${levelLabels[level]} · ${exposureLabels[exposure]}`

interface Common {
  readonly label: string
  /** The lines of demand it answers. */
  readonly lines: readonly string[]
  readonly help?: string
}
/** A number that may only be moved one way. */
export interface Limit extends Common {
  readonly kind: 'limit'
  readonly unit: string
  readonly tighter: 'more' | 'less'
  /** What the profile asks for; on the internet `internet` where it says otherwise. */
  readonly asks: Readonly<Record<Level, number>> & { readonly internet?: number }
  /** The strictest that is still usable. */
  readonly end: number
}
/** Steps from the loosest to the strictest. */
export interface Ladder extends Common {
  readonly kind: 'ladder'
  readonly steps: Readonly<Record<string, string>>
  readonly asks: Readonly<Record<Level, string>> & { readonly internet?: string }
}
const limit = (label: string, unit: string, tighter: Limit['tighter'], level2: number, level3: number, end: number, more: { lines: readonly string[]; help?: string; internet?: number }): Limit =>
  ({ kind: 'limit', label, unit, tighter, end, asks: { level2, level3, ...(more.internet === undefined ? {} : { internet: more.internet }) }, lines: more.lines, ...(more.help ? { help: more.help } : {}) }) // prettier-ignore

/**
 * Every threshold of protection. The numbers are those that the lines of demand state; where a line leaves the number to the hospital
 * ("如 5 次") it is the line's own example, or the stricter end of its range at level 3.
 */
export const thresholds = {
  passwordLength: limit('密码最短', '位', 'more', 8, 10, 64, { lines: ['E0066', 'E0180'] }),
  passwordDays: limit('密码最长使用', '天', 'less', 365, 90, 7, { lines: ['E0070', 'E0176'], help: '到期后登录须先改密码' }),
  passwordNoticeDays: limit('密码到期前提醒', '天', 'more', 7, 7, 60, { lines: ['E0070', 'E0176'] }),
  passwordsRemembered: limit('不得重复最近的密码', '个', 'more', 3, 5, 24, { lines: ['E0070', 'E0176'] }),
  lockFailures: limit('连续输错锁定', '次', 'less', 5, 5, 3, { lines: ['E0071', 'E0184'], help: '密码、验证码和动态口令的错误都计入' }),
  lockMinutes: limit('锁定时长', '分钟', 'more', 10, 15, 1440, { lines: ['E0071', 'E0184'] }),
  idleMinutes: limit('无操作自动退出', '分钟', 'less', 30, 15, 1, { lines: ['E0076', 'E0189'] }),
  sessionHours: limit('一次登录最长', '小时', 'less', 12, 12, 1, { lines: ['E0105'] }),
  sessionsAtOnce: limit('同一账号同时登录', '处', 'less', 5, 3, 1, { lines: ['E0116', 'E0220'], help: '超出时最早的一处自动退出' }),
  accountMonths: limit('账号有效期最长', '个月', 'less', 36, 36, 1, { lines: ['E0078', 'E0190'] }),
  accountNoticeDays: limit('账号到期前提醒', '天', 'more', 30, 30, 180, { lines: ['E0078', 'E0190'] }),
  accountNameLength: limit('账号名最短', '位', 'more', 4, 6, 20, { lines: ['E0077'] }),
  captcha: {
    kind: 'ladder', label: '图形验证码', lines: ['E0059', 'E0062', 'E0178'], steps: { afterFailure: '输错一次后', always: '每次登录' },
    asks: { level2: 'afterFailure', level3: 'afterFailure', internet: 'always' },
  },
  secondFactor: {
    kind: 'ladder', label: '动态口令（双因子）', lines: ['E0081'], steps: { optional: '自愿', officers: '三员必须', everyone: '人人必须' },
    asks: { level2: 'optional', level3: 'everyone' },
  },
  apiSignature: {
    kind: 'ladder', label: '接口签名', lines: ['E0092'], steps: { optional: '可用固定密钥', required: '必须签名' },
    asks: { level2: 'optional', level3: 'required' },
  },
  signatureMinutes: limit('接口签名有效', '分钟', 'less', 5, 5, 1, { lines: ['E0092'] }),
  codeMinutes: limit('短信验证码有效', '分钟', 'less', 10, 5, 1, { lines: ['E0060'] }),
  codesPerHour: limit('同一号码每小时短信', '条', 'less', 5, 5, 1, { lines: ['E0064'] }),
  codesPerDay: limit('同一号码每天短信', '条', 'less', 10, 10, 1, { lines: ['E0064'] }),
} as const satisfies Record<string, Limit | Ladder> // prettier-ignore

export type ThresholdName = keyof typeof thresholds
type ValueOf<T> = T extends { kind: 'ladder'; steps: infer S } ? keyof S : number
/** What holds: every threshold with its value. */
export type Policy = { readonly [N in ThresholdName]: ValueOf<(typeof thresholds)[N]> }
export const thresholdNames = Object.keys(thresholds) as ThresholdName[]
const specOf = (name: ThresholdName): Limit | Ladder => thresholds[name]

/** What the profile asks for, before the hospital adds anything. */
export function profilePolicy({ level, exposure }: Profile): Policy {
  const asked = (name: ThresholdName) => {
    const { asks } = specOf(name)
    return exposure === 'internet' && asks.internet !== undefined ? asks.internet : asks[level]
  }
  return Object.fromEntries(thresholdNames.map((name) => [name, asked(name)])) as unknown as Policy
}

/** How strict a value is: more is stricter. */
const strictness = (spec: Limit | Ladder, value: unknown): number =>
  spec.kind === 'ladder' ? Object.keys(spec.steps).indexOf(String(value)) : Number(value) * (spec.tighter === 'more' ? 1 : -1)

export interface Binding {
  policy: Policy
  /** Which layer binds each threshold. */
  layer: Readonly<Record<ThresholdName, 'profile' | 'hospital'>>
}
/** The tighter of profile and hospital, threshold by threshold: a hospital's value that has become looser than its profile does not hold. */
export function bindPolicy(profile: Profile, own: Partial<Policy>): Binding {
  const base = profilePolicy(profile)
  const isOwn = (name: ThresholdName) =>
    own[name] !== undefined && strictness(specOf(name), own[name]) > strictness(specOf(name), base[name])
  return {
    policy: Object.fromEntries(thresholdNames.map((name) => [name, isOwn(name) ? own[name] : base[name]])) as unknown as Policy,
    layer: Object.fromEntries(thresholdNames.map((name) => [name, isOwn(name) ? 'hospital' : 'profile'])) as Binding['layer'],
  }
}

/** A value of a threshold in words: `10 位`, `人人必须`. */
export function thresholdText(name: ThresholdName, value: number | string): string {
  const spec = specOf(name)
  return spec.kind === 'ladder' ? (spec.steps[value] ?? String(value)) : `${value} ${spec.unit}`
}

/** A hospital's own thresholds as they come from outside: only tighter ones, within what is usable. What equals the profile is left out. */
export function readProtectionDraft(profile: Profile, draft: unknown): { own: Partial<Policy>; problems: FieldProblem[] } {
  const given = typeof draft === 'object' && draft !== null && !Array.isArray(draft) ? (draft as Record<string, unknown>) : {}
  const base = profilePolicy(profile)
  const problems: FieldProblem[] = []
  const own: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(thresholds, field)) {
      problems.push({ field, message: '没有这一项' })
      continue
    }
    const name = field as ThresholdName
    if (value === null || value === undefined || value === base[name]) continue
    const message = thresholdProblem(profile, name, value)
    if (message) problems.push({ field, message })
    else own[field] = value
  }
  return { own, problems }
}
function thresholdProblem(profile: Profile, name: ThresholdName, value: unknown): string | null {
  const spec = specOf(name)
  const base = profilePolicy(profile)[name]
  if (spec.kind === 'ladder' ? typeof value !== 'string' || !Object.hasOwn(spec.steps, value) : !Number.isInteger(value))
    return spec.kind === 'ladder' ? '请选择一项' : '请填写整数'
  if (strictness(spec, value) < strictness(spec, base)) return `只能更严：${profileLabel(profile)}要求${spec.kind === 'limit' ? (spec.tighter === 'more' ? '至少' : '至多') : ''} ${thresholdText(name, base)}` // prettier-ignore
  if (spec.kind === 'limit' && strictness(spec, value) > strictness(spec, spec.end))
    return `${spec.tighter === 'more' ? '至多' : '至少'} ${thresholdText(name, spec.end)}，再严就无法使用`
  return null
}

/** A range of addresses by the name under which the log of sign-ins shows it. */
export interface NamedNetwork {
  name: string
  /** `10.1.0.0/16`, or one address. */
  range: string
}
