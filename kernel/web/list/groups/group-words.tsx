import {
  isProtected,
  aggregates,
  finenessText,
  finenessWord,
  kindOf,
  readGroupKey,
  readTotalKey,
  type Field,
  type Scalar,
  type TotalKey,
  type TotalValue,
} from '#model'
import { CellOf } from '../../fields/index.ts'
import type { Found } from '../../definitions/catalog.ts'

/** Can it be added up? */
export const isNumber = (field: Field): boolean => kindOf(field).isNumber?.(field) === true
export const isTime = (field: Field): boolean => kindOf(field).isDated === true
/** Is it worth grouping by? */
export const isGroupable = (field: Field): boolean => !isProtected(field) && !kindOf(field).isEndless && kindOf(field).sortable

/** 登记日期（月） */
export function keyLabel(text: string, find: (path: string) => Found | null): string {
  const key = readGroupKey(text)
  const label = (key && find(key.path)?.label) ?? text
  const fineness = key && finenessWord(key)
  return fineness ? `${label}（${fineness}）` : label
}
/** 按级别、登记日期（月）分组 */
export const groupedBy = (group: readonly string[], find: (path: string) => Found | null): string =>
  `按${group.map((text) => keyLabel(text, find)).join('、')}分组`
/** 奖金合计 */
export function totalLabel(text: string, find: (path: string) => Found | null): string {
  const key = readTotalKey(text)
  return key ? `${find(key.path)?.label ?? key.path}${aggregates[key.by]}` : text
}

/** What a group is called. */
export function GroupKeyText({ text, field, value }: { text: string; field: Field | undefined; value: Scalar | null }) {
  const key = readGroupKey(text)
  if (value === null || value === '') return <span className="x-faint">（空）</span>
  const said = key && finenessText(key, value)
  if (said) return <>{said}</>
  return field ? <CellOf field={field} value={value} /> : <>{String(value)}</>
}
/** A total, with thousands apart; exact decimals stay as they are. */
export function totalText(value: TotalValue | undefined): string {
  if (value === null || value === undefined) return '—'
  const [whole = '', part] = String(value).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}
/** Totals under their columns: column path → what is said there. */
export function totalsByColumn(totals: readonly string[], values: readonly TotalValue[]): Map<string, { key: TotalKey; text: string }[]> {
  const said = new Map<string, { key: TotalKey; text: string }[]>()
  for (const [at, text] of totals.entries()) {
    const key = readTotalKey(text)
    if (key) said.set(key.path, [...(said.get(key.path) ?? []), { key, text: totalText(values[at]) }])
  }
  return said
}
