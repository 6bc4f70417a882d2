import { today, type ApiRecord, type FieldProblem } from '#model'
import { planningOf } from '#kernel/server/clock/planning.ts'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { groupOf, retirementOf, retiresOn } from './retirement.rules.ts'

const name = 'staff.practitioner'
type Values = Readonly<Record<string, unknown>>

/** A chosen day lies within what the rule allows. */
async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const chosen = values['retirementChosen']
  if (typeof chosen !== 'string' || chosen === stored?.['retirementChosen']) return []
  const [birth, group] = [values['birthDate'], groupOf(values)]
  if (typeof birth !== 'string' || !group) return [{ field: 'retirementChosen', message: '请先填写出生日期和退休类别' }]
  const binding = (await planningOf(kernel)).bindingOf('retirement', today(ctx.clock), values['unit'] as string | null)
  const months = (key: string): number => {
    const value = binding?.values[key]?.value
    return value?.order === 'max' ? value.amount : 0
  }
  const { earliest, latest } = retirementOf(birth, group, { early: months('early'), late: months('late') })
  return chosen < earliest || chosen > latest ? [{ field: 'retirementChosen', message: `可选 ${earliest} 至 ${latest}` }] : []
}

/** Files that say another day than their facts: entered under the person's own name, or by an import. Answers how many. */
export async function settleRetirements(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '退休日期' }, 'job')
  const rows = await kernel.db.once<{ id: string; version: number } & Record<string, unknown>>(
    `SELECT id, version, sex, birth_date AS "birthDate", category, title_level AS "titleLevel", retires_as AS "retiresAs", retirement_chosen AS "retirementChosen", retires_on AS "retiresOn"
     FROM directory.person WHERE deleted_at IS NULL AND state = 'approved' AND status <> 'left'`,
  )
  const wrong = rows.filter((row) => (row['retiresOn'] ?? null) !== retiresOn(row))
  for (const row of wrong)
    await updateRecordOf(kernel, ctx, name, row.id, row.version, { retiresOn: retiresOn(row) }, { byModule: true, system: true, act: 'retirement' })
  return wrong.length
} // prettier-ignore

export default service({
  name: 'staff.retirement',
  along: { [name]: (_kernel, _ctx, values) => ({ retiresOn: retiresOn(values) }) },
  checks: { [name]: check },
  daily: { settle: async (kernel) => void (await settleRetirements(kernel)) },
})
