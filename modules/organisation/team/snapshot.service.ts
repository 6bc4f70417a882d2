import { kindOf, Refusal, today, type RecordAnswer } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { permissionOver } from '#kernel/server/records/rights-over.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { teamsOn } from '../teams/teams.service.ts'
import { linesOf } from './team.rules.ts'

const name = 'organisation.teamSnapshot'
/** Keeps a team as it stands, once a day; whoever may change the team may. */
async function take(kernel: Kernel, ctx: Context, id: string): Promise<RecordAnswer> {
  const c = kernel.resource('organisation.team')
  const seen = await loadRecord(kernel, ctx, c, id)
  if (!seen || !(await permissionOver(kernel, ctx, 'read', c, seen))) throw new Refusal('notFound')
  if (!(await permissionOver(kernel, ctx, 'update', c, seen))) throw new Refusal('noRight', '没有为这个小组做快照的权限')
  const day = today(ctx.clock)
  return kernel.transaction(ctx, async (tx) => {
    // Of two clicks at once the second waits here, and then finds the first one's.
    await loadRecord(kernel, tx, c, id, { lock: true })
    const [made] = await tx.db.query(`SELECT 1 FROM organisation.team_snapshot WHERE team = $1::uuid AND day = $2::date AND deleted_at IS NULL`, [id, day])
    if (made) throw new Refusal('flowRefused', '今天已经做过快照，每个小组每天一个')
    return keepTeam(kernel, tx, id, day)
  })
} // prettier-ignore
/** A team with all its members as they stand on a day, whoever asks. */
export async function keepTeam(kernel: Kernel, ctx: Context, id: string, day: string): Promise<RecordAnswer> {
  const system = { ...ctx, actor: { kind: 'system', reason: '小组快照' } } as const
  const { teams, members } = await teamsOn(kernel, system, day, id)
  const team = teams[0]
  if (!team) throw new Refusal('flowRefused', `小组 ${day} 不在运行，不能做快照`)
  const lines = linesOf(members, day, (resource, key, value) => labelOf(kernel, resource, key, value))
  const kind = labelOf(kernel, 'organisation.team', 'kind', team.kind)
  const draft = { team: id, unit: team.unit, day, name: team.name, kind, headRound: team.headRound, count: lines.length, members: lines }
  return createRecord(kernel, ctx, name, draft, { byModule: true, act: 'snapshot' })
}
const labelOf = (kernel: Kernel, resource: string, key: string, value: string | null): string | null => {
  const field = kernel.defs.resource(resource).fields[key]
  return value === null || !field ? null : kindOf(field).format(value, field, () => '')
}

export default service({
  name,
  routes({ app, kernel, contextOf }) {
    app.post<{ Params: { id: string } }>('/api/organisation/teams/:id/snapshot', { config: { who: 'signedIn' } }, async (request) =>
      take(kernel, await contextOf(request), needId(request.params.id)),
    )
  },
})
