import { Refusal, type Filter, type FlowDesign, type FlowName, type FlowTestCase, type ResolvedResource } from '#model'
import { flow as emptyFlow, type Flow } from '#kernel/model/flow/index.ts'
import { v7 as uuidv7 } from 'uuid'
import { audit } from '../../audit/audit.ts'
import { type Context, personOf } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentVersion, inForce } from '../in-force.ts'
import { namesHere } from './names.ts'
import { problemsOf } from './prove.ts'
import { needFlow, needLabel, needTests } from './read.ts'
import { typesToDraw } from './types.ts'

/** What the hospital drew of a flow. */
export interface DesignRow {
  flow: string
  resource: string
  in_force: number | null
  program_hash: string | null
  /** Of the draft; without one 0. */
  revision: number
  base: number | null
  draft: Flow<Filter> | null
  tests: FlowTestCase[]
  at: string
  by: string | null
}
const columns = `flow, resource, in_force, program_hash, CASE WHEN draft IS NULL THEN 0 ELSE revision END AS revision, base, draft, tests, at, by`

/** Everything that the hospital drew. */
export const allDesigns = (ctx: Pick<Context, 'db'>): Promise<DesignRow[]> =>
  ctx.db.query<DesignRow & object>(`SELECT ${columns} FROM kernel.flow_design ORDER BY flow`)
/** What the hospital drew of one flow; held until the transaction ends when asked. Null: nothing. */
export async function findDesign(ctx: Pick<Context, 'db'>, flow: string, options: { lock?: true } = {}): Promise<DesignRow | null> {
  const [row] = await ctx.db.query<DesignRow & object>(
    `SELECT ${columns} FROM kernel.flow_design WHERE flow = $1 ${options.lock ? 'FOR UPDATE' : ''}`,
    [flow],
  )
  return row ?? null
}

/** A flow as it is being drawn, or the beginning of a drawing. */
export type Draft = Pick<FlowDesign, 'flow' | 'resource' | 'revision' | 'base' | 'definition' | 'tests'>
/** The draft of a flow; without one, what is in force. Refuses a name that nobody knows. */
export async function loadDraft(kernel: Kernel, ctx: Context, flow: string): Promise<Draft> {
  const row = await findDesign(ctx, flow)
  const resource = await drawnFor(kernel, ctx, flow, row)
  if (row?.draft) return { flow, resource, revision: row.revision, base: row.base, definition: row.draft, tests: row.tests }
  if (!isCounting(kernel, flow, row)) throw new Refusal('notFound', '没有这个流程')
  const { version, definition } = await currentVersion(kernel, ctx, flow)
  return { flow, resource, revision: 0, base: version, definition, tests: row?.tests ?? [] }
}
/** What is in force; refuses a flow that never was. */
export async function definitionInForce(kernel: Kernel, ctx: Context, flow: string): Promise<Flow<Filter>> {
  if (!(await isInForce(kernel, ctx, flow))) throw new Refusal('notFound', '这个流程还没有发布过')
  return (await inForce(kernel, ctx, flow)).definition
}
/** Whether a flow counts at all: the program's, or one that the hospital has published. */
export const isInForce = async (kernel: Kernel, ctx: Pick<Context, 'db'>, flow: string): Promise<boolean> =>
  isCounting(kernel, flow, await findDesign(ctx, flow))
const isCounting = (kernel: Kernel, flow: string, row: DesignRow | null): boolean => !isOwn(kernel, flow) || row?.in_force != null
/** A flow of the hospital's own: the program declares none of its name. */
export const isOwn = (kernel: Kernel, flow: string): boolean => !kernel.defs.flows.has(flow)

