import { Refusal, type ApiRecord, type NamedPath, type PreviewAnswer } from '#model'
import { choicesOf, describePath, planOf, type PathStep } from '#kernel/model/flow/index.ts'
import type { StepRule } from '#kernel/model/rules/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { chooseFlow } from './bindings.ts'
import { needApplicant } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { currentVersion } from './in-force.ts'
import { limitsFor, type Limits } from './limits.ts'
import { toChoose } from './to-choose.ts'

/** The way of an approval, people named, labels filled. */
export function named(
  ctx: Context,
  path: readonly PathStep[],
  fill: (text: string) => string,
  { ruleOf }: Pick<Limits, 'ruleOf'>,
): NamedPath[] {
  return path.map((step) => ({
    ...step,
    ...ruled(step.limit && ruleOf(step.limit, step.since ?? ctx.clock.now().toISOString())),
    label: fill(step.label),
    people: step.people.map((p) => ({
      ...p,
      name: ctx.directory.nameOf(p.person),
      unitName: ctx.directory.unitName(ctx.directory.people.get(p.person)?.unit ?? null),
    })),
  }))
}
const ruled = (rule: StepRule | null | undefined): Pick<NamedPath, 'rule'> => (rule ? { rule } : {})

type Draft = Readonly<Record<string, unknown>>
/** A request that nobody has submitted, as the engine would see it. */
export async function sampleRequest(kernel: Kernel, ctx: Context, c: CompiledResource, draft: Draft, applicant: string) {
  const owner = c.r.owner.person ? draft[c.r.owner.person] : null
  const person = typeof owner === 'string' && ctx.directory.people.has(owner) ? owner : applicant
  const unit = c.r.owner.department
    ? { [c.r.owner.department]: draft[c.r.owner.department] ?? ctx.directory.people.get(person)?.unit ?? null }
    : {}
  const sample = { ...draft, ...unit, version: 0 } as unknown as ApiRecord
  const env = await flowEnvironment(kernel, ctx, { c, shown: sample }, person, { items: c.r.items ? ['sample'] : [] })
  return { sample, person, env }
}

/** Who will decide, before anything is submitted. */
export async function previewPath(kernel: Kernel, ctx: Context, resource: string, draft: Draft): Promise<PreviewAnswer> {
  const c = kernel.resource(resource)
  if (!c.r.approval) throw new Refusal('badRequest')
  const { sample, person, env } = await sampleRequest(kernel, ctx, c, draft, needApplicant(ctx))
  const { definition } = await currentVersion(kernel, ctx, await chooseFlow(kernel, ctx, c, 'new', sample))
  const settings = await currentSettings(kernel, ctx.db)
  const fill = (text: string) => fillLabel(text, settings)
  const limits = await limitsFor(kernel, ctx, { c, shown: sample }, person)
  return {
    path: named(ctx, describePath(definition, { applicant: person }, env), fill, limits),
    choose: toChoose(ctx, choicesOf(planOf(definition), env, undefined, person), person, fill),
  }
}
