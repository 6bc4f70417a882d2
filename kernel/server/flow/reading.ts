import { Refusal, type ApiRecord, type ApprovalAnswer, type Field, type NamedPath, type TaskItem } from '#model'
import { describePath, isEnded, type Approve, type PathStep } from '#kernel/model/flow/index.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord, present, reaches } from '../records/read.ts'
import { titlesOf } from '../records/titles.ts'
import { fillLabel, readSettings } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { flowEnvironment } from './environment.ts'
import { currentVersion, type Instance, instancesOf, loadInstance } from './instances.ts'
import { approvalTitle, stepLabel } from './telling.ts'

/** The way of an approval, people named, labels filled. */
function named(ctx: Context, path: readonly PathStep[], fill: (text: string) => string): NamedPath[] {
  return path.map((step) => ({
    ...step,
    label: fill(step.label),
    people: step.people.map((p) => ({
      ...p,
      name: ctx.directory.nameOf(p.person),
      unitName: ctx.directory.unitName(ctx.directory.people.get(p.person)?.unit ?? null),
    })),
  }))
}

/** Who will decide, before anything is submitted. */
export async function previewPath(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  draft: Readonly<Record<string, unknown>>,
): Promise<NamedPath[]> {
  const c = kernel.resource(resource)
  const applicant = personOf(ctx.actor)
  if (!c.r.approval || !applicant) throw new Refusal('badRequest')
  const { definition } = await currentVersion(kernel, ctx, c.r.approval)
  const owner = c.r.owner.person ? draft[c.r.owner.person] : null
  const person = typeof owner === 'string' && ctx.directory.people.has(owner) ? owner : applicant
  const unit = c.r.owner.department
    ? { [c.r.owner.department]: draft[c.r.owner.department] ?? ctx.directory.people.get(person)?.unit ?? null }
    : {}
  const sample = { ...draft, ...unit, version: 0 } as unknown as ApiRecord
  const settings = await readSettings(ctx.db)
  const env = flowEnvironment(kernel, ctx, c, sample, { items: c.r.items ? ['sample'] : [] })
  return named(ctx, describePath(definition, { applicant: person }, env), (text) => fillLabel(text, settings))
}

/** May this person look at this approval: a party to it, somebody with a task in it, or a reader of the record. */
async function mayLook(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  instance: Instance,
  record: ApiRecord,
  recorder: boolean,
): Promise<boolean> {
  const me = personOf(ctx.actor)
  const { state } = instance
  if (me && (state.applicant === me || state.filledBy === me || recorder || state.tasks.some((t) => t.person === me))) return true
  const read = kernel.access.can(ctx.actor, 'read', c.r.name)
  return read !== null && (await reaches(kernel, ctx, c, read.filter, record))
}

/** Everything about one approval that its reader may see and do. */
export async function readApproval(kernel: Kernel, ctx: Context, id: string): Promise<ApprovalAnswer> {
  const instance = await loadInstance(kernel, ctx.db, id)
  const c = kernel.resource(instance.resource)
  const record = await loadRecord(kernel, ctx, c, instance.record, { deleted: true })
  if (!record) throw new Refusal('notFound')
  const { state } = instance
  const me = personOf(ctx.actor)
  const env = flowEnvironment(kernel, ctx, c, record, { items: Object.keys(state.items) })
  const minutes = minutesStep(instance, env, me)
  if (!(await mayLook(kernel, ctx, c, instance, record, minutes !== null))) throw new Refusal('notFound')
  const settings = await readSettings(ctx.db)
  const fill = (text: string) => fillLabel(text, settings)
  const permission = kernel.access.can(ctx.actor, 'read', c.r.name) ?? {
    filter: null,
    hidden: new Set<string>(),
    masked: new Set<string>(),
    readOnly: new Set<string>(),
  }
  const shown = present(kernel, ctx, c, permission, record)
  const lines = Object.fromEntries(Object.entries(state.items).filter(([key, line]) => key !== '*' && !line.splitTo))
  if (c.r.items) shown[c.r.items] = ((shown[c.r.items] ?? []) as { id: string }[]).filter((row) => Object.hasOwn(lines, row.id))
  const all = await instancesOf(kernel, ctx.db, instance.record)
  return {
    instance: id,
    number: state.number,
    label: fill(instance.definition.label),
    title: approvalTitle(ctx, c.r.label, state),
    status: state.status,
    resource: instance.resource,
    record: shown,
    titles: await titlesOf(kernel, ctx, c, [shown], []),
    applicant: {
      id: state.applicant,
      name: ctx.directory.nameOf(state.applicant),
      unitName: ctx.directory.unitName(ctx.directory.people.get(state.applicant)?.unit ?? null),
    },
    filledBy: state.filledBy ? { id: state.filledBy, name: ctx.directory.nameOf(state.filledBy) } : null,
    path: named(ctx, describePath(instance.definition, state, env), fill),
    items: lines,
    itemsKey: c.r.items ?? null,
    narrow: narrowChoices(c, instance),
    related: all.filter((i) => i.id !== id).map((i) => ({ instance: i.id, number: i.state.number, status: i.state.status })),
    my: {
      task: myTask(instance, me, fill),
      minutes: minutes && {
        step: minutes.step.id,
        label: fill(minutes.step.label),
        members: minutes.members.map((m) => ({ id: m, name: ctx.directory.nameOf(m), chair: m === minutes.chair })),
      },
      withdraw: me === state.applicant && !isEnded(state),
      resubmit: me === state.applicant && state.status === 'returned',
    },
  }
}

