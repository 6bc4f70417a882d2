import type { Filter } from '#model'
import type { Decider, Limit, Mode, Timer } from '#kernel/model/flow/definition.ts'
import { deciderWord, limitWord, modeWord, type modeChoices, type Namer } from '#kernel/model/flow/sentences.ts'
import { labelOf, type DrawnStep } from './tree.ts'

/** Labels hold placeholders. */
export const fill = (label: string, medicalOffice: string): string => label.replaceAll('{medicalOffice}', () => medicalOffice)
/** What a step is called in this hospital. */
export const labelWith = (step: DrawnStep, medicalOffice: string): string => fill(labelOf(step), medicalOffice)

/** How what a definition names is called: what the words of a step are made with. */
export interface Called extends Namer<Filter> {
  service(name: string): string
  step(id: string): string
}

/** Who can decide, in the order of the choice. */
export const deciderKinds = {
  people: '指定人员',
  headOf: '科室负责人',
  upper: '上级',
  upperChain: '逐级上报',
  role: '角色',
  post: '岗位',
  office: '职能办公室',
  group: '小组、委员会',
  formField: '表单里填的人',
  earlier: '前面步骤的审批人',
  chosen: '临时选定的人',
  administrator: '流程管理员',
} as const satisfies Record<Decider['kind'], string>

/** 骨科的科室授权考核小组 · 申请人的第 2 级上级 */
export const deciderWords = (decider: Decider, called: Called): string => deciderWord(called, called.step, decider)
export const decidersWords = (by: readonly Decider[], called: Called): string =>
  by.length ? by.map((one) => deciderWords(one, called)).join('，') : '还没有指定审批人'

export type ModeKind = keyof typeof modeChoices
export const modeOf = (mode: Mode): ModeKind => (typeof mode === 'object' ? 'vote' : mode)
export const limitWords = (limit: Limit, called: Called): string =>
  'rule' in limit && !limit.rule ? '未选规则' : limitWord(limit, called.rule)
const untilWords = (until: Timer['until'], called: Called): string =>
  'field' in until ? `到“${until.field ? called.field(until.field) : '…'}”那一刻` : limitWords(until, called)

/** The lines of a step's card below its name. */
export function cardWords(step: DrawnStep, called: Called): string[] {
  if (step.kind === 'notify')
    return [step.who.map((one) => (one === 'applicant' ? '申请人' : deciderWords(one, called))).join('、') || '还没有指定知会谁']
  if (step.kind === 'service') return [step.service ? called.service(step.service) : '还没有选择处理']
  if (step.kind === 'timer') return [untilWords(step.until, called)]
  if (step.kind === 'when' || step.kind === 'parallel') return []
  const several = step.kind === 'approve' && (typeof step.mode === 'object' || step.mode !== 'anyOf')
  return [
    decidersWords(step.by, called),
    [several ? modeWord(step.mode) : '', step.limit ? `限 ${limitWords(step.limit, called)}` : ''].filter(Boolean).join(' · '),
  ]
}
