import { all, among, any, is, where, type Filter } from '#model'

/** One figure of 医师动态: which records of a day it counts, and in which field they name their unit. The page opens the very same records. */
export interface Figure {
  key: string
  label: string
  /** What it counts, for whoever points at it. */
  help: string
  resource: string
  unit: string
  /** The type keeps what held when: it is read as of the day. */
  isDated: boolean
  /** Shown together or not at all. */
  part: FigurePart
  filter: (day: string, since: string | null) => Filter
}
export const figureParts = { staff: '在册', place: '去向', moved: '期间变动', titles: '医师职称' } as const
export type FigurePart = keyof typeof figureParts

const there = among('status', ['active', 'away', 'external'])
const doctor = all(is('category', 'doctor'), there)
const none = (field: string): Filter => where(field, 'empty')
const from = (since: string | null, day: string): Filter[] => [where('from', 'lte', day), ...(since ? [where('from', 'gte', since)] : [])]
const current = (day: string): Filter => all(any(none('from'), where('from', 'lte', day)), any(none('to'), where('to', 'gte', day)))

const ofPeople = (part: FigurePart, key: string, label: string, help: string, filter: Filter): Figure => ({
  key, label, help, part, resource: 'staff.practitioner', unit: 'unit', isDated: true, filter: () => filter,
}) // prettier-ignore
const lent = (key: string, label: string, help: string, unit: string): Figure => ({
  key, label, help, unit, part: 'place', resource: 'organisation.secondment', isDated: false, filter: (day) => all(is('status', 'active'), current(day)),
}) // prettier-ignore
const moved = (key: string, label: string, help: string, what: Filter): Figure => ({
  key, label, help, part: 'moved', resource: 'organisation.movement', unit: 'fromUnit', isDated: false,
  filter: (day, since) => all(what, is('status', 'active'), ...from(since, day)),
}) // prettier-ignore
const left = (how: string): Filter => all(is('kind', 'leave'), is('leaving', how))
const titled = (key: string, label: string): Figure =>
  ofPeople('titles', `title.${key}`, label, `现聘职称级别为${label}的医师`, all(doctor, is('titleLevel', key)))

/** The fifteen of A0720, and the doctors by level of title. */
export const figures: readonly Figure[] = [
  ofPeople('staff', 'total', '总人数', '在岗、离岗和外部人员', there),
  {
    key: 'heads', label: '科室主任', help: '当天任科主任的人', part: 'staff', resource: 'directory.membership', unit: 'unit', isDated: false,
    filter: (day) => all(is('post', 'head'), current(day)),
  },
  ofPeople('staff', 'doctors', '医师', '人员类别为医师的在岗、离岗和外部人员', doctor),
  ofPeople('staff', 'established', '在编医师', '用工形式为在编的医师', all(doctor, is('employment', 'established'))),
  ofPeople('staff', 'contract', '合同工', '合同聘用、人事代理、劳务派遣的人员', all(there, among('employment', ['contract', 'agency', 'dispatched']))),
  ofPeople('staff', 'temporary', '临时人员', '在职状态为外部人员', is('status', 'external')),
  ofPeople('place', 'onDuty', '在岗', '在职状态为在岗', is('status', 'active')),
  ofPeople('place', 'onLeave', '休假中', '因休假离岗', all(is('status', 'away'), is('awayAs', 'leave'))),
  ofPeople('place', 'training', '进修中', '因进修离岗', all(is('status', 'away'), is('awayAs', 'training'))),
  lent('lentOut', '外援', '本科室人员当天在支援其他科室或机构', 'fromUnit'),
  lent('lentIn', '被援', '其他科室人员当天在支援本科室', 'toUnit'),
  moved('transferred', '调出', '期间从本科室调出', is('kind', 'transfer')),
  moved('dismissed', '辞退', '期间被辞退', left('dismissed')),
  moved('resigned', '辞职', '期间辞职', left('resigned')),
  moved('retired', '退休', '期间退休', left('retired')),
  titled('senior', '正高级'),
  titled('associateSenior', '副高级'),
  titled('intermediate', '中级'),
  titled('junior', '初级'),
] // prettier-ignore

export type Counts = Partial<Record<string, number>>
export interface DynamicsUnit {
  id: string
  code: string
  name: string
  kind: string
  parent: string | null
  zone: string | null
  /** By figure, with all units below it; a figure of nobody is left out. */
  counts: Counts
}
/** GET /api/staff/dynamics: the units of the day in the order of siblings. */
export interface Dynamics {
  day: string
  since: string | null
  /** The figures that the reader may count. */
  shown: string[]
  units: DynamicsUnit[]
  /** Of the whole hospital, those without a unit among them. */
  whole: Counts
  mayExport: boolean
}

export const periods = {
  year: '本年',
  month: '近一个月',
  twelve: '近一年',
  three: '近三年',
  ever: '全部',
} as const
export type Period = keyof typeof periods
/** The first day of a period that ends on `day`; null: from the beginning. */
export function sinceOf(period: Period, day: string): string | null {
  const back = (months: number): string => {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number]
    const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate()
    // The day after the same day of that month, so that the period is whole months long.
    const at = new Date(Date.UTC(year, month - 1 - months, Math.min(date, last) + 1))
    return at.toISOString().slice(0, 10)
  }
  if (period === 'ever') return null
  return period === 'year' ? `${day.slice(0, 4)}-01-01` : back({ month: 1, twelve: 12, three: 36 }[period])
}
