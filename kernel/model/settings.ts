import type { Period, QuietHours } from './clock/index.ts'
import { group, may, module, page } from './module.ts'
import type { FieldProblem } from './refusals.ts'

/** What a hospital sets for itself as a whole. Times are minutes since midnight. */
export interface Settings {
  hospitalName: string
  /** 医务处, 医务部 or 医务科: how this hospital calls it. Labels say `{medicalOffice}`. */
  medicalOffice: string
  /** Working time until the hospital writes a calendar of its own. */
  workingTime: readonly Period[]
  /** When nothing is sent but what is urgent. */
  quietHours: QuietHours
  /** Links that open without signing in may be made, by who has the right. */
  publicSharing: boolean
  /** How long the audit log stays in the database before it goes to archives, months: half a year at least. */
  auditMonths: number
  /** So long a backup is kept, days: until then it holds what was erased since it was made. */
  backupDays: number
  /** So long what is said in conversations is kept, days, by kind. */
  talkRecordDays: number
  talkDirectDays: number
  talkGroupDays: number
}
/** The law asks for half a year; nobody sets less. */
export const auditMonthsBounds = { min: 6, max: 240 } as const
export const backupDaysBounds = { min: 1, max: 3660 } as const
export const talkDaysBounds = { min: 30, max: 10_950 } as const
export const talkDaysKeys = ['talkRecordDays', 'talkDirectDays', 'talkGroupDays'] as const
export const defaultSettings: Settings = {
  hospitalName: '杏林医院',
  medicalOffice: '医务处',
  workingTime: [
    { weekdays: [1, 2, 3, 4, 5], from: 8 * 60, to: 12 * 60 },
    { weekdays: [1, 2, 3, 4, 5], from: 14 * 60, to: 17 * 60 + 30 },
  ],
  quietHours: { from: 21 * 60, to: 7 * 60 + 30 },
  publicSharing: false,
  auditMonths: 36,
  backupDays: 90,
  talkRecordDays: 1095,
  talkDirectDays: 1095,
  talkGroupDays: 1095,
}
export const settingLabels: Readonly<Record<keyof Settings, string>> = {
  hospitalName: '医院名称',
  medicalOffice: '医务管理部门的名称',
  workingTime: '默认作息',
  quietHours: '免打扰时段',
  publicSharing: '对外公开分享',
  auditMonths: '审计日志在线保留',
  backupDays: '备份保留',
  talkRecordDays: '记录与审批的沟通保留',
  talkDirectDays: '两人会话保留',
  talkGroupDays: '群会话保留',
}

export const settingsModule = module('settings', {
  label: '系统设置',
  rights: { 'settings.administer': '系统设置：医院与部门名称、默认作息、免打扰时段' },
  roles: { systemOfficer: [may.use('settings.administer')] },
  menu: [group('系统', [page('/settings', '系统设置', 'settings.administer', { icon: 'setting', phone: true })])],
})

const isMinutes = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 24 * 60
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Settings as they come from outside; what is wrong is named by its path. */
export function readSettingsDraft(draft: unknown): { settings: Settings | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const given = isRecord(draft) ? draft : {}
  const name = (key: 'hospitalName' | 'medicalOffice', most: number): string => {
    const value = given[key]
    const text = typeof value === 'string' ? value.trim() : ''
    // Names stand in labels and on printed forms: one line of plain text.
    if (!text || text.length > most || /[\p{Cc}{}<>]/u.test(text)) problems.push({ field: key, message: `请填写${settingLabels[key]}，不超过 ${most} 字，不含尖括号和花括号` }) // prettier-ignore
    return text
  }
  const quiet = isRecord(given['quietHours']) ? given['quietHours'] : {}
  const { from, to } = quiet
  if (!isMinutes(from) || !isMinutes(to) || from === to) problems.push({ field: 'quietHours', message: '请填写起止时间，起止不能相同' })
  const { min, max } = auditMonthsBounds
  const auditMonths = given['auditMonths'] as number
  if (!Number.isInteger(auditMonths) || auditMonths < min || auditMonths > max) problems.push({ field: 'auditMonths', message: `请填写 ${min} 至 ${max} 个月；按规定不得少于 ${min} 个月` }) // prettier-ignore
  const backupDays = given['backupDays'] as number
  if (!Number.isInteger(backupDays) || backupDays < backupDaysBounds.min || backupDays > backupDaysBounds.max) problems.push({ field: 'backupDays', message: `请填写 ${backupDaysBounds.min} 至 ${backupDaysBounds.max} 天` }) // prettier-ignore
  const talkDays = (key: (typeof talkDaysKeys)[number]): number => {
    const days = given[key] as number
    if (!Number.isInteger(days) || days < talkDaysBounds.min || days > talkDaysBounds.max) problems.push({ field: key, message: `请填写 ${talkDaysBounds.min} 至 ${talkDaysBounds.max} 天` }) // prettier-ignore
    return days
  }
  const kept = {
    talkRecordDays: talkDays('talkRecordDays'),
    talkDirectDays: talkDays('talkDirectDays'),
    talkGroupDays: talkDays('talkGroupDays'),
  }
  const settings = { ...kept, hospitalName: name('hospitalName', 40), medicalOffice: name('medicalOffice', 20), workingTime: readPeriods(given['workingTime'], problems), quietHours: { from: from as number, to: to as number }, publicSharing: given['publicSharing'] === true, auditMonths, backupDays } // prettier-ignore
  return { settings: problems.length ? null : settings, problems }
}
function readPeriods(value: unknown, problems: FieldProblem[]): Period[] {
  const list = Array.isArray(value) ? (value as unknown[]) : []
  if (list.length === 0 || list.length > 14) problems.push({ field: 'workingTime', message: '至少一个、至多 14 个时段' })
  const periods: Period[] = []
  for (const [at, one] of list.entries()) {
    const { weekdays, from, to } = isRecord(one) ? one : {}
    const days = Array.isArray(weekdays) ? [...new Set(weekdays as unknown[])] : []
    const say = (message: string) => void problems.push({ field: `workingTime.${at}`, message })
    if (days.length === 0 || days.some((day) => !Number.isInteger(day) || (day as number) < 1 || (day as number) > 7)) say('请选择星期')
    else if (!isMinutes(from) || !isMinutes(to) || from >= to) say('结束时间须晚于开始时间')
    else {
      const period = { weekdays: (days as Period['weekdays'][number][]).toSorted((a, b) => a - b), from, to }
      if (periods.some((other) => overlap(other, period))) say('与上面的时段重叠')
      periods.push(period)
    }
  }
  return periods
}
const overlap = (one: Period, other: Period): boolean =>
  other.from < one.to && one.from < other.to && other.weekdays.some((day) => one.weekdays.includes(day))
