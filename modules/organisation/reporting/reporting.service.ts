import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'

/** Reporting lines stand beside the tree of units: whoever has one reports to that person, and nobody to himself by way of others. */
function check(_kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const { person, reportsTo } = values as { person: string; reportsTo?: string | null }
  if (!reportsTo || reportsTo === stored?.['reportsTo']) return Promise.resolve([])
  if (!ctx.directory.isActive(reportsTo)) return Promise.resolve([{ field: 'reportsTo', message: '该人员已离职，请另选' }])
  const day = today(ctx.clock)
  const passed = [reportsTo]
  for (let at = ctx.directory.reportsTo(reportsTo, day); at !== null && !passed.includes(at); at = ctx.directory.reportsTo(at, day))
    passed.push(at)
  const names = passed.slice(0, passed.indexOf(person)).map((one) => ctx.directory.nameOf(one))
  return Promise.resolve(passed.includes(person) ? [{ field: 'reportsTo', message: `${names.join('向')}已（直接或间接）向本人汇报` }] : [])
} // prettier-ignore

export default service({ name: 'organisation.reporting', checks: { 'directory.membership': check } })
