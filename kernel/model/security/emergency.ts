import type { Definitions, ResolvedResource } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'
import { choice, dateTime, integer, longText, person, references, text, unit } from '../fields/factories.ts'
import { any, is } from '../filter/filter.ts'
import type { FieldProblem } from '../refusals.ts'
import { resource } from '../resource.ts'

/** The right to open a record to oneself in an emergency: declared by the modules whose types allow it, never an officer's. */
export const emergencyRight = 'security.emergency'
export const emergencyLimits = {
  minutes: { least: 15, most: 240, usual: 60 },
  /** Open at once, and begun on one day, by one person. */
  atOnce: 3,
  aDay: 10,
  /** Keys that named nothing, within an hour. */
  wrongKeys: 5,
  /** Characters of a reason in words. */
  reason: { least: 5, most: 200 },
  reviewHours: 24,
} as const
export const emergencyCauses = {
  onDuty: '夜间、节假日值班',
  rescue: '急救、会诊',
  incident: '突发事件处置',
  superior: '上级临时检查',
  other: '其他',
} as const
export const emergencyEnds = { expired: '到时', byHand: '本人结束', stopped: '账号停用或权限收回', review: '复核结束' } as const
export type EmergencyEnd = keyof typeof emergencyEnds
export const emergencyStates = {
  open: { label: '进行中', tone: 'info' },
  ended: { label: '待复核', tone: 'warn' },
  justified: { label: '理由成立', tone: 'good' },
  unjustified: { label: '理由不成立', tone: 'bad' },
} as const
export type EmergencyState = keyof typeof emergencyStates
export type EmergencyVerdict = Extract<EmergencyState, 'justified' | 'unjustified'>

/** Who opened which record to himself without a right to it, why, for how long, and what a security officer found of it. */
export const emergencyAccesses = resource('security.emergencyAccess', {
  label: '应急访问',
  title: 'name',
  owner: { person: 'person', department: 'unit' },
  chapter: '账号与标识',
  writtenBy: 'module',
  groups: [
    { label: '访问', fields: ['name', 'person', 'unit', 'recordLabel', 'recordTitle', 'subject', 'cause', 'reason', 'told'] },
    { label: '时间与来源', fields: ['from', 'until', 'endedAt', 'end', 'reads', 'address', 'device', 'recordType', 'record'] },
    { label: '复核', fields: ['status', 'reviewDue', 'reviewer', 'review', 'reviewedAt'] },
  ],
  fields: {
    name: text('概要', { required: true, max: 400, search: true }),
    person: person('访问人', { required: true }),
    unit: unit('访问人科室'),
    recordType: text('记录类型代码', { required: true, max: 80 }),
    recordLabel: text('记录类型', { required: true, max: 80 }),
    record: text('记录标识', { required: true, max: 36 }),
    recordTitle: text('记录', { required: true, max: 200 }),
    subject: person('记录所属的人'),
    cause: choice('事由', emergencyCauses, { required: true }),
    reason: longText('具体说明', { required: true, max: emergencyLimits.reason.most }),
    told: references('已告知', 'directory.person', { help: '另有全体安全管理员' }),
    from: dateTime('开始', { required: true }),
    until: dateTime('截止', { required: true }),
    endedAt: dateTime('结束'),
    end: choice('结束方式', emergencyEnds),
    reads: integer('读取次数', { help: '结束时记入；每次读取的时间见审计日志' }),
    address: text('来源地址', { max: 60 }),
    device: text('设备', { max: 80 }),
    status: choice('状态', emergencyStates, { required: true }),
    reviewDue: dateTime('复核期限', { required: true }),
    reviewer: person('复核人'),
    review: longText('复核意见', { max: 500 }),
    reviewedAt: dateTime('复核时间'),
  },
  indexes: [['person', 'from'], ['status', 'reviewDue'], ['subject']],
  list: {
    columns: ['from', 'status', 'person', 'recordLabel', 'recordTitle', 'cause', 'reason', 'reviewDue', 'reads', 'unit', 'until', 'reviewer'],
    filters: ['status', 'person', 'unit', 'cause', 'from'],
    sort: ['-from'],
    views: [
      { name: 'waiting', label: '待复核', filter: any(is('status', 'ended'), is('status', 'open')) },
      { name: 'unjustified', label: '理由不成立', filter: is('status', 'unjustified') },
    ],
  },
}) // prettier-ignore

