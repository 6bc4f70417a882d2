import { today, type ApiRecord, type FieldProblem } from '#model'
import { planningOf } from '#kernel/server/clock/planning.ts'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'
import { settleFiles } from '../practitioner/settle.ts'
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

/** Answers how many files said another day than their facts. */
export const settleRetirements = (kernel: Kernel): Promise<number> =>
  settleFiles(kernel, {
    act: 'retirement',
    reason: '退休日期',
    columns: { sex: 'sex', birthDate: 'birth_date', category: 'category', titleLevel: 'title_level', retiresAs: 'retires_as', retirementChosen: 'retirement_chosen', retiresOn: 'retires_on' },
    where: `status <> 'left'`,
    of: (file) => ({ retiresOn: retiresOn(file) }),
  }) // prettier-ignore

export default service({
  name: 'staff.retirement',
  along: { [name]: (_kernel, _ctx, values) => ({ retiresOn: retiresOn(values) }) },
  checks: { [name]: check },
  daily: { settle: async (kernel) => void (await settleRetirements(kernel)) },
})
