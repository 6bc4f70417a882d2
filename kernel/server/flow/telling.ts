import type { FlowEvent, InstanceState } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { fillLabel, readSettings } from '../settings.ts'
import { tell } from '../messages/messages.ts'
import type { CompiledResource } from '../store/compiled.ts'
import type { Instance } from './instances.ts'

export const approvalPath = (instance: string): string => `/approvals/${instance}`
/** How an approval is called in lists and messages: who, what, how many lines. */
export function approvalTitle(ctx: Pick<Context, 'directory'>, label: string, state: InstanceState): string {
  const lines = Object.keys(state.items).filter((id) => id !== '*').length
  return `${ctx.directory.nameOf(state.applicant)}的${label}${lines ? `（${lines} 项）` : ''}`
}

/** Tells whom the events concern: new tasks, the end, a return, copies, and those whose decision was overtaken. */
export async function tellPeople(
  _kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  instance: Instance,
  state: InstanceState,
  events: readonly FlowEvent[],
): Promise<void> {
  if (!events.some((e) => told.has(e.type))) return
  const settings = await readSettings(ctx.db)
  const title = approvalTitle(ctx, c.r.label, state)
  const link = approvalPath(instance.id)
  const say = (people: readonly string[], head: string, body: string) => tell(ctx, people, { title: head, body, link })
  const opened = events.flatMap((e) => (e.type === 'taskOpened' ? [e.task] : []))
  const steps = new Map(opened.map((t) => [t.step, opened.filter((o) => o.step === t.step).map((o) => o.person)]))
  for (const [step, people] of steps)
    await say(people, `待您审批：${title}`, `${state.number} · ${fillLabel(stepLabel(instance, step), settings)}`)
  for (const e of events) {
    if (e.type === 'returned' && e.to === 'applicant') await say([state.applicant], `已退回：${title}`, e.reason)
    if (e.type === 'begunBySplit' && state.status === 'returned')
      await say([state.applicant], `部分项目已退回：${title}`, `${state.number} 请修改后重新提交`)
    if (e.type === 'notified') await say(e.to, e.topic === 'superseded' ? `已由会议纪要决定：${title}` : `知会：${title}`, state.number)
    if (e.type === 'ended' && e.result !== 'withdrawn')
      await say([state.applicant], `${e.result === 'approved' ? '已批准' : '未通过'}：${title}`, summary(state))
  }
}
const told = new Set<FlowEvent['type']>(['taskOpened', 'returned', 'begunBySplit', 'notified', 'ended'])
function summary(state: InstanceState): string {
  const lines = Object.values(state.items)
  const count = (states: readonly string[]) => lines.filter((l) => states.includes(l.state)).length
  const parts = [[count(['passed']), '通过'], [count(['narrowed', 'conditional']), '附条件通过'], [count(['refused']), '未通过'], [count(['returned']), '退回']] as const // prettier-ignore
  return `${state.number} ${parts.filter(([n]) => n > 0).map(([n, label]) => `${label} ${n} 项`).join('，')}` // prettier-ignore
}
export function stepLabel(instance: Pick<Instance, 'definition'>, step: string): string {
  const found = find(instance.definition.steps, step)
  return found ?? step
}
function find(steps: Instance['definition']['steps'], id: string): string | null {
  for (const s of steps) {
    if ((s.kind === 'approve' || s.kind === 'service') && s.id === id) return s.label
    const inner = s.kind === 'when' ? [...s.then, ...s.otherwise] : s.kind === 'parallel' ? s.branches.flat() : []
    const found = inner.length ? find(inner, id) : null
    if (found) return found
  }
  return null
}
