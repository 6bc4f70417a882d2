import type { ProblemCode } from './advice.ts'
import type { Decider, Fraction, Handled, StepAct, VoteRule } from './definition.ts'
import type { Prover } from './prove.ts'
import { isOpen, tableOf } from './shown.ts'

/** Acts that let a request go on, or end it. */
const forward: readonly StepAct[] = ['approve', 'decideItems', 'seal']

/** One step at which people act. */
export function proveHandled<F>(prover: Prover<F>, step: Handled, path: string): void {
  const say = (code: ProblemCode, message: string): void => prover.say(path, code, message)
  if (step.kind === 'seal' && !step.seal) say('noSeal', `“${step.label}”没有指定盖什么章`)
  if (step.by.length === 0) say('noDecider', `“${step.label}”没有指定审批人`)
  step.by.forEach((decider, nth) => proveDecider(prover, decider, `${path}.by.${nth}`))
  if (step.by.some((one) => one.kind === 'upperChain') && step.mode !== 'inOrder') say('badMode', '逐级上报须依次审批')
  if (step.claim && step.mode !== 'anyOf') say('badMode', '认领的步骤须为或签')
  if (step.items && !prover.definition.items) say('noItems', `“${step.label}”逐项审批，但流程没有指定明细`)
  proveActs(prover, step, path)
  proveFields(prover, step, path)
  proveTime(prover, step, path)
  if (step.returnTo !== 'applicant') prover.earlier(step.returnTo.step, `${path}.returnTo`, true, !step.items)
  if (step.returnTo !== 'applicant' && step.items && prover.around.branches.length > 0 && prover.liesInBranch(step.returnTo.step))
    prover.say(`${path}.returnTo`, 'inBranch', '并行分支内的逐项退回只能回到并行开始之前的步骤')
  if (step.meeting) proveDecider(prover, step.meeting.recorder, `${path}.meeting`)
  if (typeof step.mode === 'object') proveVote(prover, step, step.mode.vote, path)
  else {
    if (step.meeting) say('badVote', '只有票决步骤可以录入会议结果')
    if (step.onApplicant === 'recuse' || step.onSamePerson === 'recuse') say('badVote', '只有票决步骤有回避')
  }
}

/**
 * Every step must have a way on. Steps only lead forward; back leads only what somebody chooses to return. So the one circle nobody
 * can leave is a step whose people can do nothing but return, and the one dead end is a step whose people can do nothing at all.
 */
function proveActs<F>(prover: Prover<F>, { acts, items, label, mode, kind, onEdit, mayEdit }: Handled, path: string): void {
  const isOnWay = acts.some((act) => forward.includes(act))
  if (!isOnWay && !acts.includes('reject')) {
    if (acts.includes('return')) prover.say(path, 'circle', `“${label}”只能退回，申请永远走不出去`)
    else prover.say(path, 'deadEnd', `“${label}”没有任何可以办结的操作`)
  } else if (!isOnWay) prover.say(path, 'undecidable', `“${label}”没有可以同意的操作`)
  else if (kind === 'seal' ? !acts.includes('seal') : !acts.includes('approve') && !items && typeof mode !== 'object')
    prover.say(path, 'undecidable', kind === 'seal' ? `“${label}”须允许盖章` : `“${label}”不逐项审批，须允许同意`)
  if (kind !== 'seal' && acts.includes('seal')) prover.say(path, 'badMode', '只有盖章步骤可以盖章')
  if (kind !== 'approve' && (items || typeof mode === 'object')) prover.say(path, 'badMode', '填写和盖章的步骤不能票决或逐项审批')
  if (onEdit === 'askAgain' && mayEdit.length > 0 && typeof mode === 'object')
    prover.say(path, 'badVote', '票决步骤修改内容后不能重新征求前面的审批人')
}

function proveFields<F>(prover: Prover<F>, { mayEdit, see = [], hide, require, kind }: Handled, path: string): void {
  for (const field of [...mayEdit, ...see, ...hide, ...require]) prover.part(path, field)
  const hidden = [...new Set([...mayEdit, ...see, ...require])].filter(
    (field) => hide.includes(field) || hide.includes(tableOf(field) ?? field),
  )
  if (hidden.length > 0) prover.say(path, 'undecidable', `隐藏的字段不能又要求查看或填写：${hidden.join('、')}`)
  const foreign = kind === 'fill' ? require.filter((field) => !isOpen({ mayEdit, hide }, field)) : []
  if (foreign.length > 0) prover.say(path, 'undecidable', `必填的字段不在这一步填写的范围内：${foreign.join('、')}`)
  for (const column of hide.filter((one) => mayEdit.includes(tableOf(one) ?? '') && prover.known.isNeeded?.(one)))
    prover.say(path, 'undecidable', `可以增加行，就不能隐藏行中必填的列：${column}`)
  if (kind === 'fill' && mayEdit.length === 0) prover.say(path, 'undecidable', '填写步骤没有指定填写哪些字段')
}

