import type { ClientResource, ResolvedResource } from '#model'
import { clientResource } from '../../access/client-resource.ts'
import type { Permission } from '../../access/access.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillAll } from '../../settings.ts'

const none: ReadonlySet<string> = new Set()
/** How a type is declared, with all its fields; of its records nothing can be read by it. */
const declared: Permission = { filter: null, hidden: none, masked: none, openable: none, readOnly: none }

/** The type that a flow is drawn for and those that it refers to, as the page knows types. */
export async function typesToDraw(kernel: Kernel, ctx: Context, resource: string): Promise<ClientResource[]> {
  const drawn = kernel.defs.resources.get(resource)
  if (!drawn) return []
  const near = Object.values(drawn.fields).flatMap((field) => kernel.defs.resources.get(String('target' in field.options && field.options.target)) ?? []) // prettier-ignore
  return drawnTypes(kernel, ctx, [...new Set<ResolvedResource>([drawn, ...near])])
}
/** Types as they are declared, for somebody who draws with them and need not be allowed to read a record of them. */
export async function drawnTypes(kernel: Kernel, ctx: Context, resources: readonly ResolvedResource[]): Promise<ClientResource[]> {
  const types = resources.flatMap((r) => clientResource(kernel, ctx.actor, r, declared) ?? [])
  return JSON.parse(fillAll(types, await currentSettings(kernel, ctx.db))) as ClientResource[]
}
