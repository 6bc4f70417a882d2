import { v7 as uuidv7 } from 'uuid'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { insertRequest, standIn, type ChangeRequest } from './change-requests.ts'
import { begin, type Submitted } from './submit.ts'

type Values = Readonly<Record<string, unknown>>
/** Begins the one approval over a batch whose rows and patches stand; the first row stands for all in what the flow reads. */
export async function submitImport(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  what: { batch: string; number: number; flow: string; first: Values; reason: string },
): Promise<Submitted> {
  const applicant = personOf(ctx.actor)!
  const { batch, first, reason } = what
  const request: ChangeRequest = {
    id: batch, resource: c.r.name, record: batch, group: 'import', occasion: 'import', version: 1, baseVersion: 1, base: {}, patch: first, reason, state: 'open', applicant, batch: null,
  } // prettier-ignore
  await insertRequest(kernel, ctx, request)
  const shown = standIn(request)
  const how = { actId: uuidv7(), flow: what.flow, occasion: 'import', applicant, number: `导入${what.number}`, opinion: reason }
  return begin(kernel, ctx, { c, stored: shown, shown, request }, how)
}
