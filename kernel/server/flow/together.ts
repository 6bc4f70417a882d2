import { v7 as uuidv7 } from 'uuid'
import { isUuid, Refusal, type FieldProblem } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needApplicant } from './change-requests.ts'
import { submit, type SubmitOptions, type Submitted } from './submit.ts'

export interface Together {
  /** Given by the client, so that the others may point at it. */
  id: string
  resource: string
  draft: Readonly<Record<string, unknown>>
  /** People for later steps, where the flow lets the applicant choose them. */
  chosen?: Readonly<Record<string, readonly string[]>>
}
/** What is pointed at before what points at it, else as given; a circle is left to the database to refuse. */
function inOrder(records: readonly Together[]): Together[] {
  const left = [...records]
  const ordered: Together[] = []
  while (left.length) {
    const free = left.findIndex((one) => !left.some((other) => other !== one && JSON.stringify(one.draft).includes(other.id)))
    ordered.push(...left.splice(Math.max(free, 0), 1))
  }
  return ordered
}
/** Says of which record a refusal is: `records.1.name`. */
const placed = (at: number) => (error: unknown) => {
  if (!(error instanceof Refusal)) throw error
  const problems = error.detail['problems'] as readonly FieldProblem[] | undefined
  const named = problems?.map((one) => ({ ...one, field: `records.${at}.${one.field}` })) ?? [{ field: `records.${at}.`, message: error.message }]
  throw new Refusal(error.code, error.message, { ...error.detail, problems: named })
} // prettier-ignore

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
    const answers = new Map<string, Submitted>()
    for (const [nth, { id, resource, draft, chosen }] of inOrder(records).entries()) {
      const actId = nth === 0 ? options.actId : uuidv7()
      const at = records.findIndex((one) => one.id === id)
      answers.set(
        id,
        await submit(kernel, tx, resource, draft, { ...options, actId, record: id, together, ...(chosen ? { chosen } : {}) }).catch(
          placed(at),
        ),
      )
    }
    return records.map(({ id }) => answers.get(id)!)
  })
}
