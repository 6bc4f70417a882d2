import { formatInstant } from '../clock/day.ts'
import type { Field } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import type { NameOf } from '../fields/kind.ts'
import {
  isCondition, operators,
  type AskersOperand, type Condition, type Filter, type Operand, type Operator, type RelativeDay, type Scalar,
} from './filter.ts' // prettier-ignore

/** What a filter says, as people read it: in the sentence above a list, and wherever a right reaches only what passes one. */
const askers: Record<AskersOperand['my'], string> = {
  person: '我本人',
  units: '我的科室',
  unitsWithBelow: '我的科室（含下级）',
  campus: '我的院区',
  zone: '我的片区',
}
/** The single values that one operand compares with. */
export const scalarsOf = (value: Operand | undefined): Scalar[] =>
  Array.isArray(value) ? value.filter((v) => typeof v !== 'object') : value === undefined || typeof value === 'object' ? [] : [value]
export const operatorWord = (field: Field, op: Operator): string => kindOf(field).words?.[op] ?? operators[op]

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
/** One value compared with, in the kind's own words. */
function scalarWord(field: Field, value: Scalar, nameOf: NameOf): string {
  const kind = kindOf(field)
  if (kind.sayOperand) return kind.sayOperand(value, field)
  const isMany = kind.schema(field)['type'] === 'array'
  return kind.format(isMany ? [value] : value, field, nameOf)
}
const joined = (words: string[]): string =>
  words.length > 3 ? `${words.slice(0, 3).join('、')} 等 ${words.length} 项` : words.join(' 或 ')
function valueWord(field: Field, { op }: Condition, value: Operand, nameOf: NameOf): string {
  if (typeof value === 'object' && 'my' in value) return askers[value.my]
  if (Array.isArray(value) ? value.some(isRelative) : isRelative(value)) return Array.isArray(value) ? spanWord(value) : dayWord(value)
  const said = scalarsOf(value).map((one) => scalarWord(field, one, nameOf))
  return op === 'between' && said.length === 2 ? said.join(' 至 ') : joined(said)
}
/** 院内级别 是 三级 或 四级 */
export const conditionWords = (label: string, field: Field, condition: Condition, nameOf: NameOf): string =>
  `${label} ${operatorWord(field, condition.op)} ${condition.value === undefined ? '' : valueWord(field, condition, condition.value, nameOf)}`.trim()

/** A whole filter as one sentence; `find` leads from a path to its field and label. */
export function filterWords(filter: Filter, find: (path: string) => { label: string; field: Field } | null, nameOf: NameOf): string {
  const inner = (one: Filter): string => (isCondition(one) || 'some' in one || 'not' in one ? words(one) : `（${words(one)}）`)
  const words = (one: Filter): string => {
    if (isCondition(one)) {
      const found = find(one.field)
      return found ? conditionWords(found.label, found.field, one, nameOf) : `${one.field}（不可用）`
    }
    if ('some' in one) return `明细中有符合条件的行（${one.some}）`
    if ('not' in one) return `不满足（${words(one.not)}）`
    const [list, join] = 'and' in one ? [one.and, ' 且 '] : [one.or, ' 或 ']
    if (list.length === 0) return 'and' in one ? '全部' : '没有'
    return list.map(inner).join(join)
  }
  return words(filter)
}
