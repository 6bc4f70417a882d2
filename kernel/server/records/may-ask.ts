import { asksOf, isProtected, kindOf, Refusal, type Field, type Filter, type Operator } from '#model'
import type { Permission } from '../access/access.ts'
import type { Kernel } from '../kernel.ts'
import type { Context } from '../context.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** Conditions, sorts and columns on what the actor may not see are refused, wherever in a path it stands: dropping them would show more, keeping them would leak. */
export function refuseHidden(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, paths: readonly string[]): void {
  const refuse = () => {
    throw new Refusal('badFilter', '没有查看该字段的权限')
  }
  for (const path of paths) {
    const plain = path.replace(/^-/, '')
    if (permission.hidden.has(plain.split('.')[0]!)) refuse()
    const found = kernel.defs.path(c.r.name, plain)
    if (!found || found.hops.length === 0) continue
    const passed = [...found.hops.slice(1).map((hop) => hop.key), found.key]
    found.hops.forEach(({ target }, i) => kernel.access.can(ctx.actor, 'read', target)?.hidden.has(passed[i]!) && refuse())
    // A path that leads out of what he may read shows only how the other record is named.
    const names = [kernel.defs.resource(found.resource).title, 'id']
    const mayRead = kernel.access.can(ctx.actor, 'read', found.resource) !== null
    if (!mayRead && !names.includes(found.key) && !isPlainFact(found.field)) refuse()
  }
}
const wholeValue: ReadonlySet<Operator | null> = new Set(['eq', 'ne', 'in', 'notIn', 'empty', 'notEmpty', null])
/** What filters ask of fields that the actor may not see, or sees masked: those he may name as a whole, but not try out piece by piece. */
export function refuseFilters(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  permission: Permission,
  filters: readonly (Filter | null | undefined)[],
): void {
  const asks = filters.flatMap((filter) => (filter ? asksOf(filter) : []))
  refuseHidden(kernel, ctx, c, permission, asks.map(({ path }) => path)) // prettier-ignore
  refuseMasked(kernel, ctx, c.r.name, asks.filter(({ op }) => !wholeValue.has(op)).map(({ path }) => path), '按部分内容或大小筛选') // prettier-ignore
}
/** What he sees masked he can neither group nor order by: the answer would tell what the mask hides. */
export function refuseMasked(kernel: Kernel, ctx: Context, name: string, paths: readonly string[], act: string): void {
  for (const path of paths) {
    const plain = path.replace(/^-/, '')
    const found = kernel.defs.path(name, plain)
    if (!found && kernel.access.can(ctx.actor, 'read', name)?.masked.has(plain)) throw new Refusal('badFilter', `该字段受保护，不能${act}`)
    if (found && kernel.access.can(ctx.actor, 'read', found.resource)?.masked.has(found.key))
      throw new Refusal('badFilter', `该字段受保护，不能${act}`)
  }
}
/** Facts that every list may show beside a person's or unit's name. */
const isPlainFact = (field: Field | undefined): boolean => field !== undefined && !isProtected(field) && kindOf(field).isPlainFact === true
