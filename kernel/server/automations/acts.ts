import { v7 as uuidv7 } from 'uuid'
import {
  fillWords,
  Refusal,
  isTakeable,
  writtenType,
  type ActResult,
  type ApiRecord,
  type Automation,
  type AutomationAct,
  type FieldProblem,
  type Reminder,
} from '#model'
import type { Context } from '../context.ts'
import { submitChanges } from '../flow/change-many.ts'
import { submit } from '../flow/submit.ts'
import type { Kernel } from '../kernel.ts'
import { tell, tellEach } from '../messages/messages.ts'
import { loadRecord } from '../records/load.ts'
import { titlesOf } from '../records/titles.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import { Readers } from '../reminders/readers.ts'
import { Receivers } from '../reminders/receivers.ts'
import { today } from '#model'
import type { CompiledResource } from '../store/compiled.ts'
import { callBody, noteCall } from './calls.ts'
import { ownRight } from './runner.ts'
import { plainly, valuesOf, type Ground } from './values.ts'

/** All that the acts of one run have in common. */
export interface Acting {
  kernel: Kernel
  /** As its runner, in the run's transaction. */
  tx: Context
  name: string
  automation: Automation
  run: string
  /** The record as it is stored; `ground` has it as the runner sees it. */
  stored: ApiRecord | null
  ground: Ground
}
const done = (words: string, link: string | null = null): ActResult => ({ ok: true, words, link })
const isMany =
  (c: CompiledResource) =>
  (key: string): boolean =>
    ['references', 'choices'].includes(c.r.fields[key]?.kind ?? '')

/** Does one act; throws a refusal when it cannot be done. */
export function perform(acting: Acting, act: AutomationAct, n: number): Promise<ActResult> {
  if (act.kind === 'create') return create(acting, act)
  if (act.kind === 'update') return update(acting, act)
  if (act.kind === 'message') return message(acting, act, n)
  return call(acting, act, n)
}
/** Why an act was refused, as people read it. */
export function refusalWords(kernel: Kernel, acting: Pick<Acting, 'automation'>, act: AutomationAct, error: Refusal): string {
  const { problems = [] } = error.detail as { problems?: FieldProblem[] }
  const name = writtenType(kernel.defs, acting.automation, act)
  const labelOf = (field: string) => (name === null ? field : (kernel.defs.resources.get(name)?.fields[field]?.label ?? field))
  return problems.map(({ field, message: words }) => `${labelOf(field)}：${words}`).join('；') || error.message
}

async function create({ kernel, tx, automation, ground }: Acting, { resource, values }: Extract<AutomationAct, { kind: 'create' }>): Promise<ActResult> {
  const c = kernel.resource(resource)
  const draft = valuesOf(kernel, tx, automation, values, ground, isMany(c))
  if (c.r.approval) {
    const { record } = await submit(kernel, tx, resource, draft, { actId: uuidv7() })
    return done(`提交“${c.r.label}”，进入审批`, linkOf(c, record))
  }
  const { record } = await createRecord(kernel, tx, resource, draft)
  return done(`新建“${c.r.label}”`, linkOf(c, record.id))
} // prettier-ignore
const linkOf = ({ r }: CompiledResource, id: string): string => `/r/${r.name}/${id}`

