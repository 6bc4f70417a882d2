import { untold, type Fields, type PrintTemplate, type PrintTemplateList, type PrintType } from '#model'
import { everyStep } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import { allDesigns } from '../designs/drafts.ts'
import { flowsInForce } from '../flow/in-force.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'

/** What the hospital has drawn, and of which types it may draw. */
export async function listTemplates(kernel: Kernel, ctx: Context): Promise<PrintTemplateList> {
  const rows = (await allDesigns(ctx, 'print')).filter(({ draft, content }) => draft !== null || content !== null)
  const templates = rows.map(({ name, draft, content, in_force: version, at, by }) => {
    const { label, resource, word } = (draft ?? content) as PrintTemplate
    return {
      name, label, resource, resourceLabel: kernel.defs.resources.get(resource)?.label ?? resource, isWord: word !== null, version: content === null ? null : version,
      draft: draft === null ? null : { at, by: by ? ctx.directory.nameOf(by) : '系统' },
    }
  })
  const types = [...kernel.defs.resources.values()].filter(({ log, name }) => !log && !name.startsWith('security.')).map(({ name, label }) => ({ name, label }))
  return { templates, types }
} // prettier-ignore

/** What a template of this type may name: declarations only, no record. */
export async function printTypeOf(kernel: Kernel, ctx: Context, resource: string): Promise<PrintType> {
  const { r } = kernel.resource(resource)
  const settings = await currentSettings(kernel, ctx.db)
  const flow = r.approval ? ((await flowsInForce(kernel)).get(r.approval) ?? kernel.defs.flows.get(r.approval)) : undefined
  const steps = flow ? everyStep(flow.steps).filter((step) => step.kind === 'approve' || step.kind === 'fill' || step.kind === 'seal') : []
  return {
    name: r.name, label: r.label, title: r.title, fields: r.fields, groups: r.groups ?? [], ...(r.approval ? { approval: r.approval } : {}),
    targets: targetsOf(kernel, r.fields),
    tellable: Object.keys(r.fields).filter((key) => untold(kernel.defs, r.fields[key]!) === null),
    steps: steps.map((step) => fillLabel(step.label, settings)),
    seals: [...new Set(steps.flatMap((step) => (step.kind === 'seal' ? [step.seal] : [])))],
    roles: [...kernel.defs.roles.values()].map(({ name, label }) => ({ name, label: fillLabel(label, settings) })),
  }
} // prettier-ignore
function targetsOf({ defs }: Kernel, fields: Fields): PrintType['targets'] {
  const names = Object.values(fields).flatMap((field) =>
    'target' in field.options && field.kind !== 'references' ? [String(field.options.target)] : [],
  )
  return Object.fromEntries(
    names.flatMap((name) =>
      defs.resources.has(name) ? [[name, { label: defs.resource(name).label, fields: defs.resource(name).fields }]] : [],
    ),
  )
}
