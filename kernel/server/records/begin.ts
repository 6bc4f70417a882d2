import type { ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'

export const hasBeginning = (kernel: Kernel, { r }: CompiledResource): boolean => kernel.services.some((s) => s.begins?.[r.name])
/** What modules do as a record begins to hold: made without approval, or approved. */
export async function begin(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<void> {
  for (const s of kernel.services) await s.begins?.[c.r.name]?.(kernel, ctx, record)
}