async function update({ kernel, tx, automation, ground }: Acting, act: Extract<AutomationAct, { kind: 'update' }>): Promise<ActResult> {
  const c = kernel.resource(writtenType(kernel.defs, automation, act)!)
  const id = act.at === null ? ground.record?.id : plainly(kernel, tx, automation, ground, [act.at])[act.at]
  if (typeof id !== 'string') return done(`没有指向“${c.r.label}”，没有可修改的`)
  const stored = await loadRecord(kernel, tx, c, id, { lock: true })
  if (!stored) throw new Refusal('notFound', `所指的“${c.r.label}”已不存在`)
  for (const action of ['read', 'update'] as const)
    if (!(await ownRight(kernel, tx, action, c, stored))) throw new Refusal('noRight', `运行身份没有${action === 'read' ? '查看' : '修改'}所指的“${c.r.label}”的权限`)
  const changes = valuesOf(kernel, tx, automation, act.values, ground, isMany(c))
  const isSame = Object.entries(changes).every(([key, value]) => JSON.stringify(stored[key] ?? null) === JSON.stringify(value ?? null))
  if (isSame) return done(`“${c.r.label}”的内容已经如此，没有修改`, linkOf(c, id))
  if (!c.r.approval) {
    await updateRecordOf(kernel, tx, c.r.name, id, stored.version, changes)
    return done(`修改“${c.r.label}”`, linkOf(c, id))
  }
  // What is guarded by an approval is asked for, never written past it.
  const { results } = await submitChanges(kernel, tx, c.r.name, [{ id, seenVersion: stored.version, changes }], {
    actId: uuidv7(),
    reason: `自动化“${automation.label}”`,
  })
  const refused = results.find(({ ok }) => !ok)
  if (refused) throw new Refusal('flowRefused', refused.message)
  return done(`申请变更“${c.r.label}”，进入审批`, `/approvals/${results[0]!.instance!}`)
} // prettier-ignore

/** Tells whom it names, each as a reader of what he is told; who may not read the record hears nothing. */
async function message({ kernel, tx, automation, run, stored, ground }: Acting, act: Extract<AutomationAct, { kind: 'message' }>, n: number): Promise<ActResult> {
  const once = `automation:${run}:${n}`
  const { directory } = tx
  if (!stored) {
    const people = act.whom.flatMap((one) => (one.who === 'people' ? one.people : one.who === 'role' ? directory.peopleWithRole(one.role, today(tx.clock)) : []))
    const active = [...new Set(people)].filter((person) => directory.isActive(person))
    await tell(tx, active, { kind: 'other', title: fillWords(act.title, () => ''), body: fillWords(act.text, () => ''), link: null, onceKey: once })
    return done(`发消息给 ${active.length} 人`)
  }
  const c = kernel.resource(automation.resource)
  const receivers = new Receivers(directory, today(tx.clock), c)
  const readers = await Readers.of(kernel, tx, spoken(automation, act))
  const people = [...new Set(act.whom.flatMap((one) => receivers.of(one, stored)))]
  const titles = await titlesOf(kernel, tx, c, [ground.record!], [])
  const told: { person: string; title: string; body: string; link: string; onceKey: string }[] = []
  for (const person of people) {
    if ((await readers.withheld(person, stored)) !== null) continue
    const { title, text } = readers.words(person, stored, titles, { date: null, left: null, basis: null })
    told.push({ person, title, body: text, link: linkOf(c, stored.id), onceKey: once })
  }
  await tellEach(tx, told, { kind: 'other' })
  const passedOver = people.length - told.length
  return done(`发消息给 ${told.length} 人${passedOver ? `，${passedOver} 人已离开或无权查看，没有发` : ''}`)
} // prettier-ignore
/** What is said, as a reminder says it: readers are judged alike. */
const spoken = (automation: Automation, { title, text }: { title: string; text: string }): Reminder => ({
  name: '', label: '', resource: automation.resource, when: { kind: 'rhythm', rhythm: { every: 'day' } }, where: automation.where, done: null, whom: [], repeat: null, escalate: [], at: 0, restDays: 'same', title, text, summary: '', urgent: false, todo: false,
}) // prettier-ignore

async function call(acting: Acting, act: Extract<AutomationAct, { kind: 'webhook' }>, n: number): Promise<ActResult> {
  const { kernel, tx, automation, ground } = acting
  const fields = kernel.defs.resources.get(automation.resource)?.fields ?? {}
  const keys = act.fields.filter((key) => fields[key] && isTakeable(fields[key]))
  const record = keys.length > 0 ? plainly(kernel, tx, automation, ground, keys) : null
  const values = Object.fromEntries(keys.map((key) => [key, record?.[key] ?? null]))
  await noteCall(kernel, tx, acting, n, act.url, callBody(acting, values))
  return done(`通知其他系统 ${new URL(act.url).host}`)
} // prettier-ignore
