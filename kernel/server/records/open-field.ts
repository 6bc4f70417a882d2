import { fieldOrColumn, invalid, Refusal, type OpenedField } from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { maskedOf } from './present.ts'
import { needReadable } from './read.ts'

const mostLetters = 200

/**
 * Opens one value that the actor sees masked, or one cell of a sub-table (`contacts.mobile` in `row`), for a reason; both are kept, the value is not. What cannot be recorded is not shown.
 * @throws {Refusal} `invalid` without a reason, `noRight` where his role opens no such value, `notFound` like any reading.
 */
export async function openField(
  kernel: Kernel,
  ctx: Context,
  name: string,
  id: string,
  { field, row, reason }: { field: string; row?: string; reason: string },
): Promise<OpenedField> {
  const why = reason.trim()
  if (!why) throw invalid([{ field: 'reason', message: '请写明查看原因' }])
  if ([...why].length > mostLetters) throw invalid([{ field: 'reason', message: `原因最多 ${mostLetters} 个字` }])
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  const [own = '', column] = field.split('.')
  const label = fieldOrColumn(c.r.fields, field)?.label ?? field
  if (!permission.openable.has(field) || !maskedOf(ctx, c, permission, record).has(field)) throw new Refusal('noRight', `没有查看完整“${label}”的权限`)
  const cells = column === undefined ? record : ((record[own] ?? []) as Record<string, unknown>[]).find((one) => one['id'] === row)
  if (!cells) throw new Refusal('notFound')
  await audit(ctx, { act: 'field.open', outcome: 'done', resource: name, record: id, detail: { field, ...(column === undefined ? {} : { row }), reason: why } })
  return { field, value: cells[column ?? own] ?? null }
} // prettier-ignore
