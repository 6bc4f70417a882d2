import { v7 as uuidv7 } from 'uuid'
import { Refusal, type Filter, type FlowMoveAnswer, type FlowMovePage, type FlowMovePreview, type FlowVersions } from '#model'
import { findHandled, migrate, planOf, previewMigration, type Flow, type Obstacle, type Renames } from '#kernel/model/flow/index.ts'
import { flowAspects, stepAspects } from '#kernel/model/flow/aspects.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { act } from './act.ts'
import { renamesOf } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { follow } from './follow.ts'
import { currentVersion, flowsInForce } from './in-force.ts'
import { definitionOf, loadInstance, lockInstance, type Instance } from './instances.ts'
import { loadSubject, type Subject } from './subject.ts'
import { approvalPath } from './telling.ts'

/** Every flow with its stored versions, and how many run under each. */
export async function listVersions(kernel: Kernel, ctx: Context): Promise<FlowVersions[]> {
  const settings = await currentSettings(kernel, ctx.db)
  const newest = new Map<string, { version: number; definition: Flow<Filter> }>()
  for (const name of (await flowsInForce(kernel)).keys()) newest.set(name, await currentVersion(kernel, ctx, name))
  const rows = await ctx.db.query<{ name: string; label: string; version: number; at: string; running: number }>(
    `SELECT d.name, d.definition->>'label' AS label, d.version, d.at, coalesce(r.running, 0)::int AS running FROM kernel.flow_definition d
     LEFT JOIN (SELECT flow, flow_version, count(*) AS running FROM kernel.flow_instance WHERE ended_at IS NULL GROUP BY flow, flow_version) r ON r.flow = d.name AND r.flow_version = d.version
     ORDER BY d.name, d.version DESC`,
  )
  const flows = new Map<string, FlowVersions>()
  for (const { name, label, version, at, running } of rows) {
    const current = newest.get(name)
    // What the program dropped is of interest only while something runs under it.
    if (!current && running === 0) continue
    const flow = flows.get(name) ?? {
      flow: name,
      label: fillLabel(current?.definition.label ?? label, settings),
      newest: current?.version ?? null,
      versions: [],
    }
    flow.versions.push({ version, at, running })
    flows.set(name, flow)
  }
  return [...flows.values()]
}

const pageSize = 50
/** One page of what runs under a version, each with what a move to the newest would do to it, or why it cannot be moved. Touches nothing. */
export async function previewMoves(
  kernel: Kernel,
  ctx: Context,
  flow: string,
  version: number,
  after: string | null,
): Promise<FlowMovePage> {
  const rows = await ctx.db.query<{ id: string; number: string; title: string }>(
    `SELECT id, number, title FROM kernel.flow_instance WHERE flow = $1 AND flow_version = $2 AND ended_at IS NULL AND ($3::uuid IS NULL OR id > $3::uuid) ORDER BY id LIMIT ${pageSize + 1}`,
    [flow, version, after],
  )
  const page = rows.slice(0, pageSize)
  const previews: FlowMovePreview[] = []
  for (const row of page) previews.push(await previewOne(kernel, ctx, row))
  return { rows: previews, next: rows.length > pageSize ? page.at(-1)!.id : null }
}
async function previewOne(
  kernel: Kernel,
  ctx: Context,
  { id, number, title }: { id: string; number: string; title: string },
): Promise<FlowMovePreview> {
  const instance = await loadInstance(kernel, ctx.db, id)
  const subject = await loadSubject(kernel, ctx, instance, { deleted: true })
  const { state, definition } = instance
  const settings = await currentSettings(kernel, ctx.db)
  const label = (text: string) => fillLabel(text, settings)
  const base = { instance: id, number, title, applicantName: ctx.directory.nameOf(state.applicant) }
  const nothing = { renamed: [], steps: [], losesTask: [], getsTask: [] }
  if (!(await flowsInForce(kernel)).has(state.flow))
    return { ...base, ...nothing, obstacles: [{ place: '', message: '系统中已没有这个流程' }] }
  const to = await newestOf(kernel, ctx, state.flow)
  const renames = renamesFor(subject, 'system', to.version)
  const preview = previewMigration(state, definition, to.definition, renames, await environmentOf(kernel, ctx, instance, subject))
  if (preview.obstacles.length)
    return { ...base, ...nothing, obstacles: preview.obstacles.map((one) => placed([definition, to.definition], one, label)) }
  const name = (person: string) => ctx.directory.nameOf(person)
  return {
    ...base,
    obstacles: [],
    renamed: Object.entries(renames.fields).filter(([from]) => JSON.stringify(definition).includes(`"${from}"`)).map(([from, field]) => ({ from, to: subject.c.r.fields[field]?.label ?? field })),
    steps: preview.steps.map((key) => label(findHandled(planOf(to.definition), key)?.label ?? key)),
    losesTask: preview.losesTask.map(name),
    getsTask: preview.getsTask.map(name),
  } // prettier-ignore
}

