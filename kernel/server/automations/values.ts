import { expression, readsOf, today, type ApiRecord, type Automation, type AutomationValue, type SetValue } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needPlain } from '../records/plain.ts'

/** What an act can take its values from: the record as its runner sees it, and what another system said. */
export interface Ground {
  record: ApiRecord | null
  hook: Readonly<Record<string, unknown>>
}
/** The values that an act writes. What is empty stays empty; what does not fit is told by whoever writes it. */
export function valuesOf(kernel: Kernel, ctx: Context, automation: Automation, sets: readonly SetValue[], ground: Ground, many: (key: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(
    sets.map(({ field, value }) => {
      const found = valueOf(kernel, ctx, automation, value, ground)
      return [field, many(field) && found !== null && !Array.isArray(found) ? [found] : found]
    }),
  )
} // prettier-ignore
function valueOf(kernel: Kernel, ctx: Context, automation: Automation, value: AutomationValue, ground: Ground): unknown {
  const { hook, record } = ground
  if (value.from === 'constant') return value.value === '' ? null : value.value
  if (value.from === 'today') return today(ctx.clock)
  if (value.from === 'runner') return personOf(ctx.actor)
  if (value.from === 'hook') return Object.hasOwn(hook, value.key) ? (hook[value.key] ?? null) : null
  if (!record) return null
  if (value.from === 'field') return value.field === 'id' ? record.id : (plainly(kernel, ctx, automation, ground, [value.field])[value.field] ?? null)
  const { fields } = kernel.defs.resource(automation.resource)
  return expression(value.text, fields).evaluate(plainly(kernel, ctx, automation, ground, readsOf(value.text, fields))) ?? null
} // prettier-ignore
/** The record of a run, to take these fields of it: refused where its runner does not see them plainly. */
export function plainly(kernel: Kernel, ctx: Context, { resource }: Automation, { record }: Ground, keys: readonly string[]): ApiRecord {
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  needPlain(ctx, kernel.resource(resource), permission, record!, keys, '要用到运行身份')
  return record!
} // prettier-ignore
