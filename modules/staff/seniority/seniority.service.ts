import { today } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { seniorityOf } from './seniority.rules.ts'

const name = 'staff.practitioner'

/** Whoever serves here and has an anniversary, or was entered otherwise. Answers how many. */
async function settleSeniority(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '工龄' }, 'job')
  const rows = await kernel.db.once<{ id: string; version: number } & Record<string, unknown>>(
    `SELECT id, version, joined_on AS "joinedOn", worked_since AS "workedSince", years_here AS "yearsHere", years_worked AS "yearsWorked"
     FROM directory.person WHERE deleted_at IS NULL AND state = 'approved' AND status IN ('active', 'away') AND (joined_on IS NOT NULL OR worked_since IS NOT NULL)`,
  )
  const day = today(ctx.clock)
  const wrong = rows.filter((row) => {
    const { yearsHere, yearsWorked } = seniorityOf(row, day)
    return (row['yearsHere'] ?? null) !== yearsHere || (row['yearsWorked'] ?? null) !== yearsWorked
  })
  for (const row of wrong)
    await updateRecordOf(kernel, ctx, name, row.id, row.version, seniorityOf(row, day), { byModule: true, system: true, act: 'seniority' })
  return wrong.length
}

export default service({
  name: 'staff.seniority',
  along: { [name]: (_kernel, ctx, values) => seniorityOf(values, today(ctx.clock)) },
  daily: { settle: async (kernel) => void (await settleSeniority(kernel)) },
})
