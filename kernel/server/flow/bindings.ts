import { v7 as uuidv7 } from 'uuid'
import {
  invalid,
  matches,
  pathsOf,
  proveWords,
  readFilter,
  readPath,
  Refusal,
  type ApiRecord,
  type BindingItem,
  type FieldProblem,
  type Filter,
} from '#model'
import { prove, type Flow } from '#kernel/model/flow/index.ts'
import { knownIn } from '#kernel/model/prove-flows.ts'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { rest, type Occasion } from './change-requests.ts'
import { flowsInForce } from './in-force.ts'

interface Row {
  id: string
  label: string
  filter: Filter
  flow: string
  enabled: boolean
}
/** Which flow a record takes on an occasion: the first binding whose condition holds, else what the type itself declares. */
export async function chooseFlow(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  occasion: Occasion,
  record: ApiRecord,
  group = rest,
): Promise<string> {
  const rows = await filtersOf(ctx, c, group === rest || occasion === 'import' ? occasion : `${occasion}:${group}`)
  const world = {
    ...kernel.world({ ...ctx, actor: { kind: 'system', reason: 'flow' } }),
    read: readPath,
    fieldAt: (path: string) => c.r.fields[path],
  }
  const found = rows.find((row) => (row.drawn || kernel.defs.flows.has(row.flow)) && matches(row.filter, record, world))
  return found?.flow ?? defaultFlow(c, group)
}
/** The enabled bindings of an occasion, in their order. */
export const filtersOf = (ctx: Context, c: CompiledResource, occasion: string): Promise<(Row & { drawn: boolean })[]> =>
  ctx.db.query<Row & { drawn: boolean }>(
    `SELECT id, label, filter, flow, enabled, EXISTS (SELECT 1 FROM kernel.flow_design d WHERE d.flow = b.flow AND d.in_force IS NOT NULL) AS drawn
     FROM kernel.flow_binding b WHERE resource = $1 AND occasion = $2 AND enabled ORDER BY position, id`,
    [c.r.name, occasion],
  )
/** Mandatory: a type under approval always has one. */
function defaultFlow(c: CompiledResource, group: string): string {
  const flow = c.r.changes?.[group]?.flow ?? c.r.approval
  if (!flow) throw new Refusal('badRequest', `“${c.r.label}”不需要审批`)
  return flow
}

/** All types under approval with their occasions, bindings in order, and the default behind them. */
export async function listBindings(kernel: Kernel, ctx: Context): Promise<BindingItem[]> {
  const rows = await ctx.db.query<Row & { resource: string; occasion: string }>(
    `SELECT id, resource, occasion, label, filter, flow, enabled FROM kernel.flow_binding ORDER BY resource, occasion, position, id`,
  )
  return [...kernel.defs.resources.values()].filter((r) => r.approval).flatMap((r) => {
    const c = kernel.resource(r.name)
    return occasionsOf(c).map(({ occasion, label, group }) => ({
      resource: r.name, resourceLabel: r.label, occasion, occasionLabel: label, default: defaultFlow(c, group),
      bindings: rows.filter((row) => row.resource === r.name && row.occasion === occasion).map(({ id, label: name, filter, flow, enabled }) => ({ id, label: name, filter, flow, enabled })),
    }))
  }) // prettier-ignore
}
function occasionsOf(c: CompiledResource): { occasion: string; label: string; group: string }[] {
  const groups = Object.entries(c.r.changes ?? {})
  return [
    { occasion: 'new', label: '新增', group: rest },
    { occasion: 'change', label: groups.length ? '变更其余内容' : '变更', group: rest },
    ...groups.map(([name, group]) => ({ occasion: `change:${name}`, label: `变更${group.label}`, group: name })),
    { occasion: 'delete', label: '删除', group: rest },
    { occasion: 'import', label: '批量导入', group: rest },
  ]
}

