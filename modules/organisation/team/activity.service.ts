import { today, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'

const name = 'organisation.teamActivity'
async function check(kernel: Kernel, ctx: Context, values: Readonly<Record<string, unknown>>, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored?.['archivedOn']) return [{ field: 'topic', message: `${String(stored['archivedOn'])} 已归档，不能修改` }]
  const team = await loadRecord(kernel, ctx, kernel.resource('organisation.team'), values['team'] as string)
  const [day, from, to] = [values['day'], team?.['from'], team?.['to']] as [string, string | undefined, string | null | undefined]
  if (from && day < from) return [{ field: 'day', message: `小组 ${from} 才成立` }]
  return to && day > to ? [{ field: 'day', message: `小组 ${to} 已撤销` }] : []
} // prettier-ignore

export default service({
  name,
  checks: { [name]: check },
  effects: {
    'organisation.archiveActivity': async (kernel, ctx, { record }) => {
      const how = { byModule: true, system: true, act: 'archive' }
      await updateRecordOf(kernel, ctx, name, record.id, record.version, { archivedOn: today(ctx.clock) }, how)
    },
  },
})
