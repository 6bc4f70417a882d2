import { isUuid, type FieldProblem } from '#model'
import { loadRecord } from '../records/load.ts'
import { service, type RecordCheck } from '../service.ts'

/** One record is named by what there is: a slip would hold nothing, and nobody would see it. */
const checkHold: RecordCheck = async (kernel, ctx, { register, record, person }): Promise<FieldProblem[]> => {
  if (typeof record !== 'string' || typeof register !== 'string' || !kernel.defs.resources.has(register)) return []
  const c = kernel.resource(register)
  const stored = isUuid(record) ? await loadRecord(kernel, ctx, c, record, { deleted: true }) : null
  if (!stored) return [{ field: 'record', message: `没有这条“${c.r.label}”` }]
  const owner = c.r.owner.person && (c.r.owner.person === 'id' ? stored.id : stored[c.r.owner.person])
  return person && owner !== person ? [{ field: 'person', message: '这条记录不是此人的' }] : []
}
export const holdService = service({ name: 'personal.hold', checks: { 'personal.hold': checkHold } })
