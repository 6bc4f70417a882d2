import type { ApprovalAnswer } from '#model'
import { carried, nothingSaid, type Said } from './said.ts'

/** What a dialog asks for before an act can be sent. */
export interface Asked extends Said {
  people: string[]
  choice: string
  urgent: boolean
  copies: number
}
export const nothingAsked: Asked = { ...nothingSaid, people: [], choice: '', urgent: false, copies: 1 }
interface Option {
  value: string
  label: string
}
/** One act in words: what it asks for, what it says, and what is sent. */
export interface DialogSpec {
  label: string
  title: string
  ok: string
  done: string
  hint?: string
  isDanger?: boolean
  people?: 'one' | 'many'
  /** Plain words carry neither pictures nor mentions. */
  text?: { label: string; required: boolean; isPlain?: boolean }
  choice?: { label: string; options: Option[] }
  urgent?: boolean
  copies?: boolean
  /** After it this person has nothing more to do here. */
  leaves?: boolean
  act: (asked: Asked, approval: ApprovalAnswer) => Record<string, unknown>
}
export type DialogKey =
  | 'transfer' | 'delegateTask' | 'addApprover' | 'removeApprover' | 'return' | 'reject' | 'copyTo' | 'consult' | 'seal' | 'release'
  | 'withdraw' | 'urge' | 'takeBack' | 'reply' | 'jump' | 'terminate' | 'repair' // prettier-ignore

const task = (approval: ApprovalAnswer): { task: string } => ({ task: approval.my.task!.id })
const opinion = carried
const reason = (label: string) => ({ label, required: true })
const plainReason = (label: string) => ({ label, required: true, isPlain: true })
const words = { label: '说明', required: false }

