import type { Day } from '../clock/day.ts'
import { durationUnits } from '../clock/duration.ts'

/** Whose rule it is, from the widest to the narrowest. A narrower one may only be stricter. */
export const layers = { nation: '国家', province: '省级', hospital: '医院', department: '科室' } as const
export type Layer = keyof typeof layers
export const layerRank: Record<Layer, number> = { nation: 0, province: 1, hospital: 2, department: 3 }

/** How a value is tightened: an upper bound falls, a lower bound rises, a list loses members, a demand is made. */
export const orders = { max: '上限（越小越严）', min: '下限（越大越严）', subset: '范围（只能缩小）', flag: '要求（只能增加）' } as const
export type TighteningOrder = keyof typeof orders

/** What a number counts. Durations are those of the clock; the others are named as they are said. */
export const valueUnits = {
  ...durationUnits,
  weeks: '周',
  months: '个月',
  years: '年',
  people: '人',
  times: '次',
  doses: '日用量',
  percent: '%',
  yuan: '元',
  millisieverts: 'mSv',
} as const
export type ValueUnit = keyof typeof valueUnits

export type RuleAmount =
  | { readonly order: 'max' | 'min'; readonly unit: ValueUnit; readonly amount: number }
  | { readonly order: 'subset'; readonly members: readonly string[] }
  | { readonly order: 'flag'; readonly flag: boolean }
export type RuleValue = RuleAmount & { readonly label: string }

/** Where a rule stands: without it there is none. */
export interface Basis {
  readonly document: string
  readonly number: string | null
  readonly clause: string | null
}
/** A: read in the issued text or a public system's code; B: reported, to be checked; C: a proposal, off until somebody of the hospital signs it. */
export const certainties = { A: 'A 确定', B: 'B 待核对原文', C: 'C 建议，签署后生效' } as const
export type Certainty = keyof typeof certainties

/** One layer's version of a rule, from a day on. A later version of the same layer and unit takes its place. */
export interface RuleCard {
  /** Of a shipped card `nation/key@from`, of the hospital's own its record. */
  readonly id: string
  readonly key: string
  readonly label: string
  readonly layer: Layer
  /** The institution of a hospital's rule (null: the whole hospital), the unit of a department's. */
  readonly unit: string | null
  readonly values: Readonly<Record<string, RuleValue>>
  readonly basis: Basis
  readonly certainty: Certainty
  readonly checkedBy: string | null
  readonly checkedOn: Day | null
  readonly from: Day
  /** The last day, inclusive; null: until something takes its place. */
  readonly to: Day | null
  readonly note?: string
}
/** Somebody of the hospital answers for a proposed card. */
export interface Signature {
  readonly card: string
  readonly by: string
  readonly on: Day
}

type ShippedCard = Pick<RuleCard, 'label' | 'values' | 'basis' | 'certainty' | 'from'> & { readonly note?: string }
/** A card of the national layer, as the product ships it: read-only. Nobody of the hospital has checked it yet. */
export const nationalRule = (key: string, card: ShippedCard): RuleCard =>
  Object.freeze({ id: `nation/${key}@${card.from}`, key, layer: 'nation', unit: null, checkedBy: null, checkedOn: null, to: null, ...card })

/** A card that the product only proposes to the hospital, where no law says anything: off until somebody of the hospital signs it. */
export const proposedRule = (key: string, card: Omit<ShippedCard, 'certainty'>): RuleCard =>
  Object.freeze({
    id: `proposal/${key}@${card.from}`,
    key,
    layer: 'hospital',
    unit: null,
    checkedBy: null,
    checkedOn: null,
    to: null,
    certainty: 'C',
    ...card,
  })

const atMost = (label: string, amount: number, unit: ValueUnit): RuleValue => ({ label, order: 'max', amount, unit })
const atLeast = (label: string, amount: number, unit: ValueUnit): RuleValue => ({ label, order: 'min', amount, unit })
const only = (label: string, members: readonly string[]): RuleValue => ({ label, order: 'subset', members })
const demanded = (label: string): RuleValue => ({ label, order: 'flag', flag: true })
/** Values as they are declared: `rule.atMost('时限', 24, 'hours')`. */
export const rule = { atMost, atLeast, only, demanded } as const

/** `不超过 24 小时`, `至少 2 人`, `限 本科、硕士`, `须做到` */
export function amountText(value: RuleAmount): string {
  switch (value.order) {
    case 'max':
      return `不超过 ${value.amount} ${valueUnits[value.unit]}`
    case 'min':
      return `至少 ${value.amount} ${valueUnits[value.unit]}`
    case 'subset':
      return value.members.length ? `限 ${value.members.join('、')}` : '一项也不许'
    case 'flag':
      return value.flag ? '须做到' : '不作要求'
  }
}
/** `《医疗机构投诉管理办法》（令第3号）第二十五条` */
export const basisText = ({ document, number, clause }: Basis): string => `《${document}》${number ? `（${number}）` : ''}${clause ?? ''}`
/** Does the card count on its own? C waits for a signature. */
export const isOn = (card: RuleCard, signatures: readonly Signature[]): boolean =>
  card.certainty !== 'C' || signatures.some((signature) => signature.card === card.id)
export const isDuring = (card: Pick<RuleCard, 'from' | 'to'>, day: Day): boolean => card.from <= day && (card.to === null || day <= card.to)
