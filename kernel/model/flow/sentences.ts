/** Parts of a definition as people say them. */
import { durationLabel } from '../clock/duration.ts'
import type { Decider, Flow, Fraction, Handled, Limit, Mode, NobodyPolicy, OnTimeout, Parallel, SelfPolicy, StepAct } from './definition.ts'

/** What the words need to know of the names in a definition. */
export interface Namer<F> {
  role(name: string): string
  post(name: string): string
  group(name: string): string
  person(id: string): string
  field(path: string): string
  rule(name: string): string
  condition(filter: F): string
  /** Labels hold placeholders. */
  fill(label: string): string
}

export const modeWords = { anyOf: '任一人通过即可', allOf: '须全部通过', inOrder: '依次审批' } as const
/** The ways of deciding as they are chosen: their names, and what each means. */
export const modeChoices = {
  anyOf: { name: '或签', means: modeWords.anyOf },
  allOf: { name: '会签', means: modeWords.allOf },
  inOrder: { name: '依次', means: '按先后一个接一个' },
  vote: { name: '票决', means: '开会或在线投票，按票数决定' },
} as const
const fraction = ([over, under]: Fraction): string => `${over}/${under}`
/** How many decide, in words. */
export function modeWord(mode: Mode, who?: (decider: Decider) => string): string {
  if (typeof mode !== 'object') return modeWords[mode]
  const { quorum, share, tie, chair, weights } = mode.vote
  const needed = 'moreThan' in share ? `赞成超过 ${fraction(share.moreThan)}` : `赞成不少于 ${fraction(share.atLeast)}`
  const ends = tie === 'chair' ? '平票由主持人决定' : '平票不通过'
  const led = chair && who ? `主持人：${who(chair)}` : ''
  return [`票决（到会不少于 ${fraction(quorum)}`, needed, ends, led, weights ? '按权重计票' : ''].filter(Boolean).join('，') + '）'
}

/** Who decides, in words; `step` names another step. */
export function deciderWord<F>(namer: Namer<F>, step: (id: string) => string, decider: Decider): string {
  const at = 'unit' in decider && decider.unit !== undefined ? `“${namer.field(decider.unit)}”的` : ''
  switch (decider.kind) {
    case 'people':
      return decider.people.map((id) => namer.person(id)).join('、') || '（未指定人员）'
    case 'role':
      return namer.role(decider.role)
    case 'post':
      return `${at}${namer.post(decider.post)}`
    case 'headOf':
      return `${at || '申请人所在科室的'}负责人`
    case 'upper':
      return `申请人的第 ${decider.level} 级上级`
    case 'upperChain':
      return `申请人的上级，逐级至第 ${decider.upTo} 级`
    case 'office':
      return `${at || '申请人科室的'}片区${namer.role(decider.office)}`
    case 'group':
      return `${at}${namer.group(decider.group)}`
    case 'formField':
      return `“${namer.field(decider.field)}”中的人`
    case 'earlier':
      return `办理“${step(decider.step)}”的人`
    case 'chosen': {
      const by = decider.by === undefined ? '申请人' : `“${step(decider.by)}”的办理人`
      const within = decider.within ? `在 ${deciderWord(namer, step, decider.within)} 中` : ''
      return `由${by}${within}选择${decider.max ? `（最多 ${decider.max} 人）` : ''}`
    }
    case 'administrator':
      return '流程管理员'
  }
}

/** A stretch of time, or the rule that gives it. */
export const limitWord = (limit: Limit, rule: (name: string) => string): string =>
  'rule' in limit ? `按规则“${rule(limit.rule)}”` : durationLabel(limit)
export const timeoutActWords: Readonly<Record<OnTimeout['do'], string>> = {
  remind: '提醒',
  escalate: '上报',
  pass: '转交',
  approve: '自动同意',
}
/** One stage of a limit. */
export function timeoutWord({ after, ...stage }: OnTimeout, who: (decider: Decider) => string): string {
  const moment = !after || after.amount === 0 ? '到期时' : after.amount < 0 ? `到期前 ${durationLabel({ ...after, amount: -after.amount })}` : `超期 ${durationLabel(after)}` // prettier-ignore
  return `${moment}${timeoutActWords[stage.do]}${'to' in stage ? who(stage.to) : ''}`
}

export const selfPolicyWords: Readonly<Record<SelfPolicy, string>> = {
  ask: '照常办理', pass: '视为同意', skip: '不再办理', superior: '改由上级办理', administrator: '改由流程管理员办理', recuse: '回避',
} // prettier-ignore
export const nobodyPolicyWords: Readonly<Record<NobodyPolicy, string>> = {
  administrator: '改由流程管理员办理', superior: '改由上级办理', skip: '跳过这一步', refuse: '不能提交',
} // prettier-ignore
export const editPolicyWords: Readonly<Record<Handled['onEdit'], string>> = {
  askAgain: '请前面的人重新审批', tell: '告知前面的人', nothing: '不另行告知',
} // prettier-ignore
export const branchRefusalWords: Readonly<Record<Parallel['onRefuse'], string>> = {
  endRequest: '整份申请不通过', branchOnly: '所有分支都拒绝才不通过',
} // prettier-ignore
export const effectWhenWords: Readonly<Record<Flow['effectWhen'], string>> = { together: '全部办完一起生效', perItem: '每一项办完就生效' }
export const stepActWords: Readonly<Record<StepAct, string>> = {
  approve: '同意', reject: '拒绝', return: '退回', decideItems: '逐项审批', seal: '盖章', transfer: '转办', addApprover: '加签', removeApprover: '减签', delegateTask: '委派', takeBack: '收回', copyTo: '抄送', consult: '沟通', bulkDecide: '批量同意',
} // prettier-ignore
export const stepKindWords = {
  approve: '审批', fill: '填写', seal: '盖章', when: '条件', notify: '知会', service: '系统调用', timer: '等待', parallel: '并行', start: '提交', join: '汇合',
} as const // prettier-ignore

/** Why somebody else stands at a step than the plain rule names, or nobody (W20). */
export function routedWord({ why, policy }: { readonly why: string; readonly policy: string }): string {
  const cause =
    { applicant: '申请人本人', samePerson: '此前已同意', inactive: '已离职', lostRole: '已不在岗位', nobody: '找不到审批人' }[why] ?? ''
  const done =
    policy === 'wait'
      ? '等待补足人员'
      : policy === 'successor'
        ? '由工作交接人接着办理'
        : policy === 'back'
          ? '回到转办人'
          : (selfPolicyWords[policy as SelfPolicy] ?? nobodyPolicyWords[policy as NobodyPolicy] ?? '')
  return `${cause}，${why === 'nobody' && policy === 'skip' ? '跳过这一步' : done}`
}
