import { invalid, isUuid, Refusal, today, type FlowApiAnswer, type FlowApiPerson, type ResolvedResource } from '#model'
import { describePath, waitsFor } from '#kernel/model/flow/index.ts'
import { audit } from '../audit/audit.ts'
import type { Actor, Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { act, type GivenAct } from './act.ts'
import { flowEnvironment } from './environment.ts'
import { loadInstance, type Instance } from './instances.ts'
import { readAct } from './read-act.ts'
import { loadSubject } from './subject.ts'
import { submit, type ActAnswer } from './submit.ts'

type Body = Readonly<Record<string, unknown>>
/** The rights of another program, by flow: to start it, to act in it in the name of its people. */
export const startRight = (flow: string): string => `flows.start:${flow}`
export const actRight = (flow: string): string => `flows.act:${flow}`

/** The record type whose new records a flow guards. Where it guards several, the caller says which. */
export function resourceOfFlow(kernel: Kernel, flow: string, given?: unknown): ResolvedResource {
  const guarded = [...kernel.defs.resources.values()].filter((r) => r.approval === flow)
  const found = given === undefined ? guarded[0] : guarded.find((r) => r.name === given)
  if (guarded.length === 0) throw new Refusal('notFound', '没有这个流程，或它不由新增记录发起')
  if (!found || (given === undefined && guarded.length > 1))
    throw invalid([{ field: 'resource', message: `请指明表单：${guarded.map((r) => r.name).join('、')}` }])
  return found
}

/** Starts an approval in the name of its applicant, who must himself be allowed to apply. Sent again under the same act id it answers the same. */
export async function startFromOutside(kernel: Kernel, ctx: Context, flow: string, body: Body): Promise<ActAnswer & { record: string }> {
  const r = resourceOfFlow(kernel, flow, body['resource'])
  const { draft, actId, chosen, applicant: named } = body
  if (!isUuid(actId)) throw new Refusal('badRequest', '缺少 actId')
  if (typeof draft !== 'object' || draft === null || Array.isArray(draft)) throw invalid([{ field: 'draft', message: '缺少申请内容' }])
  const applicant = await personNamed(ctx, named, 'applicant')
  const [known] = await ctx.db.query<{ applicant: string }>(`SELECT applicant FROM kernel.flow_instance WHERE id = $1::uuid`, [actId])
  if (known && known.applicant !== applicant) throw new Refusal('flowRefused', '操作编号已被他人使用，请换一个', { refusal: 'actIdReused' })
  const own = r.owner.person && r.fields[r.owner.person] ? { [r.owner.person]: applicant } : {}
  return asPerson(kernel, ctx, applicant, async (tx, client) => {
    const answer = await submit(kernel, tx, r.name, { ...own, ...(draft as Body) }, {
      actId,
      ...(typeof chosen === 'object' && chosen !== null ? { chosen: chosen as Record<string, string[]> } : {}),
    }) // prettier-ignore
    if (!known)
      await audit(client, {
        act: 'flowApi.start',
        outcome: 'done',
        resource: r.name,
        record: answer.record,
        detail: { flow, instance: answer.instance, applicant },
      })
    return answer
  })
}

/** Acts of the administrator, and what another program cannot stand for. */
const personal: ReadonlySet<GivenAct['kind']> = new Set(['jump', 'terminate', 'repair', 'enterMinutes', 'seal'])
/** An act in the name of a person who has the task, asked by another program. */
export async function actFromOutside(kernel: Kernel, ctx: Context, id: string, body: Body): Promise<ActAnswer> {
  const instance = await loadInstance(kernel, ctx.db, id)
  kernel.access.needUse(ctx.actor, actRight(rightsFlow(kernel, instance)))
  const given = readAct(body)
  if (personal.has(given.kind)) throw new Refusal('noRight', '这种操作只能由本人登录后进行')
  if ('signature' in given) throw new Refusal('noRight', '签名只能由本人登录后进行')
  const person = await personNamed(ctx, body['person'], 'person')
  return asPerson(kernel, ctx, person, async (tx, client) => {
    const answer = await act(kernel, tx, id, given)
    await audit(client, {
      act: 'flowApi.act',
      outcome: 'done',
      resource: instance.resource,
      record: instance.record,
      detail: { flow: instance.state.flow, instance: id, person, kind: given.kind },
    })
    return answer
  })
}

/** Where an approval stands, for the program that started it: whom it waits for, and each line's result. The record itself is read by its own right. */
export async function readFromOutside(kernel: Kernel, ctx: Context, id: string): Promise<FlowApiAnswer> {
  const instance = await loadInstance(kernel, ctx.db, id)
  if (!mayRead(kernel, ctx, instance)) throw new Refusal('notFound', '没有这个审批')
  const { state, definition } = instance
  const subject = await loadSubject(kernel, ctx, instance, { deleted: true })
  const settings = await currentSettings(kernel, ctx.db)
  const env = await flowEnvironment(kernel, ctx, subject, state.applicant, { items: Object.keys(state.items) })
  const person = (one: string): FlowApiPerson => ({
    name: ctx.directory.nameOf(one),
    staffNumber: ctx.directory.people.get(one)?.staffNumber ?? null,
  })
  const waiting = waitsFor(state)
  const open = (one: string) => state.tasks.filter((task) => task.person === one && task.state === 'open')
  await audit(ctx, { act: 'flowApi.read', outcome: 'done', resource: instance.resource, record: instance.record, detail: { instance: id } })
  return {
    instance: id,
    number: state.number,
    flow: state.flow,
    resource: instance.resource,
    record: instance.record,
    status: state.status,
    version: subject.shown.version,
    applicant: person(state.applicant),
    waitsFor: waiting.people.map((one) => ({ ...person(one), tasks: open(one).map(({ id: task, step, openedAt }) => ({ task, step, since: openedAt })) })),
    stuck: waiting.stuck,
    path: describePath(definition, state, env).map(({ key, label, kind, state: at, since, until, due, provisional, people }) => ({
      step: key, label: fillLabel(label, settings), kind, state: at, since: since ?? null, until: until ?? null, due: due ?? null, provisional: provisional ?? false,
      people: people.map((one) => ({ ...person(one.person), state: one.state, at: one.decision?.at ?? null })),
    })),
    items: Object.entries(state.items).filter(([item]) => item !== '*').map(([item, { state: at, reason, terms, splitTo }]) => ({ item, state: at, reason: reason ?? null, narrowTo: terms.narrowTo ?? null, splitTo: splitTo ?? null })),
  } // prettier-ignore
}
/** Rights are given over what the program declares: in a flow of the hospital's own acts who may act in the one that the type declares. */
const rightsFlow = (kernel: Kernel, { state, resource }: Instance): string =>
  kernel.defs.flows.has(state.flow) ? state.flow : kernel.resource(resource).r.approval!
/** The flow that the client may start may have been bound to another one for this record. */
function mayRead(kernel: Kernel, ctx: Context, { state, resource }: Instance): boolean {
  const flows = [state.flow, kernel.resource(resource).r.approval ?? state.flow]
  return flows.some((flow) => kernel.access.mayUse(ctx.actor, startRight(flow)) || kernel.access.mayUse(ctx.actor, actRight(flow)))
}

/** One person by his staff number or by the number of another system, while it runs. Two holders of one number are a refusal, never a guess. */
async function personNamed(ctx: Context, given: unknown, field: string): Promise<string> {
  const { system, value } = typeof given === 'object' && given !== null ? (given as Body) : { system: undefined, value: given }
  if (typeof value !== 'string' || value.trim() === '' || value.length > 120)
    throw invalid([{ field, message: '请给出工号或已登记的外部标识' }])
  const number = value.trim()
  const rows = await ctx.db.query<{ person: string }>(
    `SELECT DISTINCT person FROM directory.identifier WHERE value = $1 AND ($2::text IS NULL OR system = $2) AND deleted_at IS NULL AND state = 'approved'
       AND ("from" IS NULL OR "from" <= $3::date) AND ("to" IS NULL OR "to" >= $3::date)`,
    [number, typeof system === 'string' ? system : null, today(ctx.clock)],
  )
  const byNumber = typeof system === 'string' ? [] : [...ctx.directory.people.values()].filter((one) => one.staffNumber === number)
  const found = [...new Set([...rows.map((row) => row.person), ...byNumber.map((one) => one.id)])].filter((one) =>
    ctx.directory.isActive(one),
  )
  if (found.length === 1) return found[0]!
  throw invalid([
    {
      field,
      message: found.length ? `“${number}”对应 ${found.length} 人，请用 {system, value} 指明系统` : `没有工号或标识为“${number}”的在职人员`,
    },
  ])
}

/** Runs in the name of a person, with the program's name beside his in everything that is kept; what is refused tells no protected value. */
async function asPerson<T>(kernel: Kernel, ctx: Context, person: string, work: (tx: Context, client: Context) => Promise<T>): Promise<T> {
  const { directory, actor: client } = ctx
  if (client.kind !== 'client') throw new Refusal('noRight')
  const actor: Actor = {
    kind: 'person',
    person,
    account: client.client,
    name: `${directory.nameOf(person)}（接口：${client.name}）`,
    roles: directory.rolesOf(person, today(ctx.clock)),
  }
  return kernel.transaction({ ...ctx, actor }, (tx) => work(tx, { ...tx, actor: client })).catch((error: unknown) => {
    if (!(error instanceof Refusal) || !(error.code === 'versionConflict' || error.code === 'changeConflict')) throw error
    const { version = (error.detail['current'] as { version?: number } | undefined)?.version } = error.detail
    throw new Refusal(error.code, error.message, version === undefined ? {} : { version })
  }) // prettier-ignore
}
