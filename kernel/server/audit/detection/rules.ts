import type { ReadFindingKind } from '#model'

/** A read of one record, with what is known of who read it and whom it is about. */
export interface ReadFact {
  seq: number
  at: string
  person: string
  resourceLabel: string
  /** Whom the record is about; null: nobody we know. */
  subject: string | null
  subjectName: string | null
  /** Unit of the reader, and of whom it is about. */
  unit: string | null
  subjectUnit: string | null
  readerName: string
  /** Whoever keeps such records reads them by duty. */
  isKeeper: boolean
  /** Everybody may read his own record of this type. */
  isOwnUsual: boolean
}
export interface Suspicion {
  kind: ReadFindingKind
  person: string
  reason: string
  reads: readonly ReadFact[]
}

const compound = new Set(['欧阳', '司马', '上官', '诸葛', '东方', '皇甫', '尉迟', '公孙', '慕容', '长孙', '宇文', '司徒', '夏侯', '令狐'])
/** The family name: of two characters where it is one of those. */
export const familyOf = (name: string): string => {
  const plain = name.trim()
  return compound.has(plain.slice(0, 2)) ? plain.slice(0, 2) : ([...plain][0] ?? '')
}
/** Chinese names only: of 王 there are two, of Smith no S. */
const isChinese = (name: string): boolean => /^\p{Script=Han}/u.test(name)

/** Whose record it was. Whoever keeps such records does so by duty, but for his own. */
export function suspicionsOf(reads: readonly ReadFact[]): Suspicion[] {
  const found: Suspicion[] = []
  for (const [person, own] of Map.groupBy(reads, (read) => read.person)) {
    const add = (kind: ReadFindingKind, some: ReadFact[], words: (names: string) => string) => {
      if (some.length) found.push({ kind, person, reason: words(namesIn(some)), reads: some })
    }
    add('own', own.filter((r) => r.subject === person && !r.isOwnUsual), (names) => `查看了关于本人的${names}，这类记录本人通常不看`) // prettier-ignore
    const others = own.filter((r) => r.subject && r.subject !== person && !r.isKeeper)
    const colleagues = others.filter((r) => r.unit !== null && r.unit === r.subjectUnit)
    add('colleague', colleagues, (names) => `查看了同科室同事的${names}，而这类记录不由其维护`)
    const isKin = (r: ReadFact) => isChinese(r.readerName) && familyOf(r.readerName) === familyOf(r.subjectName ?? '')
    add('family', others.filter((r) => r.unit !== r.subjectUnit && isKin(r)), (names) => `查看了同姓人员的${names}，可能是亲属`) // prettier-ignore
  }
  return found
}
/** 医务人员（张三、李四） */
function namesIn(reads: readonly ReadFact[]): string {
  const labels = [...new Set(reads.map((r) => r.resourceLabel))].slice(0, 3)
  const names = [...new Set(reads.flatMap((r) => (r.subject === r.person || !r.subjectName ? [] : [r.subjectName])))]
  const some = `${names.slice(0, 5).join('、')}${names.length > 5 ? `等 ${names.length} 人` : ''}`
  return `${labels.join('、')}${some && `（${some}）`}`
}

/** How many reads a day somebody makes, and those who hold the same roles. */
export interface Habit {
  /** Reads on each day of the past weeks on which he read at all. */
  past: readonly number[]
  /** The same of his peers, a day each. */
  peers: readonly number[]
  /** Of his reads in the past weeks, those at night. */
  nightShare: number
}
export const limits = { volume: 30, times: 3, leastDays: 5, night: 5, usualNightShare: 0.3 } as const
const mean = (list: readonly number[]): number => (list.length ? list.reduce((sum, n) => sum + n, 0) / list.length : 0)

/** More than a few, three times what he reads on his own days, and three times what others of his roles do. */
export function volumeReason(today: number, { past, peers }: Habit): string | null {
  if (today <= limits.volume) return null
  const [own, others] = [mean(past), mean(peers)]
  const knowsOwn = past.length >= limits.leastDays
  if (knowsOwn && today <= own * limits.times) return null
  if (peers.length >= limits.leastDays && today <= others * limits.times) return null
  const told = [
    ...(knowsOwn ? [`本人平日约 ${Math.round(own)} 次`] : []),
    ...(peers.length >= limits.leastDays ? [`同角色人员平日约 ${Math.round(others)} 次`] : []),
  ]
  return `一天查看 ${today} 条记录，${told.length ? told.join('，') : `超过 ${limits.volume} 次，此前没有可比的记录`}`
}

/** By the hospital's clock. */
export const isNight = (at: string): boolean => {
  const hour = (new Date(at).getUTCHours() + 8) % 24
  return hour >= 22 || hour < 6
}
/** Several at night by somebody who does not usually work then. */
export function nightReason(count: number, { nightShare }: Habit): string | null {
  if (count < limits.night || nightShare > limits.usualNightShare) return null
  return `22 时至次日 6 时查看 ${count} 条记录，此人平时夜间查看只占 ${Math.round(nightShare * 100)}%`
}
