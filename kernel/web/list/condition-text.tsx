import {
  choiceLabel,
  formatInstant,
  type AskersOperand,
  type Choices,
  type Condition,
  type Field,
  type Filter,
  type Operand,
  type RelativeDay,
} from '#model'
import { targetOf, type Found } from '../definitions/catalog.ts'
import { scalarsOf } from '../fields/filter-values.tsx'
import { useTitles } from '../fields/titles.tsx'
import { wordOf } from './filter-tree.ts'

const askers: Record<AskersOperand['my'], string> = {
  person: '我本人',
  units: '我的科室',
  unitsWithBelow: '我的科室（含下级）',
  campus: '我的院区',
  zone: '我的片区',
}

const isRelative = (value: unknown): value is RelativeDay => typeof value === 'object' && value !== null && 'today' in value
const dayWord = (value: unknown): string => {
  if (!isRelative(value)) return String(value).includes('T') ? formatInstant(String(value)) : String(value)
  return value.today === 0 ? '今天' : value.today > 0 ? `${value.today} 天后` : `${-value.today} 天前`
}
function spanWord([from, to]: readonly unknown[]): string {
  if (isRelative(from) && isRelative(to)) {
    if (from.today === 0 && to.today === 0) return '今天'
    if (from.today === 0) return `今天起 ${to.today} 天内`
    if (to.today === 0) return from.today === -364 ? '近一年内' : `近 ${1 - from.today} 天内`
  }
  return `${dayWord(from)} 至 ${dayWord(to)}`
}
function valueWord(field: Field, value: Operand, titles: readonly (string | undefined)[]): string {
  if (typeof value === 'object' && 'my' in value) return askers[value.my]
  if (field.kind === 'date' || field.kind === 'dateTime') return Array.isArray(value) ? spanWord(value) : dayWord(value)
  const list = scalarsOf(value)
  if (titles.length) return joined(titles.map((title) => title ?? '…'))
  if (field.kind === 'choice' || field.kind === 'choices')
    return joined(list.map((key) => choiceLabel((field.options as { choices: Choices }).choices, String(key))))
  if (typeof value === 'boolean')
    return field.kind === 'boolean' ? ((field as Field<'boolean'>).options[value ? 'yes' : 'no'] ?? (value ? '是' : '否')) : String(value)
  return list.length === 2 && Array.isArray(value) && field.kind !== 'text' ? `${list[0]} 至 ${list[1]}` : joined(list.map(String))
}
const joined = (words: string[]): string =>
  words.length > 3 ? `${words.slice(0, 3).join('、')} 等 ${words.length} 项` : words.join(' 或 ')

/** 院内级别 是 三级 或 四级 */
export function ConditionText({ found, condition }: { found: Found | null; condition: Condition }) {
  const target = found ? targetOf(found.field) : undefined
  const ids = target ? scalarsOf(condition.value).map(String) : []
  const titles = useTitles(target ?? '', ids)
  if (!found) return <>{condition.field}（不可用）</>
  const { field, label } = found
  // 是 是 reads badly.
  const word = field.kind === 'boolean' && condition.op === 'eq' ? '为' : wordOf(field, condition.op)
  return (
    <>
      {label} {word} {condition.value === undefined ? '' : valueWord(field, condition.value, titles)}
    </>
  )
}

/** What cannot be edited in the sentence is at least said. */
export const wholeText = (filter: Filter): string =>
  'not' in filter ? '不满足另一组条件' : 'some' in filter ? '明细中有符合条件的行' : '一组嵌套条件'
