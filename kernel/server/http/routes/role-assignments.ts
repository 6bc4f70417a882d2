import { endAssignment, judgeAssignment } from '../../access/roles/assignments.ts'
import { Refusal } from '#model'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'
import { textOf } from './session.ts'

type OfOne = { Params: { id: string } }
/** Roles are given as any record is written; taken away, and agreed to by a second officer, here. */
export function roleAssignmentRoutes({ app, kernel, contextOf }: Server): void {
  app.post<OfOne>('/api/role-assignments/:id/end', { config: { who: { right: 'security.roles' } } }, async (request) =>
    endAssignment(kernel, await contextOf(request), needId(request.params.id), textOf(bodyOf(request), 'reason', 200)),
  )
  app.post<OfOne>('/api/role-assignments/:id/judge', { config: { who: { right: 'security.confirmRoles' } } }, async (request) => {
    const { agree } = bodyOf(request)
    if (typeof agree !== 'boolean') throw new Refusal('badRequest')
    await judgeAssignment(kernel, await contextOf(request), needId(request.params.id), agree)
    return { done: true }
  })
}