function proveTime<F>(prover: Prover<F>, { limit, onTimeout, mode }: Handled, path: string): void {
  if (limit) prover.limit(path, limit)
  if (onTimeout.length > 0 && !limit) prover.say(path, 'badLimit', '设置了超时处理，但没有时限')
  for (const stage of onTimeout) {
    if ('to' in stage) proveDecider(prover, stage.to, `${path}.onTimeout`)
    const isEarly = stage.after !== undefined && stage.after.amount < 0
    if (isEarly && stage.do !== 'remind') prover.say(`${path}.onTimeout`, 'badLimit', '到期之前只能提醒')
    if (typeof mode === 'object' && (stage.do === 'pass' || stage.do === 'approve'))
      prover.say(`${path}.onTimeout`, 'badVote', '票决超时只能提醒或上报')
  }
}

function proveVote<F>(prover: Prover<F>, step: Handled, { quorum, share, weights, tie, chair }: VoteRule, path: string): void {
  const say = (message: string): void => prover.say(path, 'badVote', message)
  const part = 'moreThan' in share ? share.moreThan : share.atLeast
  if (!isShare(quorum) || !isShare(part)) say('法定人数和通过比例须是零到一之间的分数')
  if ('moreThan' in share && part[0] >= part[1]) say('“多于全体”的票数永远达不到')
  if (tie === 'chair' && !chair) say('平票由主持人决定，但没有指定主持人')
  if (chair) proveDecider(prover, chair, `${path}.chair`)
  const weighted = Object.values(weights ?? {})
  if (weighted.some((one) => !(Number.isInteger(one) && one > 0))) say('票权须为正整数')
  if (weighted.length > 0 && step.meeting) say('按权重表决的步骤不能只录入会议票数')
  if (!['recuse', 'skip'].includes(step.onApplicant) || !['ask', 'skip', 'recuse'].includes(step.onSamePerson))
    say('票决中申请人须回避，且不能自动计票或交他人代投')
  if (step.onNobody === 'superior') say('票决不能交给上级一人决定')
  if (step.acts.some((act) => act === 'transfer' || act === 'return' || act === 'delegateTask')) say('票决中个人不能转办、委派或退回')
}

/** That a decider names what exists, and steps that lie before. */
export function proveDecider<F>(prover: Prover<F>, decider: Decider, path: string): void {
  const { known } = prover
  if (decider.kind === 'people') {
    if (decider.people.length === 0) prover.say(path, 'noDecider', '没有指定人员')
    for (const person of decider.people) prover.name(path, person, known.isPerson, 'unknownPerson', '没有这个人或已离职')
  } else if (decider.kind === 'role') prover.name(path, decider.role, known.isRole, 'unknownRole', '没有这个角色')
  else if (decider.kind === 'post') prover.name(path, decider.post, known.isPost, 'unknownPost', '没有这个岗位')
  else if (decider.kind === 'group') prover.name(path, decider.group, known.isGroup, 'unknownGroup', '没有这个小组')
  else if (decider.kind === 'office') prover.name(path, decider.office, known.isOffice, 'unknownOffice', '没有这个职能办公室')
  else if (decider.kind === 'formField') prover.field(path, decider.field)
  else if (decider.kind === 'earlier') prover.earlier(decider.step, path, false)
  else if (decider.kind === 'upper') level(prover, decider.level, path)
  else if (decider.kind === 'upperChain') level(prover, decider.upTo, path)
  else if (decider.kind === 'chosen') {
    if (decider.within) proveDecider(prover, decider.within, path)
    if (decider.by !== undefined) prover.earlier(decider.by, path, true)
  }
  if ('unit' in decider && decider.unit !== undefined) prover.field(path, decider.unit)
}
function level<F>(prover: Prover<F>, n: number, path: string): void {
  if (!(Number.isInteger(n) && n > 0)) prover.say(path, 'badLevel', '上级层数须为正整数')
}

const isShare = ([over, under]: Fraction): boolean => Number.isInteger(over) && Number.isInteger(under) && over > 0 && over <= under
