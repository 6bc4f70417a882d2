import { invalid, Refusal, type Filter, type FlowDesignItem, type FlowDifference, type FlowPublishPreview, type FlowTestCase, type FlowVersionItem } from '#model' // prettier-ignore
import type { Flow } from '#kernel/model/flow/index.ts'
import { audit } from '../../audit/audit.ts'
import { type Context, personOf } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentVersion, flowTable, hashOf, inForce, replacementsOf, withReplacements, type FlowSource } from '../in-force.ts'
import { differencesHere, versionOf } from './differences.ts'
import { conflict, drawnFor, findDesign, isInForce, isOwn, loadDraft, mayReturnToProgram, type DesignRow, type Draft } from './drafts.ts'
import { designItem, programHash } from './list.ts'
import { problemsOf } from './prove.ts'
import { runCases, triable } from './simulate.ts'

/** What publishing the draft would do. */
export async function previewPublish(kernel: Kernel, ctx: Context, flow: string): Promise<FlowPublishPreview> {
  const draft = await loadDraft(kernel, ctx, flow)
  const [row] = await ctx.db.query<{ running: number }>(
    `SELECT count(*)::int AS running FROM kernel.flow_instance WHERE flow = $1 AND ended_at IS NULL`,
    [flow],
  )
  return { ...(await judged(kernel, ctx, draft)), revision: draft.revision, running: row!.running }
}
async function judged(
  kernel: Kernel,
  ctx: Context,
  { flow, definition, resource, tests }: Draft,
): Promise<Omit<FlowPublishPreview, 'revision' | 'running'>> {
  return {
    problems: await problemsOf(kernel, ctx, definition, resource),
    tests: tests.length > 0 ? await runCases(kernel, ctx, await triable(kernel, ctx, definition, resource), tests) : [],
    differences: await differencesHere(kernel, ctx, [await before(kernel, ctx, flow, definition), definition], resource),
  }
}
/** What is in force until now; of a flow that never was, one without steps. */
async function before(kernel: Kernel, ctx: Context, flow: string, definition: Flow<Filter>): Promise<Flow<Filter>> {
  return (await isInForce(kernel, ctx, flow)) ? (await inForce(kernel, ctx, flow)).definition : { ...definition, steps: [] }
}

/** Puts the draft into force. Refused while a fault or a failing case stands, each named; two at once: one of them. */
export async function publish(kernel: Kernel, ctx: Context, flow: string, seen: unknown, note: string): Promise<FlowDesignItem> {
  // What was in force until now is stored for good, so that it can be come back to.
  await loadDraft(kernel, ctx, flow)
  if (!isOwn(kernel, flow)) await currentVersion(kernel, ctx, flow)
  await kernel.transaction(ctx, async (tx) => {
    const row = await findDesign(tx, flow, { lock: true })
    if (!row?.draft || row.revision !== seen) throw await conflict(tx, flow)
    const draft: Draft = { ...row, resource: await drawnFor(kernel, tx, flow, row), definition: row.draft }
    const { problems, tests, differences } = await judged(kernel, tx, draft)
    const failed = tests.filter(({ passed }) => !passed)
    if (problems.length + failed.length > 0)
      throw invalid([
        ...problems.map(({ path, message, advice }) => ({ field: `definition.${path}`, message: `${message}。${advice}` })),
        ...failed.map((one) => ({ field: `tests.${one.id}`, message: `用例“${row.tests.find(({ id }) => id === one.id)!.label}”没有通过：${one.differences.join('；')}` })),
      ]) // prettier-ignore
    await putInForce(kernel, tx, { ...draft, source: 'hospital', note, differences, act: 'flow.publish' })
    await tx.db.query(`UPDATE kernel.flow_design SET draft = NULL, base = NULL WHERE flow = $1`, [flow])
  })
  return designItem(kernel, ctx, flow)
}

