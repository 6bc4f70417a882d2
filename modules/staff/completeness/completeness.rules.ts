import type { categories } from '../practitioner/practitioner.ts'

type Category = keyof typeof categories
/** What a file is looked through for. */
export const items = {
  identityNumber: '证件号码',
  mobile: '手机',
  birthDate: '出生日期',
  joinedOn: '来院日期',
  education: '最高学历',
  specialty: '专业',
  school: '学习经历',
  diploma: '毕业证扫描件',
  title: '职称',
  registration: '执业注册',
  qualification: '资格证书',
  politicalStatus: '政治面貌',
  emergency: '紧急联系人',
} as const
export type Item = keyof typeof items
const all = Object.keys(items) as Item[]

const clinical: readonly Category[] = ['doctor', 'nurse', 'pharmacist', 'technician']
/** Whose file needs it, until the hospital says otherwise; everybody's what is not named. */
const needed: Partial<Record<Item, readonly Category[]>> = {
  specialty: clinical,
  title: clinical,
  registration: ['doctor', 'nurse'],
  qualification: clinical,
}
/** What the hospital says of an item; none: as the product does. */
export interface Requirement {
  item: Item
  isCounted: boolean
  categories: readonly string[] | null
}
/** A person with what his file holds. */
export interface Held {
  category: string | null
  holds: Readonly<Record<Item, boolean>>
}

/** What is missing from a file, in the order of the file. */
export function missingOf({ category, holds }: Held, requirements: readonly Requirement[]): Item[] {
  const said = new Map(requirements.map((one) => [one.item, one]))
  return all.filter((item) => {
    const own = said.get(item)
    if (holds[item] || own?.isCounted === false) return false
    const whose: readonly string[] | undefined = own?.categories?.length ? own.categories : needed[item]
    return !whose || (category !== null && whose.includes(category))
  })
}