const aspects: Readonly<Record<string, { readonly label: string }>> = {
  ...flowAspects,
  ...stepAspects,
  narrow: { label: '限定字段' },
  branches: { label: '并行分支' },
}
/** The place of an obstacle as people call it: which step, which part of it. */
function placed(
  [definition, newest]: readonly [Flow<Filter>, Flow<Filter>],
  { path, message }: Obstacle,
  label: (text: string) => string,
): FlowMovePreview['obstacles'][number] {
  const parts = path.split('.')
  const aspect = parts.map((part) => aspects[part]?.label).find((word) => word !== undefined)
  let here: unknown = definition
  let step = ''
  for (const part of parts) {
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[part] : undefined
    const name = typeof here === 'object' && here !== null ? (here as { label?: unknown }).label : undefined
    if (typeof name === 'string') step = label(name)
  }
  // A step that only one of both has is named by its id.
  const id = parts[0] === 'steps' ? (parts[1] ?? '') : ''
  const only = findHandled(planOf(definition), id) ?? findHandled(planOf(newest), id)
  const named = step || (/^\d+$/.test(id) ? `第 ${Number(id) + 1} 步` : label(only?.label ?? id))
  return { place: [named, aspect].filter(Boolean).join(' · '), message }
}

/** Moves instances to the newest version, each in a transaction of its own, with a result of its own. */
export async function moveInstances(
  kernel: Kernel,
  ctx: Context,
  flow: string,
  version: number,
  ids: readonly string[],
): Promise<FlowMoveAnswer> {
  // The newest version is stored for good before anything moves to it: a move that is rolled back takes nothing along.
  if ((await flowsInForce(kernel)).has(flow)) await currentVersion(kernel, ctx, flow)
  return each(kernel, ctx, ids, async (tx, id) => {
    const { instance } = await lockInstance(kernel, tx.db, id, null)
    needVersion(instance, flow, version)
    await moveOne(kernel, tx, instance)
    return '已移到最新版本'
  })
}
/** The newest version as it is stored: two stored definitions compare by their text, one out of the program does not. */
async function newestOf(kernel: Kernel, ctx: Context, flow: string): Promise<{ version: number; definition: Flow<Filter> }> {
  if (!(await flowsInForce(kernel)).has(flow)) throw new Refusal('flowRefused', '系统中已没有这个流程', { refusal: 'cannotMove' })
  const { version } = await currentVersion(kernel, ctx, flow)
  return { version, definition: await definitionOf(kernel, ctx.db, flow, version) }
}
/** Moves one locked instance; refuses with the places that stand against it. */
export async function moveOne(kernel: Kernel, tx: Context, instance: Instance): Promise<void> {
  const { state, definition } = instance
  const subject = await loadSubject(kernel, tx, instance, { lock: true, deleted: true })
  const to = await newestOf(kernel, tx, state.flow)
  if (to.version === state.flowVersion) return
  const moved = migrate(
    state,
    definition,
    to.definition,
    renamesFor(subject, personOf(tx.actor) ?? 'system', to.version),
    await environmentOf(kernel, tx, instance, subject),
  )
  if (!moved.ok) {
    const settings = await currentSettings(kernel, tx.db)
    const obstacles = moved.obstacles.map((one) => placed([definition, to.definition], one, (text) => fillLabel(text, settings)))
    throw new Refusal('flowRefused', obstacles.map(({ place, message }) => [place, message].filter(Boolean).join('：')).join('；'), {
      refusal: 'cannotMove',
      obstacles,
    })
  }
  await follow(kernel, tx, subject, {
    instance: { ...instance, definition: to.definition },
    before: state,
    state: moved.state,
    events: moved.events,
    audit: { act: 'flow.migrate', outcome: 'done', resource: instance.resource, record: instance.record, detail: { instance: instance.id, flow: state.flow, from: state.flowVersion, to: to.version } },
  }) // prettier-ignore
}
/** Old field names to new, as the record type itself knows them. */
function renamesFor({ c }: Pick<Subject, 'c'>, actor: string, flowVersion: number): Renames<Filter> {
  const fields = renamesOf(c)
  return { actId: uuidv7(), actor, flowVersion, fields, condition: (filter) => renamedFilter(filter, fields) as Filter }
}
function renamedFilter(filter: unknown, fields: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(filter)) return filter.map((one) => renamedFilter(one, fields))
  if (typeof filter !== 'object' || filter === null) return filter
  const path = (text: string) => text.split('.').map((part) => fields[part] ?? part).join('.') // prettier-ignore
  return Object.fromEntries(
    Object.entries(filter).map(([key, value]) => {
      if ((key === 'field' || key === 'some') && typeof value === 'string') return [key, path(value)]
      return [key, key === 'value' ? (value as unknown) : renamedFilter(value, fields)]
    }),
  )
}

