import { Refusal, type ApiRecord, type FieldProblem, type WriteManyAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { updateRecordOf } from './write.ts'

export interface WriteOne {
  id: string
  /** As its writer saw it. */
  version: number
  changes: Readonly<Record<string, unknown>>
}
const most = 500

/**
 * Changes many records, each by itself and each with its answer: what cannot be written keeps nothing else from being written. A record that somebody has
 * changed since is not written over; where it already says what was asked for, that is enough, so that a repeated request does no harm.
 */
export async function writeMany(kernel: Kernel, ctx: Context, resource: string, asked: readonly WriteOne[]): Promise<WriteManyAnswer> {
  if (asked.length === 0 || asked.length > most) throw new Refusal('tooMany', `一次可修改 1 至 ${most} 条`)
  // Not found, no right and not-directly are the list's own affair: told once, not row by row.
  kernel.access.need(ctx.actor, 'update', resource)
  if (kernel.resource(resource).r.approval) throw new Refusal('badRequest', `“${kernel.resource(resource).r.label}”须经审批，请申请变更`)
  const results: WriteManyAnswer['results'] = []
  for (const one of asked) results.push(await writeOne(kernel, ctx, resource, one))
  return { results }
}
async function writeOne(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  { id, version, changes }: WriteOne,
): Promise<WriteManyAnswer['results'][number]> {
  try {
    const { record } = await updateRecordOf(kernel, ctx, resource, id, version, changes)
    return { record: id, ok: true, version: record.version, message: '', problems: [], current: null }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error
    const { current = null, problems = [] } = error.detail as { current?: ApiRecord; problems?: FieldProblem[] }
    if (current && Object.entries(changes).every(([key, value]) => JSON.stringify(current[key] ?? null) === JSON.stringify(value ?? null)))
      return { record: id, ok: true, version: current.version, message: '', problems: [], current: null }
    return { record: id, ok: false, version: null, message: error.message, problems, current }
  }
}
