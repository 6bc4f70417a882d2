import { all, invalid, is, isUuid, type FieldProblem } from '#model'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import type { Server } from '#kernel/server/http/server.ts'
import { listRecords } from '#kernel/server/records/read.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'

const most = 500
/** A department takes procedures out of the hospital's list, many at once; what it has already stays as it is. Rights are those of its list. */
function routes({ app, kernel, contextOf }: Server): void {
  app.post('/api/privileges/department-list', { config: { who: 'signedIn' } }, async (request, reply) => {
    const ctx = await contextOf(request)
    const { unit, procedures } = bodyOf(request)
    const chosen = Array.isArray(procedures) ? [...new Set(procedures.filter(isUuid))] : []
    const problems: FieldProblem[] = []
    if (!isUuid(unit)) problems.push({ field: 'unit', message: '请选择科室' })
    if (chosen.length === 0) problems.push({ field: 'procedures', message: '请选择手术' })
    if (chosen.length > most) problems.push({ field: 'procedures', message: `一次最多选入 ${most} 项` })
    if (problems.length) throw invalid(problems)
    kernel.access.need(ctx.actor, 'create', 'privileges.departmentProcedure')
    const answer = await kernel.transaction(ctx, async (tx) => {
      const present = await listRecords(kernel, tx, 'privileges.departmentProcedure', {
        filter: all(is('unit', unit as string), { field: 'procedure', op: 'in', value: chosen }),
        limit: most,
      })
      const known = new Set(present.rows.map((row) => row['procedure']))
      const added = chosen.filter((procedure) => !known.has(procedure))
      for (const procedure of added) await createRecord(kernel, tx, 'privileges.departmentProcedure', { unit, procedure, enabled: true })
      return { added: added.length, known: known.size }
    })
    reply.status(201)
    return answer
  })
}

export default service({ name: 'privileges.departmentList', routes })
