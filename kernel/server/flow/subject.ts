import { Refusal, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord, loadTogether } from '../records/load.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { type ChangeRequest, loadRequest, patched, standIn } from './change-requests.ts'
import type { Instance } from './instances.ts'

/** What an approval is about: a record, or a record as a change request would leave it. */
export interface Subject {
  c: CompiledResource
  /** The row as stored. */
  stored: ApiRecord
  /** What is decided on. Its version is the one that an act must have seen: that of the row, or of the patch. */
  shown: ApiRecord
  request: ChangeRequest | null
}

/** Loads what an instance is about; `lock` holds it until the transaction ends. */
export async function loadSubject(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  instance: Pick<Instance, 'resource' | 'record' | 'request' | 'occasion'>,
  options: { lock?: boolean; deleted?: boolean } = {},
): Promise<Subject> {
  const c = kernel.resource(instance.resource)
  if (instance.occasion === 'import') {
    const request = await loadRequest(kernel, ctx, instance.request!)
    return { c, stored: standIn(request), shown: standIn(request), request }
  }
  const isAlone = ctx.db === kernel.db && !options.lock && !options.deleted
  const stored = await (isAlone ? loadTogether(kernel, c, instance.record) : loadRecord(kernel, ctx, c, instance.record, options))
  if (!stored) throw new Refusal('notFound')
  const request = instance.request ? await loadRequest(kernel, ctx, instance.request) : null
  return { c, stored, request, shown: request ? patched(stored, request) : stored }
}
