import { halfWidth, isEndless } from '#model'
import { fedPersonFields, type FedField } from './feed.rules.ts'

/** Where a column of a file of people goes. */
export type PeopleColumn = 'number' | Exclude<FedField, 'staffNumber'> | 'staffNumber'
const columnLabels: Readonly<Record<PeopleColumn, string>> = { number: '工号', ...fedPersonFields, staffNumber: '院内工号', unit: '科室' }
const alsoCalled: Readonly<Record<string, PeopleColumn>> = {
  人员编号: 'number', 职工号: 'number', 员工号: 'number', 人员编码: 'number', 员工姓名: 'name', 出生年月日: 'birthDate', 生日: 'birthDate', 身份证号: 'identityNumber', 身份证号码: 'identityNumber', 证件号: 'identityNumber',
  手机号: 'mobile', 手机号码: 'mobile', 联系电话: 'mobile', 电子邮箱: 'email', 邮件: 'email', 所在科室: 'unit', 部门: 'unit', 科室编码: 'unit', 科室代码: 'unit', 科室名称: 'unit', 入院日期: 'joinedOn', 入职日期: 'joinedOn', 到院日期: 'joinedOn', 来院时间: 'joinedOn',
} // prettier-ignore
const plain = (text: string): string => halfWidth(text).replace(/[\s*:()（）：]/g, '')
const known = new Map<string, PeopleColumn>([...Object.entries(columnLabels).map(([key, label]): [string, PeopleColumn] => [label, key as PeopleColumn]), ...Object.entries(alsoCalled)]) // prettier-ignore

/** Where a column of this name goes; null: nowhere. */
export const columnOf = (heading: string): PeopleColumn | null => known.get(plain(heading)) ?? null

/** The heads of a template: who it is, and what the source looks after. */
export const templateHeads = (owns: readonly FedField[]): string[] =>
  (['number', 'name', ...(Object.keys(fedPersonFields) as FedField[]).filter((key) => key !== 'name' && owns.includes(key))] as PeopleColumn[]).map((key) => columnLabels[key]) // prettier-ignore

export interface PeopleFile {
  columns: { heading: string; goesTo: string | null }[]
  people: Record<string, string>[]
  /** Why nothing of it can be told; empty where it can. */
  problems: string[]
}
/** Reads a table of people by its head, which may stand below a title. `at`: the line of the file that each row is. */
export function readPeopleFile(rows: readonly (readonly string[])[], at: readonly number[]): PeopleFile {
  const keysOf = (row: readonly string[] = []) => row.map((cell, i, all) => (all.findIndex((one) => columnOf(one) === columnOf(cell)) === i ? columnOf(cell) : null)) // prettier-ignore
  const head = rows.slice(0, 10).findIndex((row) => keysOf(row).includes('number') && keysOf(row).includes('name'))
  if (head < 0) return { columns: [], people: [], problems: ['没有找到表头：需要有“工号”和“姓名”两列'] }
  const keys = keysOf(rows[head])
  const columns = rows[head]!.flatMap((heading, i) => (heading.trim() ? [{ heading: heading.trim(), goesTo: keys[i] ? columnLabels[keys[i]] : null }] : [])) // prettier-ignore
  const lines = rows.slice(head + 1).map((row, i) => ({ line: at[head + 1 + i] ?? head + 2 + i, person: personOf(row, keys) }))
  const people = lines.filter(({ person }) => person['number'] || person['name'])
  const twice = Map.groupBy(people.filter(({ person }) => person['number']), ({ person }) => person['number']!)
  const problems = [...twice].filter(([, same]) => same.length > 1).map(([number, same]) => `工号 ${number} 重复：第 ${same.map(({ line }) => line).join('、')} 行`)
  if (people.length === 0) problems.push('表头下面没有人员')
  return { columns, people: people.map(({ person }) => person), problems }
} // prettier-ignore
const days = new Set<PeopleColumn>(['birthDate', 'joinedOn'])
function personOf(row: readonly string[], keys: readonly (PeopleColumn | null)[]): Record<string, string> {
  const cells = keys.flatMap((key, i): [string, string][] => {
    const text = (row[i] ?? '').trim()
    // 长期, 至今 say of a day that there is none.
    return key && text && !(days.has(key) && isEndless(text)) ? [[key, text]] : []
  })
  return Object.fromEntries(cells)
}