/** Replaces the ordered bindings of one type and occasion. Conditions are proved against the type; what is wrong is said at its place. */
export async function saveBindings(kernel: Kernel, ctx: Context, resource: string, occasion: string, given: unknown): Promise<void> {
  const c = kernel.resource(resource)
  if (!c.r.approval || !occasionsOf(c).some((one) => one.occasion === occasion)) throw new Refusal('notFound')
  if (!Array.isArray(given) || given.length > 50) throw new Refusal('badRequest')
  const problems: FieldProblem[] = []
  const flows = await flowsInForce(kernel)
  const rows = given.map((one: unknown, n) =>
    readBinding(kernel, { c, occasion, flows }, one, (field, message) => problems.push({ field: `${n}.${field}`, message })),
  )
  if (problems.length) throw invalid(problems)
  await kernel.transaction(ctx, async (tx) => {
    const before = await tx.db.query(`DELETE FROM kernel.flow_binding WHERE resource = $1 AND occasion = $2 RETURNING label, filter, flow, enabled`, [resource, occasion]) // prettier-ignore
    const now = tx.clock.now().toISOString()
    for (const [position, row] of rows.entries())
      await tx.db.query(`INSERT INTO kernel.flow_binding VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`, [
        uuidv7(), resource, occasion, position, row.label, JSON.stringify(row.filter), row.flow, row.enabled, now, personOf(tx.actor),
      ]) // prettier-ignore
    await audit(tx, { act: 'flow.bind', outcome: 'done', resource, detail: { occasion, before, after: rows } })
  })
}
interface Bound {
  c: CompiledResource
  occasion: string
  flows: ReadonlyMap<string, Flow<Filter>>
}
function readBinding(
  kernel: Kernel,
  { c, occasion, flows }: Bound,
  given: unknown,
  wrong: (field: string, message: string) => void,
): Omit<Row, 'id'> {
  const one = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const label = typeof one['label'] === 'string' ? one['label'].trim().slice(0, 60) : ''
  const flow = typeof one['flow'] === 'string' ? one['flow'] : ''
  const filter = readFilter(one['filter'])
  if (!label) wrong('label', '请填写名称')
  const found = flows.get(flow)
  const problem = found ? unfitFor(kernel, c, found, occasion) : '请选择流程'
  if (problem) wrong('flow', problem)
  // Judged in memory, so a condition reads the record itself.
  if (!filter) wrong('filter', '条件无法识别')
  else if (pathsOf(filter).length === 0) wrong('filter', '请填写条件；不分条件的走默认流程')
  else if (!pathsOf(filter).every((path) => isOwnPath(c, path))) wrong('filter', '条件中有不认识的字段')
  return { label, flow, filter: filter ?? { and: [] }, enabled: one['enabled'] !== false }
}

/** Why a flow cannot decide on a type's records; null when it can. */
function unfitFor(kernel: Kernel, c: CompiledResource, flow: Flow<Filter>, occasion: string): string | null {
  if (proveWords(kernel.defs, c.r, flow).length) return `“${flow.label}”的标题或摘要用到“${c.r.label}”没有或受保护的字段`
  const [problem] = prove(flow, knownIn(kernel.defs, [c.r]))
  if (problem) return `“${flow.label}”不能用于“${c.r.label}”：${problem.message}`
  // Approved is granted, whichever way a new record went.
  const own = kernel.defs.flow(c.r.approval!)
  return occasion === 'new' && flow.effect !== own.effect ? `“${flow.label}”批准后的处理与“${own.label}”不同，不能用于“${c.r.label}”` : null
}
const isOwnPath = (c: CompiledResource, path: string): boolean => {
  const [head, inner, ...more] = path.split('.') as [string, string?, ...string[]]
  if (inner === undefined) return c.byKey.has(head)
  return more.length === 0 && (c.rows.find((rows) => rows.key === head)?.fields.some((f) => f.key === inner) ?? false)
}