/** The acts that this reader has beside deciding, in the order of a menu. */
export function dialogsOf(approval: ApprovalAnswer): Partial<Record<DialogKey, DialogSpec>> {
  return { ...ofTask(approval), ...ofParty(approval), ...ofAdministrator(approval) }
}
function ofTask(approval: ApprovalAnswer): Partial<Record<DialogKey, DialogSpec>> {
  const mine = approval.my.task
  if (!mine) return {}
  const back = [{ value: '', label: '申请人' }, ...mine.returnTo.map(({ id, label }) => ({ value: id, label }))]
  const all: Partial<Record<DialogKey, DialogSpec>> = {
    return: { label: '退回', title: '整份退回', ok: '退回', done: '已退回', text: reason('退回的理由'), choice: { label: '退回到', options: back }, leaves: true,
      act: (a, p) => ({ kind: 'return', ...task(p), ...opinion(a), ...(a.choice ? { to: { step: a.choice } } : {}) }) },
    reject: { label: '拒绝', title: '拒绝这份申请', ok: '拒绝', done: '已拒绝', isDanger: true, text: reason('拒绝的理由'), hint: '拒绝后申请结束；需要对方修改时请用“退回”。', leaves: true,
      act: (a, p) => ({ kind: 'reject', ...task(p), ...opinion(a) }) },
    transfer: { label: '转办', title: '转办给', ok: '转办', done: '已转办', people: 'one', text: words, hint: '转办后由对方决定，您不再参与；经过中保留双方姓名。', leaves: true,
      act: (a, p) => ({ kind: 'transfer', ...task(p), to: a.people[0], ...opinion(a) }) },
    delegateTask: { label: '委派', title: '委派给', ok: '委派', done: '已委派', people: 'one', text: words, hint: '对方办完后回到您这里，由您最后决定。',
      act: (a, p) => ({ kind: 'delegateTask', ...task(p), to: a.people[0], ...opinion(a) }) },
    addApprover: { label: '加签', title: '加签给', ok: '加签', done: '已加签', people: 'many', text: words,
      choice: { label: '次序', options: [{ value: 'before', label: '在我之前，办完回到我' }, { value: 'parallel', label: '与我同时' }, { value: 'after', label: '在我之后' }] },
      act: (a, p) => ({ kind: 'addApprover', ...task(p), people: a.people, where: a.choice, ...opinion(a) }) },
    removeApprover: { label: '减签', title: '减去加签的人', ok: '减签', done: '已减签', choice: { label: '减去', options: mine.added.map(({ id, name }) => ({ value: id, label: name })) },
      act: (a, p) => ({ kind: 'removeApprover', ...task(p), person: a.choice }) },
    consult: { label: '征求意见', title: '征求意见', ok: '发出', done: '已发出', people: 'many', text: reason('想问什么'), hint: '对方只答复，不作决定；期限照常计算。',
      act: (a, p) => ({ kind: 'consult', ...task(p), people: a.people, ...opinion(a) }) },
    seal: { label: '盖章', title: `盖${mine.seal ?? '章'}`, ok: '已盖章', done: '已登记用印', copies: true, text: words, hint: '用印份数记入用印登记。', leaves: true,
      act: (a, p) => ({ kind: 'seal', ...task(p), copies: a.copies, ...opinion(a) }) },
  } // prettier-ignore
  const release: DialogSpec = { label: '放回', title: '放回待认领？', ok: '放回', done: '已放回', hint: '放回后其他人可以认领。', leaves: true, act: (_, p) => ({ kind: 'release', ...task(p) }) } // prettier-ignore
  const allowed = Object.entries(all).filter(([key]) => mine.acts.includes(key) && (key !== 'removeApprover' || mine.added.length > 0))
  return { ...Object.fromEntries(allowed), ...(mine.claimed ? { release } : {}) }
}
function ofParty(approval: ApprovalAnswer): Partial<Record<DialogKey, DialogSpec>> {
  const { acts, task: mine } = approval.my
  const found: [boolean, DialogKey, DialogSpec][] = [
    [acts.reply !== null, 'reply', { label: '答复', title: `答复 ${acts.reply?.byName ?? ''}`, ok: '答复', done: '已答复', hint: acts.reply?.question ?? '', text: reason('您的答复'), leaves: true,
      act: (a) => ({ kind: 'reply', consultation: acts.reply!.consultation, ...opinion(a) }) }],
    [acts.copyTo, 'copyTo', { label: '抄送', title: '抄送给', ok: '抄送', done: '已抄送', people: 'many', hint: '对方可以查看，不参与决定。',
      act: (a, p) => ({ kind: 'copyTo', people: a.people, ...(mine ? task(p) : {}) }) }],
    [acts.takeBack !== null, 'takeBack', { label: `收回“${acts.takeBack?.label ?? ''}”`, title: `收回刚才的“${acts.takeBack?.label ?? ''}”？`, ok: '收回', done: '已收回', hint: '下一环节还没有处理时可以收回，收回后重新由您办理。',
      act: () => ({ kind: 'takeBack', undo: acts.takeBack!.undo }) }],
    [acts.urge, 'urge', { label: '催办', title: '催办', ok: '催办', done: '已催办', text: { label: '留言', required: false, isPlain: true }, urgent: true, act: (a) => ({ kind: 'urge', ...opinion(a), ...(a.urgent ? { urgent: true } : {}) }) }],
    [acts.withdraw, 'withdraw', { label: '撤回申请', title: '撤回这份申请？', ok: '撤回申请', done: '已撤回', isDanger: true, hint: '撤回后申请结束，需要时请重新申请。', act: () => ({ kind: 'withdraw' }) }],
  ] // prettier-ignore
  return Object.fromEntries(found.filter(([has]) => has).map(([, key, spec]) => [key, spec]))
}
const stuckWords: Readonly<Record<string, string>> = {
  nobodyFound: '找不到审批人',
  quorumImpossible: '人数不足',
  serviceFailed: '系统调用失败',
  noMoment: '没有到期时间',
}
function ofAdministrator(approval: ApprovalAnswer): Partial<Record<DialogKey, DialogSpec>> {
  const { administer } = approval.my.acts
  if (!administer) return {}
  const seals = administer.steps.filter((step) => step.seal)
  const jump: DialogSpec = { label: '跳转', title: '跳转到', ok: '跳转', done: '已跳转', isDanger: true, text: plainReason('跳转的理由（记入审计）'), choice: { label: '跳到', options: administer.steps.map((s) => ({ value: s.id, label: s.label })) },
    ...(seals.length ? { hint: `越过的盖章步骤也一并跳过：${seals.map((s) => s.label).join('、')}` } : {}), act: (a) => ({ kind: 'jump', to: a.choice, withoutSeals: seals.map((s) => s.id), ...opinion(a) }) } // prettier-ignore
  const terminate: DialogSpec = { label: '终止', title: '终止这份审批', ok: '终止', done: '已终止', isDanger: true, text: plainReason('终止的理由（记入审计）'), act: (a) => ({ kind: 'terminate', ...opinion(a) }) } // prettier-ignore
  const stuck = administer.stuck[0]
  const repair: DialogSpec = { label: '处理停滞', title: `处理停滞：${stuck?.label ?? ''}（${stuckWords[stuck?.why ?? ''] ?? ''}）`, ok: '处理', done: '已处理', people: 'many', text: plainReason('说明（记入审计）'), hint: '指定由谁处理；不选人则按下面的方式。',
    choice: { label: '方式', options: [{ value: 'retry', label: '再试一次' }, { value: 'skip', label: '跳过这一步' }] },
    act: (a) => (a.people.length ? { kind: 'repair', entry: stuck!.entry, how: 'assign', people: a.people, ...opinion(a) } : { kind: 'repair', entry: stuck!.entry, how: a.choice, ...opinion(a) }) } // prettier-ignore
  return { ...(stuck ? { repair } : {}), jump, terminate }
}

/** What is missing before it can be sent; null when it is whole. */
export function lacks(key: DialogKey, spec: DialogSpec, asked: Asked): { people?: string; text?: string; choice?: string } | null {
  const missing = {
    ...(spec.people && asked.people.length === 0 && key !== 'repair' ? { people: '请选择人员' } : {}),
    ...(spec.text?.required && !asked.text.trim() ? { text: `请填写${spec.text.label.replace(/（.*）/, '')}` } : {}),
    ...(spec.choice && !spec.choice.options.some((one) => one.value === asked.choice) ? { choice: '请选择' } : {}),
  }
  return Object.keys(missing).length ? missing : null
}
