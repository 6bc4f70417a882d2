import { v7 as uuidv7 } from 'uuid'
import { isUuid, Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needApplicant } from './change-requests.ts'
import { submit, type SubmitOptions, type Submitted } from './submit.ts'

export interface Together {
  /** Given by the client, so that the others may point at it. */
  id: string
  resource: string
  draft: Readonly<Record<string, unknown>>
}
/** Submits several records at once, what is pointed at before what points: only here may a record point at one that is not approved yet. */
export async function submitTogether(
  kernel: Kernel,
  ctx: Context,
  records: readonly Together[],
  options: Pick<SubmitOptions, 'actId' | 'signature' | 'opinion' | 'pictures' | 'mentions'>,
): Promise<Submitted[]> {
  const applicant = needApplicant(ctx)
  if (records.length === 0 || records.length > 50 || records.some(({ id }) => !isUuid(id))) throw new Refusal('badRequest', '一次可提交 1 至 50 条') // prettier-ignore
  const together = new Set(records.map(({ id }) => id))
  return kernel.transaction(ctx, async (tx) => {
    const done = await tx.db.query<Submitted>(
      `SELECT f.id AS instance, f.record, f.status, 1 AS version FROM kernel.flow_instance f WHERE f.record = ANY($2::uuid[]) AND f.request IS NULL AND f.parent IS NULL
         AND EXISTS (SELECT 1 FROM kernel.flow_instance o WHERE o.id = $1::uuid AND o.applicant = $3::uuid) ORDER BY array_position($2::uuid[], f.record)`,
      [options.actId, [...together], applicant],
    )
    if (done.length) return done
    const answers: Submitted[] = []
    for (const [at, { id, resource, draft }] of records.entries()) {
      const actId = at === 0 ? options.actId : uuidv7()
      answers.push(await submit(kernel, tx, resource, draft, { ...options, actId, record: id, together }))
    }
    return answers
  })
}