/** What the proof of the declarations says of emergency access: by which keys, how long, and that no officer has it. */
export function proveEmergency(defs: Definitions, report: (where: string, what: string) => void): void {
  for (const r of defs.resources.values()) if (r.emergency) proveOne(defs, r, (what) => report(r.name, what))
  for (const m of defs.modules)
    for (const [role, grants] of Object.entries(m.roles ?? {}))
      if (defs.roles.get(role)?.officer && grants.some(({ on }) => on === emergencyRight))
        report(`module ${m.name}`, `role ${role}: an officer has no emergency access`)
}
function proveOne(defs: Definitions, r: ResolvedResource, report: (what: string) => void): void {
  const { by, maxMinutes } = r.emergency!
  const { least, most } = emergencyLimits.minutes
  if (!Number.isInteger(maxMinutes) || maxMinutes < least || maxMinutes > most) report(`emergency.maxMinutes: from ${least} to ${most}`)
  if (by.length === 0) report('emergency.by: names no key')
  const base = defs.resources.get(r.table)
  const found = [r, base].flatMap((one) => [...(one?.unique ?? []), ...(one?.indexes ?? [])]).map((keys) => keys[0])
  for (const key of by) {
    const field = r.fields[key]
    if (field?.kind !== 'text' || isProtected(field)) report(`emergency.by: "${key}" is no plain text`)
    else if (!found.includes(key)) report(`emergency.by: "${key}" is no key: neither unique nor indexed`)
  }
}

/** GET /api/emergency: what one may open, and what one has open. */
export interface EmergencyAnswer {
  types: { name: string; label: string; keys: { key: string; label: string }[]; maxMinutes: number }[]
  open: { id: string; resource: string; resourceLabel: string; record: string; title: string; reason: string; until: string }[]
  /** How many may be begun today. */
  leftToday: number
}
/** POST /api/emergency; `access` null: one may see the record anyhow, nothing was opened. */
export interface EmergencyOpened {
  resource: string
  record: string
  access: string | null
}
export interface EmergencyDraft {
  resource: string
  key: string
  value: string
  cause: keyof typeof emergencyCauses
  reason: string
  minutes: number
}
const lengthOf = (words: string): number => [...words].length
/** What somebody asks for in an emergency; what is wrong is named at its field. */
export function readEmergency(defs: Definitions, given: Readonly<Record<string, unknown>>): { draft: EmergencyDraft | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const say = (field: string, message: string) => void problems.push({ field, message })
  const { cause, minutes = emergencyLimits.minutes.usual } = given
  const [name, key, value, reason] = ['resource', 'key', 'value', 'reason'].map((one) => (typeof given[one] === 'string' ? given[one].trim() : '')) as [string, string, string, string]
  const spec = defs.resources.get(name)?.emergency
  if (!spec) say('resource', '请选择要查看的记录类型')
  else if (!spec.by.includes(key)) say('key', '请选择用什么查找')
  if (!value || lengthOf(value) > 100) say('value', value ? '过长' : '请填写完整的号码')
  if (typeof cause !== 'string' || !Object.hasOwn(emergencyCauses, cause)) say('cause', '请选择事由')
  const { least, most } = emergencyLimits.reason
  if (lengthOf(reason) < least) say('reason', `请写明原因，至少 ${least} 个字`)
  else if (lengthOf(reason) > most) say('reason', `至多 ${most} 个字`)
  const longest = spec?.maxMinutes ?? emergencyLimits.minutes.most
  if (!Number.isInteger(minutes) || (minutes as number) < emergencyLimits.minutes.least || (minutes as number) > longest) say('minutes', `${emergencyLimits.minutes.least} 至 ${longest} 分钟`)
  return { draft: problems.length ? null : ({ resource: name, key, value, cause, reason, minutes } as EmergencyDraft), problems }
} // prettier-ignore