/** The type that a flow is drawn for: that was chosen, else the one that declares it or that it is bound to. Empty: none, or several of which one is to be chosen. */
export async function drawnFor(kernel: Kernel, ctx: Pick<Context, 'db'>, flow: string, row: DesignRow | null): Promise<string> {
  if (row?.resource) return row.resource
  const types = await typesUnder(kernel, ctx, flow)
  return types.length === 1 ? types[0]!.name : ''
}
/** The types that a flow decides on: that declare it, else those that it is bound to. */
async function typesUnder(kernel: Kernel, ctx: Pick<Context, 'db'>, flow: string): Promise<ResolvedResource[]> {
  const declared = kernel.defs.guardedBy(flow)
  if (declared.length > 0) return declared
  const bound = await ctx.db.query<{ resource: string }>(`SELECT DISTINCT resource FROM kernel.flow_binding WHERE flow = $1 ORDER BY resource`, [flow]) // prettier-ignore
  return bound.flatMap(({ resource }) => kernel.defs.resources.get(resource) ?? [])
}
/** Of which types one is to be chosen before a flow can be drawn for it; none once it is known. */
async function choicesFor(kernel: Kernel, ctx: Context, { flow, resource }: Draft): Promise<FlowName[]> {
  if (resource) return []
  const types = await typesUnder(kernel, ctx, flow)
  const among = types.length > 0 ? types : [...kernel.defs.resources.values()].filter(({ approval }) => approval)
  return among.map(({ name, label }) => ({ name, label }))
}

/** The same as the designer opens it: with its faults, and what can be named in it. */
export async function openDesign(kernel: Kernel, ctx: Context, flow: string): Promise<FlowDesign> {
  const draft = await loadDraft(kernel, ctx, flow)
  const { definition, resource } = draft
  return {
    ...draft,
    isOwn: isOwn(kernel, flow),
    mayReturnToProgram: mayReturnToProgram(kernel, await findDesign(ctx, flow)),
    choices: await choicesFor(kernel, ctx, draft),
    problems: await problemsOf(kernel, ctx, definition, resource),
    names: await namesHere(kernel, ctx),
    types: await typesToDraw(kernel, ctx, resource),
  }
}
/** What the program declares can count again in place of what the hospital published. */
export const mayReturnToProgram = (kernel: Kernel, row: DesignRow | null): boolean =>
  row !== null && row.in_force !== null && !isOwn(kernel, row.flow)

/** Keeps a draft. It may hold faults; a revision that is no longer the one that stands is refused with what stands. */
export async function saveDraft(kernel: Kernel, ctx: Context, flow: string, given: Readonly<Record<string, unknown>>): Promise<FlowDesign> {
  const before = await loadDraft(kernel, ctx, flow)
  const resource = before.resource || (given['resource'] === undefined ? '' : needType(kernel, given['resource']))
  const read = needFlow(given['definition'], flow)
  const definition = given['label'] === undefined ? read : { ...read, label: needLabel(given['label']) }
  const tests = needTests(given['tests'])
  await kernel.transaction(ctx, (tx) => keepDraft(tx, { ...before, resource, definition, tests }, given['revision']))
  return openDesign(kernel, ctx, flow)
}
/** Writes a draft over the revision that its author saw (0: over none). */
export async function keepDraft(tx: Context, { flow, resource, base, definition, tests }: Draft, seen: unknown): Promise<void> {
  const [kept] = await tx.db.query(
    `INSERT INTO kernel.flow_design AS d (flow, resource, revision, base, draft, tests, at, by)
     SELECT $1, $2, 1, $3, $4::jsonb, $5::jsonb, $6, $7 WHERE $8 = 0 OR EXISTS (SELECT 1 FROM kernel.flow_design WHERE flow = $1)
     ON CONFLICT (flow) DO UPDATE SET revision = d.revision + 1, base = CASE WHEN d.draft IS NULL THEN excluded.base ELSE d.base END,
       draft = excluded.draft, resource = excluded.resource, tests = excluded.tests, at = excluded.at, by = excluded.by
     WHERE CASE WHEN d.draft IS NULL THEN 0 ELSE d.revision END = $8 RETURNING flow`,
    [flow, resource, base, JSON.stringify(definition), JSON.stringify(tests), tx.clock.now().toISOString(), personOf(tx.actor), Number.isInteger(seen) ? seen : -1],
  ) // prettier-ignore
  if (!kept) throw await conflict(tx, flow)
}
/** The refusal of a stale revision. */
export async function conflict(ctx: Context, flow: string): Promise<Refusal> {
  const stands = await findDesign(ctx, flow)
  const words = stands?.draft
    ? `草稿已由 ${ctx.directory.nameOf(stands.by)} 修改，请核对后重新保存`
    : '草稿已发布或放弃，请重新打开后再修改'
  return new Refusal('versionConflict', words, {
    current: stands && { revision: stands.revision, definition: stands.draft, tests: stands.tests },
  })
}

