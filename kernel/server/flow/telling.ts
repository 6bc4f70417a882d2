import { findHandled, planOf, type FlowEvent, type InstanceState } from '#kernel/model/flow/index.ts'
import type { MessageKind } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Message } from '../messages/messages.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import type { Instance } from './instances.ts'
import { deputiesOf } from './stand-ins.ts'

export const approvalPath = (instance: string): string => `/approvals/${instance}`
export const stepLabel = ({ definition }: Pick<Instance, 'definition'>, step: string): string =>
  findHandled(planOf(definition), step)?.label ?? step

/** Whom the events concern and what they are told: new tasks, questions, copies, the end, a return, and those whose decision was overtaken. */
export async function messagesOf(
  kernel: Kernel,
  ctx: Context,
  title: string,
  instance: Pick<Instance, 'id' | 'definition'>,
  state: InstanceState,
  events: readonly FlowEvent[],
): Promise<{ person: string; message: Message }[]> {
  const link = approvalPath(instance.id)
  const settings = await currentSettings(kernel, ctx.db)
  const list: { person: string; message: Message }[] = []
  const say = (kind: MessageKind, people: readonly string[], head: string, body: string, isUrgent = false) => {
    for (const person of new Set(people)) list.push({ person, message: { kind, title: head, body, link, isUrgent } })
  }
  const name = (person: string) => ctx.directory.nameOf(person)
  const label = (step: string) => `${state.number} · ${fillLabel(stepLabel(instance, step), settings)}`
  const opened = events.flatMap((e) => (e.type === 'taskOpened' && e.task.person !== e.actor ? [e.task] : []))
  const deputies = opened.length ? await deputiesOf(kernel, ctx, opened.map((t) => t.person), state.flow) : [] // prettier-ignore
  for (const task of opened) {
    say('task', [task.person], `待您审批：${title}`, label(task.step))
    for (const rule of deputies.filter((d) => d.person === task.person))
      say('task', [rule.deputy], `待您代 ${name(task.person)} 审批：${title}`, label(task.step))
  }
  for (const e of events)
    switch (e.type) {
      case 'stepOpened':
        if (e.entry.pool) say('task', e.entry.pool, `待认领：${title}`, label(e.entry.step))
        break
      case 'returned':
        if (e.to === 'applicant') say('result', [state.applicant], `已退回：${title}`, e.reason)
        break
      case 'begunBySplit':
        if (state.status === 'returned') say('result', [state.applicant], `部分项目已退回：${title}`, `${state.number} 请修改后重新提交`)
        break
      case 'notified':
        say('copy', e.to, e.topic === 'superseded' ? `已由会议纪要决定：${title}` : `知会：${title}`, state.number)
        break
      case 'copied':
        say('copy', e.to, `抄送给您：${title}`, `${state.number} · ${name(e.actor)} 抄送`)
        break
      case 'remarked':
        say(
          'conversation',
          e.mentions,
          `${name(e.actor)} 在意见中提到您：${title}`,
          state.chain.find((one) => one.actId === e.actId)?.opinion ?? saidAt(events, e.actId) ?? state.number,
        )
        break
      case 'consulted':
        say('task', [e.consultation.person], `${name(e.consultation.by)} 向您征求意见：${title}`, e.consultation.question)
        break
      case 'replied':
        say('result', [e.to], `${name(e.actor)} 已答复：${title}`, e.reply)
        break
      case 'urged':
        say('urge', e.to, `${e.urgent ? '紧急' : ''}催办：${title}`, e.note ?? `${name(e.actor)} 请您尽快处理`, e.urgent)
        break
      case 'timedOut':
        say(
          'urge',
          e.to,
          e.did === 'pass' ? `超时转来：${title}` : e.did === 'escalate' ? `超时上报：${title}` : `请尽快处理：${title}`,
          state.number,
        )
        break
      case 'edited':
        say('copy', [...e.tell, state.applicant], `内容已被 ${name(e.actor)} 修改：${title}`, state.number)
        break
      case 'stuck':
        say('task', ctx.directory.peopleWithRole('systemOfficer', e.at.slice(0, 10)), `流程停滞，请处理：${title}`, state.number)
        break
      case 'ended':
        if (e.result !== 'withdrawn') say('result', [state.applicant], `${endWords[e.result]}：${title}`, e.reason ?? summaryOfEnd(state))
        break
      default:
        // What tells nobody anything.
        break
    }
  return list
}
const endWords = { approved: '已批准', refused: '未通过', terminated: '已终止' } as const
function summaryOfEnd(state: InstanceState): string {
  const lines = Object.entries(state.items).filter(([id]) => id !== '*').map(([, line]) => line) // prettier-ignore
  const count = (states: readonly string[]) => lines.filter((l) => states.includes(l.state)).length
  const parts = [[count(['passed']), '通过'], [count(['narrowed', 'conditional']), '附条件通过'], [count(['refused']), '未通过'], [count(['returned']), '退回']] as const // prettier-ignore
  return `${state.number} ${parts.filter(([n]) => n > 0).map(([n, label]) => `${label} ${n} 项`).join('，')}`.trim() // prettier-ignore
}
/** What the applicant said as he asked, or asked again. */
const saidAt = (events: readonly FlowEvent[], actId: string): string | undefined =>
  events.flatMap((e) => ((e.type === 'submitted' || e.type === 'resubmitted') && e.actId === actId ? (e.opinion ?? []) : []))[0]
