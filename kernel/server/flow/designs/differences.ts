import { filterWords, fieldOrColumn, Refusal, type Field, type Filter, type FlowDifference } from '#model'
import { differences, type Flow, type Namer } from '#kernel/model/flow/index.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { definitionOf } from '../instances.ts'
import { findDesign } from './drafts.ts'
import { namesHere } from './names.ts'
import { typesOf } from './prove.ts'

/** What is other in a later definition, in the words of this hospital. */
export async function differencesHere(
  kernel: Kernel,
  ctx: Context,
  [from, to]: readonly [Flow<Filter>, Flow<Filter>],
  resource: string,
): Promise<FlowDifference[]> {
  return differences(from, to, await namerFor(kernel, ctx, to.name, resource))
}
async function namerFor(kernel: Kernel, ctx: Context, flow: string, resource: string): Promise<Namer<Filter>> {
  const [names, settings] = [await namesHere(kernel, ctx), await currentSettings(kernel, ctx.db)]
  const types = typesOf(kernel, flow, resource)
  const labelIn = (list: readonly { name: string; label: string }[], name: string) => list.find((one) => one.name === name)?.label ?? name
  const find = (path: string): { label: string; field: Field } | null => {
    const field = types.map((r) => fieldOrColumn(r.fields, path) ?? kernel.defs.path(r.name, path)?.field).find((one) => one !== undefined)
    return field ? { label: field.label, field } : null
  }
  const nameOf = (target: string, id: string) => (target === 'directory.person' ? ctx.directory.nameOf(id) : target === 'directory.unit' ? ctx.directory.unitName(id) : '') // prettier-ignore
  return {
    role: (name) => labelIn(names.roles, name),
    post: (name) => labelIn(names.posts, name),
    group: (name) => labelIn(names.groups, name),
    person: (id) => ctx.directory.nameOf(id) || '（查无此人）',
    field: (path) => find(path)?.label ?? path,
    rule: (name) => labelIn(names.ruleValues, name),
    condition: (filter) => filterWords(filter, find, nameOf),
    fill: (label) => fillLabel(label, settings),
  }
}

/** A version by its number, the draft, or what the program declares. */
export type Side = number | 'draft' | 'program'
/** What two of them differ in. */
export async function differenceOf(
  kernel: Kernel,
  ctx: Context,
  flow: string,
  [from, to]: readonly [Side, Side],
): Promise<FlowDifference[]> {
  const row = await findDesign(ctx, flow)
  const load = async (side: Side): Promise<Flow<Filter>> => {
    if (side === 'draft') return row?.draft ?? missing('没有草稿')
    if (side === 'program') return kernel.defs.flows.get(flow) ?? missing('系统中没有这个流程')
    return versionOf(kernel, ctx, flow, side)
  }
  return differencesHere(kernel, ctx, [await load(from), await load(to)], row?.resource ?? '')
}
/** A stored version; refuses one that is none. */
export async function versionOf(kernel: Kernel, ctx: Context, flow: string, version: number): Promise<Flow<Filter>> {
  const [found] = await ctx.db.query(`SELECT 1 FROM kernel.flow_definition WHERE name = $1 AND version = $2`, [flow, version])
  return found ? definitionOf(kernel, ctx.db, flow, version) : missing('没有这个版本')
}
const missing = (words: string): never => {
  throw new Refusal('notFound', words)
}
