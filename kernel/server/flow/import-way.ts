import type { ApiRecord, Filter } from '#model'
import { describePath, planOf, type Flow, type Handled } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { chooseFlow, filtersOf } from './bindings.ts'
import { groupOf, rest } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { currentVersion, flowsInForce, inForce } from './in-force.ts'

type Values = Readonly<Record<string, unknown>>
interface Way {
  flow: string
  /** Flow, steps and people: rows of the same way are decided together. */
  way: string
  /** Why no import can go this way; null when it can. */
  unfit: string | null
  /** Fields that the flow wants filled. */
  require: readonly string[]
}

/**
 * Which rows of an import may be one request: those that go the way of the first one, with the same flow, steps and people, so that nobody decides for
 * another department. The way depends on few fields; rows alike in those are judged once.
 */
export class ImportWay {
  private readonly kernel: Kernel
  private readonly ctx: Context
  private readonly c: CompiledResource
  private readonly applicant: string
  private readonly known = new Map<string, Promise<Way>>()
  private reads: Promise<ReadonlySet<string>> | null = null
  /** The first row's: of the whole batch. */
  first: { values: Values; flow: string; way: string } | null = null

  constructor(kernel: Kernel, ctx: Context, c: CompiledResource, applicant: string) {
    this.kernel = kernel
    this.ctx = ctx
    this.c = c
    this.applicant = applicant
  }

  /** Why this row cannot be part of the request; null when it can. `changed` names what changes in a stored record, null for a new one. */
  async problemOf(values: Values, changed: readonly string[] | null): Promise<string | null> {
    const { c } = this
    const groups = changed ? [...new Set(changed.map((key) => groupOf(c, key)))] : [rest]
    const ways = await Promise.all(groups.map((group) => this.wayOf(values, group)))
    const [own] = ways as [Way]
    if (own.unfit) return own.unfit
    if (ways.some(({ way }) => way !== own.way)) return '改动的内容由不同科室审批，请分开导入'
    const missing = own.require.filter((key) => isBlank(values[key]))
    if (missing.length) return `送审前须填写${missing.map((key) => `“${c.r.fields[key]?.label ?? key}”`).join('、')}（审批流程要求）`
    this.first ??= { values, flow: own.flow, way: own.way }
    return own.way === this.first.way ? null : '这一行的审批流程或审批人与前面的行不同，请另行导入送审'
  }

  private async wayOf(values: Values, group: string): Promise<Way> {
    this.reads ??= this.fieldsRead()
    const facts = [...(await this.reads)].map((key) => values[key] ?? null)
    const key = JSON.stringify([group, facts])
    let way = this.known.get(key)
    if (!way) this.known.set(key, (way = this.judge(values, group)))
    return way
  }
  private async judge(values: Values, group: string): Promise<Way> {
    const { kernel, ctx, c, applicant } = this
    const shown = { ...values, version: 1 } as unknown as ApiRecord
    const flow = await chooseFlow(kernel, ctx, c, 'import', shown, group)
    const { definition } = await currentVersion(kernel, ctx, flow)
    const steps = handledOf(definition)
    const require = [...new Set([...definition.start.require, ...steps.flatMap((step) => step.require)])]
    const unfit = whyUnfit(definition, steps)
    if (unfit) return { flow, way: flow, unfit, require }
    const path = describePath(definition, { applicant }, await flowEnvironment(kernel, ctx, { c, shown }, applicant))
    return { flow, way: JSON.stringify([flow, path.map(({ key, people }) => [key, people.map((p) => p.person)])]), unfit, require }
  }

  /** The fields on which a way can depend: those that bindings, conditions, deciders and calendars read. */
  private async fieldsRead(): Promise<ReadonlySet<string>> {
    const { kernel, ctx, c } = this
    const bindings = await filtersOf(ctx, c, 'import')
    const own = [c.r.approval!, ...Object.values(c.r.changes ?? {}).map(({ flow }) => flow)]
    const known = await flowsInForce(kernel)
    const flows = [...new Set([...own, ...bindings.map(({ flow }) => flow)])].filter((name) => known.has(name))
    const definitions = await Promise.all(flows.map((name) => inForce(kernel, ctx, name)))
    const found = new Set<string>(c.r.owner.department ? [c.r.owner.department] : [])
    for (const part of [...bindings.map(({ filter }) => filter), ...definitions.map(({ definition }) => definition.steps)])
      for (const path of namedIn(part)) if (c.byKey.has(path.split('.')[0]!)) found.add(path.split('.')[0]!)
    return found
  }
}
const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0) // prettier-ignore

const handledOf = (definition: Flow<Filter>): Handled[] =>
  planOf(definition).stops.flatMap(({ step }) => (step.kind === 'approve' || step.kind === 'fill' || step.kind === 'seal' ? [step] : []))

/** What a flow wants of a request that a file cannot give. */
function whyUnfit(definition: Flow<Filter>, steps: readonly Handled[]): string | null {
  const say = (why: string) => `流程“${definition.label}”${why}，不能用于批量导入；请由流程管理员在“流程搭配”中为“批量导入”另设流程`
  if (definition.items) return say('逐项审批')
  if (definition.effect) return say('批准后另有处理')
  if (definition.start.sign) return say('提交时须本人签名')
  if (steps.some(({ kind }) => kind === 'fill')) return say('有须填写内容的步骤')
  return planOf(definition).stops.some(({ step }) => step.kind === 'service') ? say('有自动处理的步骤') : null
}

/** Every name that stands in a definition or condition where a field does. */
function namedIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(namedIn)
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? (['field', 'unit', 'some'].includes(key) ? [value] : []) : namedIn(value),
  )
}
