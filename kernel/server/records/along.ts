import type { ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** What modules write along with a record, however it is written: by fields that only the system fills in. */
export const writtenAlong = (
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  values: Readonly<Record<string, unknown>>,
  stored: ApiRecord | null,
): Record<string, unknown> => Object.assign({}, ...kernel.services.map((s) => s.along?.[c.r.name]?.(kernel, ctx, values, stored) ?? {})) as Record<string, unknown> // prettier-ignore
