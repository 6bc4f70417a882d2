import { kindOf, Refusal, type RecordAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { getRecord } from './read.ts'

/** How a record is called, as this person may see it. */
export function titleOfAnswer(c: CompiledResource, { record, titles }: RecordAnswer): string {
  const field = c.r.fields[c.r.title]
  const value = record[c.r.title]
  if (!field || value === null || value === undefined) return c.r.label
  return kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? '') || c.r.label
}
/** The same, asked for; null where it is gone, or not his to see. */
export async function titleIn(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<string | null> {
  if (!kernel.defs.resources.has(resource)) return null
  try {
    const answer = await getRecord(kernel, ctx, resource, id)
    return answer.record.deletedAt ? null : titleOfAnswer(kernel.resource(resource), answer)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
