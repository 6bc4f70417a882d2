import type { Definitions } from './definitions.ts'
import type { ResolvedResource } from './definitions.ts'
import { pathsOf, type Filter } from './filter/filter.ts'
import type { Flow } from './flow/definition.ts'
import { prove, type Known } from './flow/prove.ts'

/** Proves every approval against the record types it decides on, before anything is started with it; each problem names the flow, the step and the reason. */
export const proveFlows = (defs: Definitions, isRule: (name: string) => boolean): string[] =>
  [...defs.flows.values()].flatMap((flow) =>
    prove(flow, knownTo(defs, flow, isRule)).map(({ path, message }) => `flow ${flow.name}: ${path}: ${message}`),
  )

const hasColumn = (r: ResolvedResource, rows: string, path: string): boolean =>
  Object.hasOwn((r.fields[rows]?.options as { fields?: object } | undefined)?.fields ?? {}, path)

function knownTo(defs: Definitions, flow: Flow<Filter>, isRule: (name: string) => boolean): Known<Filter> {
  const guarded = defs.guardedBy(flow.name)
  // A flow that is only bound by a hospital is proved when it is bound.
  const isField = (path: string): boolean => guarded.length === 0 || guarded.some((r) => defs.path(r.name, path) !== null)
  return {
    isRole: (name) => defs.roles.has(name),
    isField,
    isRule,
    checkLines: (rows, filter) =>
      pathsOf(filter).flatMap((path) => (guarded.every((r) => hasColumn(r, rows, path)) ? [] : [`明细中没有这个字段：${path}`])),
    checkCondition: (filter) => pathsOf(filter).flatMap((path) => (isField(path) ? [] : [`没有这个字段：${path}`])),
  }
}
