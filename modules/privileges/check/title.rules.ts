import {
  basisText,
  bindingOf,
  layers,
  ruleAsOf,
  type Binding,
  type RuleBook,
  type RuleUse,
  type RuleValue,
} from '#kernel/model/rules/index.ts'
import { admissionRule } from '../application/application.limits.rules.ts'
import { titleLabel, titleRank, type Level, type TitleLevel } from './codes.rules.ts'

/** 提示 says, 须说明 asks for a reason, 拦截 refuses. */
export type TitleMode = 'hint' | 'explain' | 'block'
/** Which appointed titles a level is granted to, how strictly, and where that is written. */
export interface TitleRule {
  /** As people write them: 副高级. */
  titles: readonly string[]
  mode: TitleMode
  /** Whose rule it is, its basis and version. */
  source: string
}

/** The answer to the HIS reads the card as it stands on the day of the operation. */
export const titleUses: RuleUse[] = (['two', 'three', 'four', 'explain', 'block'] as const).map((value) => ({
  kind: 'admission',
  by: 'privileges.check',
  label: '能不能做 · 职称准入',
  link: '/privileges/why',
  ...ruleAsOf(`${admissionRule.key}.${value}`, 'decision'),
}))

/** What the rule card 手术授权的职称条件 says of a level. While nobody has signed it, the proposal is only said, never in the way. */
export function titleRuleOf(binding: Binding | null, level: Level): TitleRule | null {
  if (!binding) return null
  const bound = binding.values[level]
  const demands = (name: 'explain' | 'block') => isDemanded(binding.values[name]?.value)
  if (bound?.value.order === 'subset') {
    const mode = demands('block') ? 'block' : demands('explain') ? 'explain' : 'hint'
    const { card } = bound
    return { titles: bound.value.members, mode, source: `${layers[card.layer]}${basisText(card.basis)} · ${card.from} 起施行` }
  }
  const proposed = binding.unsigned.at(-1)?.values[level]
  return proposed?.order === 'subset' ? { titles: proposed.members, mode: 'hint', source: '产品建议，本院尚未签署' } : null
}
const isDemanded = (value: RuleValue | undefined): boolean => value?.order === 'flag' && value.flag

/** The card's book as it binds units on days, each asked once. */
export class TitleRules {
  private readonly known = new Map<string, TitleRule | null>()
  private readonly book: RuleBook
  private readonly isByUnit: boolean
  private readonly pathOf: (unit: string | null) => readonly string[]

  constructor(book: RuleBook, pathOf: (unit: string | null) => readonly string[]) {
    this.book = { ...book, cards: book.cards.filter((card) => card.key === admissionRule.key) }
    this.isByUnit = this.book.cards.some((card) => card.unit !== null)
    this.pathOf = pathOf
  }
  /** For somebody of this unit on this day. */
  of(unit: string | null, level: Level, day: string): TitleRule | null {
    const place = `${this.isByUnit ? (unit ?? '') : ''} ${level} ${day}`
    let rule = this.known.get(place)
    if (rule === undefined) {
      if (this.known.size > 5000) this.known.clear()
      rule = titleRuleOf(bindingOf(this.book, admissionRule.key, day, this.isByUnit ? this.pathOf(unit) : []), level)
      this.known.set(place, rule)
    }
    return rule
  }
}

/** Does an appointed title keep what the procedure, else its level asks for? `null`: nothing is asked. */
export function keepsTitle(held: TitleLevel | null, condition: TitleLevel | null, rule: TitleRule | null): boolean | null {
  if (condition) return held !== null && titleRank[held] >= titleRank[condition]
  return rule && held !== null ? rule.titles.includes(titleLabel[held]) : rule && false
}
/** What is asked for, as people read it. */
export const wantedTitles = (condition: TitleLevel | null, rule: TitleRule | null): string =>
  condition ? `${titleLabel[condition]}及以上` : (rule?.titles.join('、') ?? '')
