import type { FlowNames } from '#model'
import { durationLabel } from '#kernel/model/clock/duration.ts'
import type {
  Decider, Fraction, Handled, Limit, Mode, NobodyPolicy, OnTimeout, SelfPolicy, StepAct, Timer, VoteRule,
} from '#kernel/model/flow/definition.ts' // prettier-ignore
import { stepKinds, type DrawnStep } from './tree.ts'

/** How what a definition names is called: what the words of a step are made with. */
export interface Called {
  name(kind: keyof FlowNames, name: string): string
  field(path: string): string
  step(id: string): string
  person(id: string): string
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
export function deciderWords(decider: Decider, called: Called): string {
  const of = (unit: string | undefined, else_: string) => (unit ? `“${called.field(unit)}”的` : else_)
  switch (decider.kind) {
    case 'people':
      return decider.people.length ? decider.people.map(called.person).join('、') : '未选人员'
    case 'headOf':
      return `${of(decider.unit, '申请人')}科室负责人`
    case 'upper':
      return decider.level === 1 ? '申请人的上级' : `申请人的第 ${decider.level} 级上级`
    case 'upperChain':
      return `逐级上报到第 ${decider.upTo} 级上级`
    case 'role':
      return decider.role ? called.name('roles', decider.role) : '未选角色'
    case 'post':
      return `${of(decider.unit, '')}${decider.post ? called.name('posts', decider.post) : '未选岗位'}`
    case 'office':
      return `${of(decider.unit, '')}${decider.office ? called.name('offices', decider.office) : '未选办公室'}`
    case 'group':
      return `${of(decider.unit, '')}${decider.group ? called.name('groups', decider.group) : '未选小组'}`
    case 'formField':
      return decider.field ? `“${called.field(decider.field)}”中的人` : '未选字段'
    case 'earlier':
      return decider.step ? `“${called.step(decider.step)}”的审批人` : '未选步骤'
    case 'chosen':
      return `${decider.by === undefined ? '申请人' : `“${called.step(decider.by)}”`}选定${decider.max ? `（最多 ${decider.max} 人）` : ''}${
        decider.within ? `，范围：${deciderWords(decider.within, called)}` : ''
      }`
    default:
      return deciderKinds[decider.kind]
  }
}
export const decidersWords = (by: readonly Decider[], called: Called): string =>
  by.length ? by.map((one) => deciderWords(one, called)).join('，') : '还没有指定审批人'

export type ModeKind = 'anyOf' | 'allOf' | 'inOrder' | 'vote'
export const modeKinds: Record<ModeKind, string> = { anyOf: '或签', allOf: '会签', inOrder: '依次', vote: '票决' }
export const modeHints: Record<ModeKind, string> = {
  anyOf: '一人决定即可',
  allOf: '须全部同意',
  inOrder: '按顺序一个接一个',
  vote: '开会或在线投票，按票数决定',
}
export const modeOf = (mode: Mode): ModeKind => (typeof mode === 'object' ? 'vote' : mode)
const part = ([over, under]: Fraction): string => (over === under ? '全体' : `${over}/${under}`)
const voteWords = ({ quorum, share }: VoteRule): string =>
  `到会 ${part(quorum)}，同意${'moreThan' in share ? `超过 ${part(share.moreThan)}` : `不少于 ${part(share.atLeast)}`}`
export const modeWords = (mode: Mode): string =>
  typeof mode === 'object' ? `票决（${voteWords(mode.vote)}）` : `${modeKinds[mode]}（${modeHints[mode]}）`

export const limitWords = (limit: Limit, called: Called): string =>
  'rule' in limit ? (limit.rule ? `按规则“${called.name('rules', limit.rule)}”` : '未选规则') : durationLabel(limit)
const untilWords = (until: Timer['until'], called: Called): string =>
  'field' in until ? `到“${until.field ? called.field(until.field) : '…'}”那一刻` : limitWords(until, called)

/** What a step allows, in the words of the page of an approval. */
export const actWords: Record<StepAct, string> = {
  approve: '同意',
  reject: '拒绝',
  return: '退回',
  decideItems: '逐项决定',
  seal: '盖章',
  transfer: '转办',
  addApprover: '加签',
  removeApprover: '减签',
  delegateTask: '委派',
  takeBack: '收回处理',
  copyTo: '抄送',
  consult: '征求意见',
  bulkDecide: '批量同意',
}
export const nobodyWords: Record<NobodyPolicy, string> = {
  administrator: '交流程管理员',
  superior: '交上级',
  skip: '跳过这一步',
  refuse: '不能提交',
}
export const selfWords: Record<SelfPolicy, string> = {
  ask: '照常由本人处理',
  pass: '视为同意',
  skip: '不计入',
  superior: '交上级',
  administrator: '交流程管理员',
  recuse: '回避（不投票）',
}
export const editWords: Record<Handled['onEdit'], string> = { askAgain: '请前面的人重新审批', tell: '告知前面的人', nothing: '不另行告知' }
export const timeoutWords: Record<OnTimeout['do'], string> = { remind: '提醒', escalate: '报告', pass: '转交', approve: '自动同意' }

/** The lines of a step's card below its name. */
export function cardWords(step: DrawnStep, called: Called): string[] {
  if (step.kind === 'notify')
    return [step.who.map((one) => (one === 'applicant' ? '申请人' : deciderWords(one, called))).join('、') || '还没有指定抄送给谁']
  if (step.kind === 'service') return [step.service ? called.name('services', step.service) : '还没有选择处理']
  if (step.kind === 'timer') return [untilWords(step.until, called)]
  if (step.kind === 'when' || step.kind === 'parallel') return []
  const several = step.kind === 'approve' && (typeof step.mode === 'object' || step.mode !== 'anyOf')
  return [
    decidersWords(step.by, called),
    [several ? modeWords(step.mode) : '', step.limit ? `限 ${limitWords(step.limit, called)}` : ''].filter(Boolean).join(' · '),
  ]
}
/** What a step is called in lists: a copy has no name of its own. */
export const labelOf = (step: DrawnStep): string => ('label' in step ? step.label : stepKinds[step.kind])
