import { addMonths, type Day } from '#model'

/** By which original age somebody retires; of women it follows the post, and with a senior title the age of men. */
export const retirementGroups = {
  men60: '男（原 60 周岁）',
  women60: '女（高级职称，原 60 周岁）',
  women55: '女（原 55 周岁）',
  women50: '女（原 50 周岁）',
} as const
export type RetirementGroup = keyof typeof retirementGroups

interface Steps {
  /** Months of age before 2025. */
  original: number
  /** The first month of birth that the steps concern: who reached the original age in January 2025. */
  first: readonly [year: number, month: number]
  /** So many months of birth are one step of a month. */
  every: number
  /** Months later at most. */
  most: number
}
/** 全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定 (2024-09-13), in force from 2025-01-01; the card `retirement` names its certainty. */
const steps: Record<RetirementGroup, Steps> = {
  men60: { original: 720, first: [1965, 1], every: 4, most: 36 },
  women60: { original: 720, first: [1965, 1], every: 4, most: 36 },
  women55: { original: 660, first: [1970, 1], every: 4, most: 36 },
  women50: { original: 600, first: [1975, 1], every: 2, most: 60 },
}

export interface Retirement {
  /** Months of age. */
  age: number
  on: Day
  /** Between these a person may choose; never below the original age. */
  earliest: Day
  latest: Day
}
/** When somebody born on a day retires. `early`, `late`: months by which one may choose otherwise. */
export function retirementOf(birth: Day, group: RetirementGroup, { early, late }: { early: number; late: number } = { early: 36, late: 36 }): Retirement {
  const { original, first, every, most } = steps[group]
  const [year, month] = birth.split('-').map(Number) as [number, number]
  const since = (year - first[0]) * 12 + (month - first[1])
  const age = original + (since < 0 ? 0 : Math.min(most, Math.floor(since / every) + 1))
  const at = (months: number) => addMonths(birth, months)
  return { age, on: at(age), earliest: at(Math.max(original, age - early)), latest: at(age + late) }
} // prettier-ignore

const technical = new Set(['doctor', 'nurse', 'pharmacist', 'technician'])
const senior = new Set(['associateSenior', 'senior'])
/** What a file says of the group where nobody has said it; null: it has to be said. */
export function usualGroup({ sex, category, titleLevel }: { sex?: unknown; category?: unknown; titleLevel?: unknown }): RetirementGroup | null {
  if (sex === 'male') return 'men60'
  if (sex !== 'female' || !technical.has(String(category))) return null
  return senior.has(String(titleLevel)) ? 'women60' : 'women55'
} // prettier-ignore

type File = Readonly<Record<string, unknown>>
/** The group of a file, as said or as usual; null where neither is known. */
export const groupOf = (file: File): RetirementGroup | null => (file['retiresAs'] as RetirementGroup | null | undefined) ?? usualGroup(file)
/** The day on which the person of this file retires: the chosen one, else the statutory one; null where birth or group is not known. */
export function retiresOn(file: File): Day | null {
  const chosen = file['retirementChosen'] as Day | null | undefined
  if (chosen) return chosen
  const birth = file['birthDate'] as Day | null | undefined
  const group = groupOf(file)
  return birth && group ? retirementOf(birth, group).on : null
}
