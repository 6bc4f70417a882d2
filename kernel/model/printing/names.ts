import { envelopeKinds } from '../resource.ts'
import type { Field, Fields } from '../fields/field.ts'

/** What a text on paper may name beside the record's own fields. */
export const printWords = {
  医院名称: '医院的名称', 记录名称: '这条记录的名称', 记录类型: '这种记录的名称', 记录状态: '审批的状态', 记录地址: '系统中的网址', 创建人: '', 创建时间: '', 修改人: '', 修改时间: '',
  打印人: '', 打印时间: '', 打印日期: '如 2026年6月15日', 打印编号: '每次打印的编号',
} as const // prettier-ignore
export type PrintWord = keyof typeof printWords
/** Only at the head and foot of pages. */
export const paperWords = ['页码', '页数'] as const
/** Of one line of 审批经过. */
export const chainWords = ['步骤', '结果', '意见', '办理人', '时间'] as const
export const chainLoop = '审批经过'
/** The number of a row. */
export const rowNumber = '序号'

/** As much of the definitions as names are looked up in. */
export interface NameSource {
  readonly resources: { get(name: string): { readonly fields: Fields } | undefined }
}
export interface FoundName {
  /** By keys, as it is kept. */
  readonly path: string
  /** Absent for what every record has. */
  readonly field?: Field
}
const targetOf = (field: Field | undefined): string | undefined =>
  field && field.kind !== 'references' && 'target' in field.options ? String(field.options.target) : undefined
const keyIn = (fields: Fields, name: string): string | undefined =>
  Object.hasOwn(fields, name) ? name : Object.keys(fields).find((key) => fields[key]!.label === name)

/** What a name stands for: keys or labels, through references: `practitioner.name`, `医务人员.姓名`. Null where there is none. */
export function findName({ resources }: NameSource, resource: string, name: string): FoundName | null {
  const keys: string[] = []
  let fields = resources.get(resource)?.fields
  const parts = name.trim().split(/[.·]/)
  for (const [at, part] of parts.entries()) {
    if (!fields) return null
    const key = keyIn(fields, part.trim())
    if (key === undefined) {
      const isLast = at === parts.length - 1
      return isLast && Object.hasOwn(envelopeKinds, part) ? { path: [...keys, part].join('.') } : null
    }
    keys.push(key)
    const field: Field = fields[key]!
    if (at === parts.length - 1) return { path: keys.join('.'), field }
    const target = targetOf(field)
    fields = target ? resources.get(target)?.fields : undefined
  }
  return null
}
/** The column of a sub-table that a name stands for. */
export function findColumn(rows: Field, name: string): string | null {
  return keyIn(columnsOf(rows), name.trim()) ?? null
}
export const columnsOf = (rows: Field): Fields => (rows.kind === 'rows' ? (rows as Field<'rows'>).options.fields : {})

/** What was probably meant by a name that nobody knows, among these; null when nothing is near. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.ceil([...name].length / 2)) + 1
  for (const one of known) {
    const far = one.includes(name) || name.includes(one) ? 1 : distance(name, one)
    if (far < least) [best, least] = [one, far]
  }
  return best
}
/** Every name that a text of this record type may use, as people write it. */
export function namesFor({ resources }: NameSource, resource: string): string[] {
  const fields = resources.get(resource)?.fields ?? {}
  return [...Object.entries(fields).flatMap(([key, field]) => [field.label, key]), ...Object.keys(printWords)]
}
/** How many letters must be changed, added or left out. */
function distance(a: string, b: string): number {
  const [from, to] = [[...a].slice(0, 60), [...b].slice(0, 60)]
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [i, letter] of from.entries()) {
    const next = [i + 1]
    for (const [j, other] of to.entries()) next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}
