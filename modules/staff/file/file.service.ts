import type { ApiRecord, FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'

type Values = Readonly<Record<string, unknown>>

/** Nobody held two whole posts at once; one may end on the day on which the next begins. */
async function checkWork(_: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (values['isPartTime'] === true) return []
  const [other] = await ctx.db.query<{ employer: string; from: string; to: string | null }>(
    `SELECT employer, "from", "to" FROM staff.work_history
     WHERE practitioner = $1::uuid AND is_part_time IS NOT TRUE AND state <> 'refused' AND deleted_at IS NULL AND id IS DISTINCT FROM $2::uuid
       AND "from" < coalesce($4::date, 'infinity') AND coalesce("to", 'infinity') > $3::date ORDER BY "from" LIMIT 1`,
    [values['practitioner'], stored?.id ?? null, values['from'], values['to'] ?? null],
  )
  if (!other) return []
  const until = other.to ?? '今'
  return [{ field: 'from', message: `与“${other.employer}”（${other.from} 至${until === '今' ? '' : ' '}${until}）的时间重叠；同时任职的请勾选“兼职”` }]
} // prettier-ignore

/** A number that an authority gave once belongs to one person. */
const numbered =
  (table: string, column: string, field: string) =>
  async (_: Kernel, ctx: Context, values: Values): Promise<FieldProblem[]> => {
    const number = values[field]
    if (typeof number !== 'string' || !number) return []
    const [other] = await ctx.db.query(
      `SELECT 1 FROM ${table} WHERE ${column} = $1 AND kind = $2 AND practitioner <> $3::uuid AND deleted_at IS NULL LIMIT 1`,
      [number, values['kind'], values['practitioner']],
    )
    return other ? [{ field, message: '这个编号已登记在另一人名下，请核对证件' }] : []
  }

export default service({
  name: 'staff.file',
  checks: {
    'staff.workHistory': checkWork,
    'staff.registration': numbered('staff.registration', 'certificate_number', 'certificateNumber'),
    'staff.certificate': numbered('staff.certificate', 'number', 'number'),
  },
})
