import { today } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'
import { settleFiles } from '../practitioner/settle.ts'
import { seniorityOf } from './seniority.rules.ts'

/** Whoever serves here and has an anniversary. */
const settleSeniority = (kernel: Kernel): Promise<number> =>
  settleFiles(kernel, {
    act: 'seniority',
    reason: '工龄',
    columns: { joinedOn: 'joined_on', workedSince: 'worked_since', yearsHere: 'years_here', yearsWorked: 'years_worked' },
    where: `status IN ('active', 'away')`,
    of: (file) => seniorityOf(file, today(kernel.clock)),
  })

export default service({
  name: 'staff.seniority',
  along: { 'staff.practitioner': (_kernel, ctx, values) => seniorityOf(values, today(ctx.clock)) },
  daily: { settle: async (kernel) => void (await settleSeniority(kernel)) },
})
