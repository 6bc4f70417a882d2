import {
  formatInstant,
  kindOf,
  referredBy,
  type AskersOperand,
  type ClientResource,
  type Condition,
  type Field,
  type Filter,
  type Operand,
  type RelativeDay,
  type Scalar,
} from '#model'
import { Fragment } from 'react'
import type { Found } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { scalarsOf } from '../fields/filter-values.tsx'
import { useDivisions } from '../fields/load-divisions.ts'
import { useTitlesOf } from '../fields/titles.tsx'
import { isGroup, isWhole, wordOf, type Part } from './filter-tree.ts'

const askers: Record<AskersOperand['my'], string> = {
  person: '我本人',
  units: '我的科室',
  unitsWithBelow: '我的科室（含下级）',
  campus: '我的院区',
  zone: '我的片区',
}

type NameOf = (target: string, id: string) => string
/** Records that one value compared with names. */
const referredIn = (field: Field, value: Scalar) => referredBy(field, kindOf(field).schema(field)['type'] === 'array' ? [value] : value)

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
function valueWord(field: Field, { op }: Condition, value: Operand, nameOf: NameOf): string {
  if (typeof value === 'object' && 'my' in value) return askers[value.my]
  if (Array.isArray(value) ? value.some(isRelative) : isRelative(value)) return Array.isArray(value) ? spanWord(value) : dayWord(value)
  const said = scalarsOf(value).map((one) => operandWord(field, one, nameOf))
  return op === 'between' && said.length === 2 ? said.join(' 至 ') : joined(said)
}
/** One value compared with, in the kind's own words. */
function operandWord(field: Field, value: Scalar, nameOf: NameOf): string {
  const kind = kindOf(field)
  if (kind.sayOperand) return kind.sayOperand(value, field)
  const isMany = kind.schema(field)['type'] === 'array'
  return kind.format(isMany ? [value] : value, field, nameOf)
}
const joined = (words: string[]): string =>
  words.length > 3 ? `${words.slice(0, 3).join('、')} 等 ${words.length} 项` : words.join(' 或 ')

/** 院内级别 是 三级 或 四级 */
export function ConditionText({ found, condition }: { found: Found | null; condition: Condition }) {
  useDivisions(found?.field)
  const named = found ? scalarsOf(condition.value).flatMap((one) => referredIn(found.field, one)) : []
  const titles = useTitlesOf(named)
  const nameOf: NameOf = (target, id) => titles[named.findIndex((one) => one.target === target && one.id === id)] ?? '…'
  if (!found) return <>{condition.field}（不可用）</>
  const { field, label } = found
  return (
    <>
      {label} {wordOf(field, condition.op)} {condition.value === undefined ? '' : valueWord(field, condition, condition.value, nameOf)}
    </>
  )
}

/** A group of conditions as it is read: 不满足（级别 是 三级 或 在岗 为空） */
export function FilterWords({ resource, part }: { resource: ClientResource; part: Part }) {
  const catalog = useCatalog()
  if (isWhole(part)) return <>{wholeText(part.whole)}</>
  if (!isGroup(part)) return <ConditionText found={catalog.find(resource, part.field)} condition={part} />
  return (
    <>
      {part.isNegated && '不满足'}（
      {part.parts.map((one, at) => (
        <Fragment key={at}>
          {at > 0 && (part.join === 'and' ? ' 且 ' : ' 或 ')}
          <FilterWords resource={resource} part={one} />
        </Fragment>
      ))}
      ）
    </>
  )
}

/** What cannot be edited in the sentence is at least said. */
export const wholeText = (filter: Filter): string => ('some' in filter ? '明细中有符合条件的行' : '一组条件')
