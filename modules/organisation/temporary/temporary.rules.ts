import type { Day } from '#model'

/** What somebody is who works here for a time. Rosters, escorts and rotations call people by these kinds. */
export const temporaryKinds = {
  residentTrainee: '规培生',
  furtherTrainee: '进修生',
  intern: '实习生',
  probation: '试用人员',
  caregiver: '护工',
  other: '其他临时人员',
} as const
export type TemporaryKind = keyof typeof temporaryKinds

/** Which systems may call somebody. */
export const pools = { rotation: '科室轮转', roster: '科室排班', care: '陪护与护理辅助', errand: '运送与后勤' } as const
export type Pool = keyof typeof pools
const usualPools: Record<TemporaryKind, readonly Pool[]> = {
  residentTrainee: ['rotation', 'roster'],
  furtherTrainee: ['rotation', 'roster'],
  intern: ['rotation', 'roster'],
  probation: ['rotation', 'roster'],
  caregiver: ['care'],
  other: ['errand'],
}
export const poolsOf = (kind: TemporaryKind): Pool[] => [...usualPools[kind]]

/** Birth and sex that a Chinese identity number tells, of 18 digits or of the 15 of before 1999; null for other documents. */
export function toldByNumber(identityNumber: string): { birthDate: Day; sex: 'male' | 'female' } | null {
  const parts = /^\d{6}(?<year>\d{4}|\d{2})(?<month>\d{2})(?<day>\d{2})\d{2}(?<order>\d)[\dX]?$/.exec(identityNumber)?.groups
  if (!parts || ![15, 18].includes(identityNumber.length)) return null
  const year = parts['year']!.length === 2 ? `19${parts['year']}` : parts['year']!
  return { birthDate: `${year}-${parts['month']}-${parts['day']}`, sex: Number(parts['order']) % 2 ? 'male' : 'female' }
}