export interface Return {
  to: number | 'program'
  /** The version that was in force when it was decided. */
  seen: number
  note: string
}
/** Makes an older version, or the program's own, a new one in force. Its cases are kept but not asked: who goes back has no time for people that have changed. */
export async function rollBack(kernel: Kernel, ctx: Context, flow: string, { to, seen, note }: Return): Promise<FlowDesignItem> {
  if (!(await isInForce(kernel, ctx, flow))) throw new Refusal('notFound', '没有这个流程')
  await kernel.transaction(ctx, async (tx) => {
    const row = await holdDesign(kernel, tx, flow)
    const current = await currentVersion(kernel, tx, flow)
    if (current.version !== seen) throw new Refusal('versionConflict', `第 ${current.version} 版刚刚生效，请核对后再决定是否回退`)
    const declared = kernel.defs.flows.get(flow)
    if (to === 'program' && !declared) throw new Refusal('badRequest', '这是本院自己的流程，没有系统规定的版本')
    if (to === current.version || (to === 'program' && !mayReturnToProgram(kernel, row)))
      throw new Refusal('badRequest', '这个版本已在生效')
    const resource = await drawnFor(kernel, tx, flow, row)
    const definition = to === 'program' ? withReplacements(declared!, await replacementsOf(tx.db)) : await versionOf(kernel, tx, flow, to)
    const problems = to === 'program' ? [] : await problemsOf(kernel, tx, definition, resource)
    if (problems.length > 0) throw invalid(problems.map(({ path, message }) => ({ field: `definition.${path}`, message })))
    const differences = await differencesHere(kernel, tx, [current.definition, definition], resource)
    const tests = to === 'program' ? [] : await testsOf(tx, flow, to)
    await putInForce(kernel, tx, { flow, resource, definition, tests, source: to === 'program' ? 'program' : 'hospital', note, differences, act: 'flow.rollBack' }) // prettier-ignore
  })
  return designItem(kernel, ctx, flow)
}
/** Holds a flow until the transaction ends, also one that nobody has drawn yet. */
async function holdDesign(kernel: Kernel, tx: Context, flow: string): Promise<DesignRow> {
  await tx.db.query(`INSERT INTO kernel.flow_design (flow, resource, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    flow,
    await drawnFor(kernel, tx, flow, null),
    tx.clock.now().toISOString(),
  ])
  return (await findDesign(tx, flow, { lock: true }))!
}
const testsOf = async (tx: Context, flow: string, version: number): Promise<FlowTestCase[]> =>
  (await tx.db.query<{ tests: FlowTestCase[] }>(`SELECT tests FROM kernel.flow_definition WHERE name = $1 AND version = $2`, [flow, version]))[0]!.tests // prettier-ignore

interface Put extends Pick<Draft, 'flow' | 'resource' | 'definition' | 'tests'> {
  source: FlowSource
  note: string
  differences: readonly FlowDifference[]
  act: 'flow.publish' | 'flow.rollBack'
}
/** Stores a new version and makes it what is in force (the program's own: makes nothing of the hospital's so). Audited in words, told to all processes. */
async function putInForce(kernel: Kernel, tx: Context, put: Put): Promise<void> {
  const { flow, resource, definition, source, note, act } = put
  const at = tx.clock.now().toISOString()
  const version = await storeVersion(tx, put, at)
  const inForceNow = source === 'hospital' ? version : null
  await tx.db.query(
    `INSERT INTO kernel.flow_design AS d (flow, resource, in_force, program_hash, tests, at, by) VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)
     ON CONFLICT (flow) DO UPDATE SET in_force = excluded.in_force, program_hash = excluded.program_hash,
       tests = CASE WHEN d.draft IS NULL THEN excluded.tests ELSE d.tests END`,
    [flow, resource, inForceNow, programHash(kernel, flow), JSON.stringify(put.tests), at, personOf(tx.actor)],
  )
  const differences = put.differences.slice(0, 200).map(({ place, words }) => `${place}：${words}`)
  await audit(tx, { act, outcome: 'done', resource: resource || null, detail: { flow, label: definition.label, version, source, note, differences } }) // prettier-ignore
  await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, payload) VALUES ($1, 'record.updated', $2, '{}')`, [at, flowTable])
  tx.afterCommit.push(() => kernel.changed(flowTable))
}
/** The next number may be taken meanwhile by what the program declares; then it is the one after. */
async function storeVersion(tx: Context, { flow, definition, tests, source, note }: Put, at: string): Promise<number> {
  const text = JSON.stringify(definition)
  for (;;) {
    const [row] = await tx.db.query<{ version: number }>(
      `INSERT INTO kernel.flow_definition (name, version, hash, definition, at, source, by, note, tests)
       SELECT $1, coalesce(max(version), 0) + 1, $2, $3::jsonb, $4, $5, $6, $7, $8::jsonb FROM kernel.flow_definition WHERE name = $1
       ON CONFLICT DO NOTHING RETURNING version`,
      [flow, hashOf(text), text, at, source, personOf(tx.actor), note, JSON.stringify(tests)],
    )
    if (row) return row.version
  }
}

/** Every version of a flow, the latest first, with what runs under it. */
export async function listFlowVersions(kernel: Kernel, ctx: Context, flow: string): Promise<FlowVersionItem[]> {
  const current = (await isInForce(kernel, ctx, flow)) ? (await currentVersion(kernel, ctx, flow)).version : null
  const rows = await ctx.db.query<{ version: number; at: string; by: string | null; note: string; source: FlowSource; running: number }>(
    `SELECT d.version, d.at, d.by, d.note, d.source, coalesce(r.running, 0)::int AS running FROM kernel.flow_definition d
     LEFT JOIN (SELECT flow_version, count(*) AS running FROM kernel.flow_instance WHERE flow = $1 AND ended_at IS NULL GROUP BY flow_version) r ON r.flow_version = d.version
     WHERE d.name = $1 ORDER BY d.version DESC`,
    [flow],
  )
  if (rows.length === 0 && !(await findDesign(ctx, flow))) throw new Refusal('notFound', '没有这个流程')
  return rows.map(({ source, by, ...row }) => ({
    ...row,
    from: source,
    by: by && ctx.directory.nameOf(by),
    inForce: row.version === current,
  }))
}