function approveStep(instance: Instance, id: string): Approve | null {
  const walk = (steps: Instance['definition']['steps']): Approve | null => {
    for (const s of steps) {
      if (s.kind === 'approve' && s.id === id) return s
      const found = s.kind === 'when' ? walk([...s.then, ...s.otherwise]) : s.kind === 'parallel' ? walk(s.branches.flat()) : null
      if (found) return found
    }
    return null
  }
  return walk(instance.definition.steps)
}
function myTask(instance: Instance, me: string | null, fill: (text: string) => string): ApprovalAnswer['my']['task'] {
  const task = instance.state.tasks.find((t) => t.person === me && t.state === 'open')
  const step = task && approveStep(instance, task.step)
  if (!task || !step) return null
  return {
    id: task.id,
    step: step.id,
    label: fill(step.label),
    acts: step.acts,
    sign: step.sign,
    vote: typeof step.mode === 'object',
    mayEdit: step.mayEdit,
  }
}
/** The open step whose meeting this person may record. */
function minutesStep(
  instance: Instance,
  env: ReturnType<typeof flowEnvironment>,
  me: string | null,
): { step: Approve; members: readonly string[]; chair: string | undefined } | null {
  for (const entry of instance.state.entries) {
    const step = approveStep(instance, entry.step)
    const about = { applicant: instance.state.applicant, of: instance.state.applicant }
    if (me && me !== instance.state.applicant && step?.meeting && env.resolve(step.meeting.recorder, about).includes(me))
      return { step, members: entry.members, chair: entry.chair }
  }
  return null
}
function narrowChoices(c: CompiledResource, instance: Instance): { key: string; label: string }[] {
  const rows = c.rows.find((r) => r.key === c.r.items)
  const field = rows?.fields.find((f) => f.key === instance.definition.items?.narrow)?.field as Field<'choice'> | undefined
  return Object.entries(field?.options.choices ?? {}).map(([key, spec]) => ({ key, label: typeof spec === 'string' ? spec : spec.label }))
}

/** What waits for me, or what I have dealt with. */
export async function myTasks(kernel: Kernel, ctx: Context, state: 'open' | 'done'): Promise<TaskItem[]> {
  const rows = await ctx.db.query<{
    task: string
    instance: string
    step: string
    opened_at: string
    due: string | null
    state: TaskItem['state']
  }>(
    `SELECT task, instance, step, opened_at, due, state FROM kernel.flow_task WHERE person = $1::uuid AND state = $2 ORDER BY opened_at DESC LIMIT 200`,
    [personOf(ctx.actor), state],
  )
  const settings = await readSettings(ctx.db)
  return Promise.all(
    rows.map(async (row) => {
      const instance = await loadInstance(kernel, ctx.db, row.instance)
      const { state: s } = instance
      const c = kernel.resource(instance.resource)
      return {
        task: row.task, instance: row.instance, flow: s.flow, flowLabel: fillLabel(instance.definition.label, settings), step: row.step, stepLabel: fillLabel(stepLabel(instance, row.step), settings),
        resource: instance.resource, record: instance.record, title: approvalTitle(ctx, c.r.label, s), applicant: s.applicant, applicantName: ctx.directory.nameOf(s.applicant),
        applicantUnit: ctx.directory.unitName(ctx.directory.people.get(s.applicant)?.unit ?? null), openedAt: row.opened_at, due: row.due,
        items: Object.keys(s.items).filter((k) => k !== '*').length, state: row.state,
      }
    }),
  ) // prettier-ignore
}