/** Ends what cannot be moved, each by an act of its own, and hands the applicant a copy to submit again. */
export async function terminateInstances(
  kernel: Kernel,
  ctx: Context,
  flow: string,
  version: number,
  ids: readonly string[],
  reason: string,
): Promise<FlowMoveAnswer> {
  return each(kernel, ctx, ids, async (tx, id) => {
    const { instance } = await lockInstance(kernel, tx.db, id, null)
    needVersion(instance, flow, version)
    const { c, shown } = await loadSubject(kernel, tx, instance, { deleted: true })
    await act(kernel, tx, id, { kind: 'terminate', actId: uuidv7(), seenVersion: shown.version, opinion: reason })
    // A type with a page of its own, and a change request, begin where 再次提交 and the record are.
    const link = instance.request ? `/r/${instance.resource}/${instance.record}` : c.r.form ? approvalPath(id) : `/r/${instance.resource}/new?copy=${instance.record}`
    await tell(tx, [instance.state.applicant], { title: `请重新提交：${c.r.label} ${instance.state.number}`, body: `流程已更新，原申请已终止（${reason}）。打开即为原内容的副本，核对后提交。`, link })
    return '已终止，已通知申请人重新提交'
  }) // prettier-ignore
}

function needVersion({ state }: Instance, flow: string, version: number): void {
  if (state.flow !== flow || state.flowVersion !== version)
    throw new Refusal('flowRefused', '该申请已不在这个版本，请刷新', { refusal: 'otherVersion' })
}
const environmentOf = (kernel: Kernel, ctx: Context, instance: Instance, subject: Subject) =>
  flowEnvironment(kernel, ctx, subject, instance.state.applicant, { items: Object.keys(instance.state.items) })

/** One transaction each: what is refused stops nothing else. */
export async function each(
  kernel: Kernel,
  ctx: Context,
  ids: readonly string[],
  work: (tx: Context, id: string) => Promise<string>,
): Promise<FlowMoveAnswer> {
  const numbers = new Map((await ctx.db.query<{ id: string; number: string }>(`SELECT id, number FROM kernel.flow_instance WHERE id = ANY ($1::uuid[])`, [ids])).map((row) => [row.id, row.number])) // prettier-ignore
  const results: FlowMoveAnswer['results'] = []
  for (const instance of ids) {
    const base = { instance, number: numbers.get(instance) ?? '' }
    results.push(await kernel.transaction({ ...ctx, afterCommit: [] }, (tx) => work(tx, instance)).then(
      (message) => ({ ...base, ok: true, message }),
      (error: unknown) => ({ ...base, ok: false, message: error instanceof Refusal ? error.message : '系统出错，请单独处理' }),
    )) // prettier-ignore
  }
  return { results }
}

/** Which running instances follow a definition that names this person. */
export async function runningWith(kernel: Kernel, ctx: Context, person: string): Promise<string[]> {
  const pairs = await ctx.db.query<{ flow: string; version: number }>(
    `SELECT DISTINCT flow, flow_version AS version FROM kernel.flow_instance WHERE ended_at IS NULL`,
  )
  const found: string[] = []
  for (const { flow, version } of pairs) {
    if (!JSON.stringify(await definitionOf(kernel, ctx.db, flow, version)).includes(person)) continue
    const rows = await ctx.db.query<{ id: string }>(`SELECT id FROM kernel.flow_instance WHERE flow = $1 AND flow_version = $2 AND ended_at IS NULL ORDER BY id`, [flow, version]) // prettier-ignore
    found.push(...rows.map((row) => row.id))
  }
  return found
}
