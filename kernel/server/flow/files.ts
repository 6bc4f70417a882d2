import { personOf, type Context } from '../context.ts'
import { names, refused } from '../files/reading.ts'
import type { Kernel } from '../kernel.ts'
import { service } from '../service.ts'
import { preparedDraft, preparedForms } from './prepared.ts'
import { maySeeOneOf, readApproval } from './reading.ts'
import { approvalsWith } from './remarks.ts'

/** Files are seen through approvals, too, and in forms that were filled in for one. */
export const flowFiles = service({
  name: 'flows.files',
  async showsFile(kernel: Kernel, ctx: Context, file, records) {
    if (personOf(ctx.actor) === null) return false
    if (await maySeeOneOf(kernel, ctx, await approvalsWith(ctx, file))) return true
    for (const instance of await approvalsOver(ctx, file, records))
      if (await readApproval(kernel, ctx, instance).then((answer) => names(answer, file), refused)) return true // prettier-ignore
    return (await preparedForms(ctx)).some((form) => names(preparedDraft(kernel, form), file))
  },
})

/** Approvals over records that hold the file, and over changes that would put it there. */
async function approvalsOver(ctx: Context, file: string, records: readonly string[]): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT f.id FROM kernel.change_file c JOIN kernel.change_request r ON r.id = c.request
       JOIN kernel.flow_instance f ON f.request = coalesce(r.batch, r.id) WHERE c.file = $1::uuid
     UNION SELECT id FROM kernel.flow_instance WHERE record = ANY($2::uuid[]) LIMIT 20`,
    [file, records],
  )
  return rows.map((row) => row.id)
}
