import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'

/** The same person with one role alone, to see what of a page its holders would be refused. Only rights are asked in it: nothing is read for it. */
export function asRole(kernel: Kernel, ctx: Context, role: unknown): Context {
  if (typeof role !== 'string' || !kernel.defs.roles.has(role)) throw new Refusal('badRequest', '没有这个角色')
  if (ctx.actor.kind !== 'person') throw new Refusal('badRequest')
  return { ...ctx, actor: { ...ctx.actor, roles: [role] } }
}
