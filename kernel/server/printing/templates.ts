import { automaticTemplate, labelTemplate, readPrintTemplate, Refusal, type PrintChoice, type PrintTemplate } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'

/** A way to print a record type: one of the product's own layouts, or what the hospital has published. */
export interface NamedTemplate {
  readonly name: string
  readonly label: string
  readonly template: PrintTemplate
}
/** How records of a type may be printed by this person. */
export function templatesFor(kernel: Kernel, ctx: Context, resource: string): NamedTemplate[] {
  const { r } = kernel.resource(resource)
  // Whom a record was only opened to reads it, and takes nothing away on paper.
  kernel.access.need(ctx.actor, 'read', resource)
  const own: NamedTemplate[] = [
    { name: 'automatic', label: '标准版式', template: automaticTemplate(r) },
    { name: 'label', label: '标签', template: labelTemplate(r) },
  ]
  const made = [...kernel.designsOf('print')]
    .map(([name, content]) => madeOf(name, content))
    .filter(({ template }) => template.resource === resource)
  const roles = new Set(kernel.access.rolesOf(ctx.actor))
  return [...own, ...made].filter(({ template }) => template.roles.length === 0 || template.roles.some((role) => roles.has(role)))
}
const read = new WeakMap<object, PrintTemplate>()
/** What is in force as it is read today: a template that an older program kept has what it did not know filled in. */
function madeOf(name: string, content: unknown): NamedTemplate {
  let template = read.get(content as object)
  if (!template) read.set(content as object, (template = readPrintTemplate(content).template))
  return { name, label: template.label, template }
}
/** The one of this name, if he may use it. */
export function needTemplate(kernel: Kernel, ctx: Context, resource: string, name: string): NamedTemplate {
  const found = templatesFor(kernel, ctx, resource).find((one) => one.name === name)
  if (!found) throw new Refusal('notFound', '没有这个打印模板，或没有对你开放')
  return found
}
export const choiceOf = ({ name, label, template }: NamedTemplate): PrintChoice => ({
  name,
  label,
  paper: template.paper,
  isWord: template.word !== null,
})