/** A name that no flow has. */
export const newName = (): string => `custom.f${uuidv7().slice(-10)}`
/** Whether a name is such a one, given here or by another hospital. */
export const isNewName = (flow: string): boolean => /^custom\.[a-z][a-z0-9]{0,40}$/.test(flow)
/** Begins a flow of the hospital's own, empty or as a copy of one in force. */
export async function createDesign(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>): Promise<FlowDesign> {
  const resource = needType(kernel, given['resource'])
  const label = needLabel(given['label'])
  const flow = newName()
  const { copyOf } = given
  const copied = copyOf === undefined ? null : await definitionInForce(kernel, ctx, typeof copyOf === 'string' ? copyOf : '')
  const definition = copied ? { ...copied, name: flow, label } : emptyFor(kernel, flow, label, resource)
  await kernel.transaction(ctx, async (tx) => {
    await keepDraft(tx, { flow, resource, revision: 0, base: null, definition, tests: [] }, 0)
    await audit(tx, { act: 'flow.draw', outcome: 'done', resource, detail: { flow, label, ...(copied ? { from: copied.name } : {}) } })
  })
  return openDesign(kernel, ctx, flow)
}
/** What a type's own flow does with what was approved stays the same in every other of its flows. */
function emptyFor(kernel: Kernel, flow: string, label: string, resource: string): Flow<Filter> {
  const { effect, effectWhen, items, start, urgeEveryHours, admissions } = kernel.defs.flow(kernel.defs.resource(resource).approval!)
  return emptyFlow<Filter>(flow, {
    label,
    steps: [],
    effectWhen,
    start,
    urgeEveryHours,
    ...(effect ? { effect } : {}),
    ...(items ? { items } : {}),
    ...(admissions ? { admissions } : {}),
  })
}
/** A type under approval. */
export function needType(kernel: Kernel, given: unknown): string {
  const found = kernel.defs.resources.get(given as string)
  if (!found?.approval) throw new Refusal('badRequest', '请选择须经审批的表单')
  return found.name
}

/** Throws a draft away, as it was seen: what is in force stays so. A flow that never was in force is gone with it. */
export async function discardDraft(kernel: Kernel, ctx: Context, flow: string, seen: unknown): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const row = await findDesign(tx, flow, { lock: true })
    if (!row?.draft) throw new Refusal('notFound', '没有草稿')
    if (String(row.revision) !== seen) throw await conflict(tx, flow)
    // What was published once keeps counting, so that no stale draft comes back over a later one.
    const isGone = isOwn(kernel, flow) && row.in_force === null
    await tx.db.query(
      isGone
        ? `DELETE FROM kernel.flow_design WHERE flow = $1`
        : `UPDATE kernel.flow_design SET draft = NULL, tests = $2::jsonb, base = NULL WHERE flow = $1`,
      isGone ? [flow] : [flow, JSON.stringify(await publishedTests(tx, row))],
    )
    await audit(tx, { act: 'flow.discard', outcome: 'done', resource: row.resource || null, detail: { flow } })
  })
}
async function publishedTests(tx: Context, { flow, in_force }: DesignRow): Promise<FlowTestCase[]> {
  if (in_force === null) return []
  const [row] = await tx.db.query<{ tests: FlowTestCase[] }>(`SELECT tests FROM kernel.flow_definition WHERE name = $1 AND version = $2`, [flow, in_force]) // prettier-ignore
  return row!.tests
}
