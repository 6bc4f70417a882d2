import { choice, date, decimal, longText, person, rows, text, boolean, unit } from '../fields/factories.ts'
import { module } from '../module.ts'
import { resource } from '../resource.ts'
import {
  certainties,
  layers,
  orders,
  type Certainty,
  type Layer,
  type RuleAmount,
  type RuleCard,
  type RuleValue,
  valueUnits,
} from './card.ts'

const { nation: _, ...ownLayers } = layers
/** The cards that a hospital keeps itself: its province's, its own, its departments'. The nation's are shipped and read-only. */
export const ruleCards = resource('rules.card', {
  label: '规则卡',
  title: 'label',
  owner: { department: 'unit' },
  fields: {
    key: text('规则代号', { required: true, max: 60, pattern: '^[a-z][a-zA-Z0-9]*$', patternMessage: '用英文字母，如 consultation', help: '与上级规则同一代号才算同一规则' }),
    label: text('名称', { required: true, max: 80, search: true }),
    layer: choice('层级', ownLayers, { required: true, default: 'hospital' }),
    unit: unit('适用科室', { requiredWhen: 'layer == "department"', visibleWhen: 'layer != "province"', help: '医院层级留空 = 全院' }),
    values: rows(
      '规定',
      {
        name: text('代号', { required: true, max: 60, pattern: '^[a-z][a-zA-Z0-9]*$', patternMessage: '用英文字母' }),
        label: text('事项', { required: true, max: 80 }),
        order: choice('宽严', orders, { required: true, default: 'max' }),
        amount: decimal('数值', 2, { min: '0' }),
        unit: choice('单位', valueUnits),
        members: text('范围', { max: 1000, help: '用顿号分开' }),
        flag: boolean('须做到'),
      },
      { min: 1, rowTitle: 'label' },
    ),
    document: text('依据文件', { required: true, max: 200, search: true }),
    documentNumber: text('文号', { max: 100 }),
    clause: text('条款', { max: 100 }),
    certainty: choice('确定程度', certainties, { required: true, default: 'A' }),
    checkedBy: person('核对人'),
    checkedOn: date('核对日期', { max: 'today' }),
    from: date('生效日期', { required: true, default: 'today' }),
    to: date('失效日期', { help: '空 = 长期' }),
    note: longText('说明', { max: 2000 }),
  },
  rules: [{ at: 'to', holds: 'to == null || from == null || to >= from', message: '失效日期不能早于生效日期' }],
  unique: [['key', 'layer', 'unit', 'from']],
  list: { columns: ['label', 'layer', 'unit', 'document', 'certainty', 'from', 'to'], filters: ['layer', 'certainty', 'unit'], sort: ['key', '-from'] },
}) // prettier-ignore

/** 签署: somebody of the hospital answers for a proposed card; until then it is off. */
export const ruleSignatures = resource('rules.signature', {
  label: '规则卡签署',
  title: 'card',
  owner: { person: 'by' },
  chapter: '通知与任务',
  writtenBy: 'module',
  fields: {
    card: text('规则卡', { required: true, max: 200 }),
    key: text('规则代号', { required: true, max: 60 }),
    by: person('签署人', { required: true }),
    on: date('签署日期', { required: true }),
    opinion: text('意见', { required: true, max: 500 }),
  },
  unique: [['card']],
  indexes: [['key']],
  list: { columns: ['card', 'by', 'on', 'opinion'], sort: ['-on'] },
})

export const ruleModule = module('rules', { label: '规则', resources: [ruleCards, ruleSignatures] })

type ValueRow = Partial<Record<'name' | 'label' | 'order' | 'amount' | 'unit' | 'members', string | null>> & { flag?: boolean | null }
/** A line of the card as a value, or what is missing in it, at its field. */
export function valueOfRow(row: ValueRow): RuleValue | { field: keyof ValueRow; message: string } {
  const label = row.label ?? ''
  switch (row.order) {
    case 'subset':
      return { label, order: 'subset', members: (row.members ?? '').split(/[、,，;；\s]+/).filter(Boolean) }
    case 'flag':
      return { label, order: 'flag', flag: row.flag === true }
    default: {
      if (row.amount == null || row.amount === '') return { field: 'amount', message: '请填写数值' }
      if (!row.unit) return { field: 'unit', message: '请选择单位' }
      return { label, order: row.order === 'min' ? 'min' : 'max', amount: Number(row.amount), unit: row.unit as keyof typeof valueUnits }
    }
  }
}
/** The line that holds a value. */
export const rowOfValue = (name: string, value: RuleValue): ValueRow => ({
  name,
  label: value.label,
  order: value.order,
  ...amountOfRow(value),
})
function amountOfRow(value: RuleAmount): Pick<ValueRow, 'amount' | 'unit' | 'members' | 'flag'> {
  if (value.order === 'subset') return { members: value.members.join('、') }
  return value.order === 'flag' ? { flag: value.flag } : { amount: String(value.amount), unit: value.unit }
}
interface StoredCard {
  id: string
  key: string
  label: string
  layer: Layer
  unit: string | null
  values: ValueRow[] | null
  document: string
  documentNumber: string | null
  clause: string | null
  certainty: Certainty
  checkedBy: string | null
  checkedOn: string | null
  from: string
  to: string | null
  note: string | null
}
/** A stored card as a rule. Lines that say nothing are left out. */
export function cardOfRecord(record: Readonly<Record<string, unknown>>): RuleCard {
  const r = record as unknown as StoredCard
  const values: [string, RuleValue][] = []
  for (const row of r.values ?? []) {
    const value = valueOfRow(row)
    if (row.name && 'order' in value) values.push([row.name, value])
  }
  return {
    id: r.id,
    key: r.key,
    label: r.label,
    layer: r.layer,
    unit: r.layer === 'province' ? null : r.unit,
    values: Object.fromEntries(values),
    basis: { document: r.document, number: r.documentNumber, clause: r.clause },
    certainty: r.certainty,
    checkedBy: r.checkedBy,
    checkedOn: r.checkedOn,
    from: r.from,
    to: r.to,
    ...(r.note ? { note: r.note } : {}),
  }
}
