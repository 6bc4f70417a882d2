import { both, is, isUuid, Refusal, today, type ApiRecord, type Filter } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listAll } from '#kernel/server/records/list-all.ts'
import { needDay } from '#kernel/server/records/timeline.ts'
import { service } from '#kernel/server/service.ts'
import type { TeamOnDay, TeamPerson, TeamsAnswer } from './teams.rules.ts'

const mostTeams = 1000
const mostMembers = 10_000
/** The teams of a day, or one of them, with who belonged to them, as far as the reader may see both. */
export const teamsOn = (kernel: Kernel, ctx: Context, day: string, team: string | null = null): Promise<TeamsAnswer> =>
  kernel.onDay(ctx, day, async (on) => {
    const there = within(day)
    const teams = await rowsOf(kernel, on, 'organisation.team', { filter: both(there, team ? is('id', team) : null), most: mostTeams })
    const members = await rowsOf(kernel, on, 'organisation.teamMember', {
      filter: both(there, team ? is('team', team) : null),
      columns: [...own, ...file, ...(readsAll(kernel, ctx) ? closer : [])],
      most: mostMembers,
    })
    const shown = new Set(teams.rows.map(({ id }) => id))
    return {
      day,
      teams: teams.rows.map((row) => teamOf(on, row)).toSorted((a, b) => a.unitName.localeCompare(b.unitName, 'zh') || a.name.localeCompare(b.name, 'zh')),
      members: members.rows.filter((row) => shown.has(row['team'] as string)).map(memberOf),
      isMore: teams.isMore || members.isMore,
    }
  }) // prettier-ignore
const within = (day: string): Filter => ({
  and: [
    { field: 'from', op: 'lte', value: day },
    { or: [{ field: 'to', op: 'empty' }, { field: 'to', op: 'gte', value: day }] },
  ],
}) // prettier-ignore
const own = ['team', 'person', 'superior', 'level', 'round', 'role', 'duties', 'from', 'to', 'name', 'staffNumber'] as const
const file = ['person.appointedTitle', 'person.status'] as const
/** For whoever reads every file; others open the file itself, which knows whom it opens to. */
const closer = ['person.sex', 'person.birthDate'] as const
const readsAll = (kernel: Kernel, ctx: Context): boolean => kernel.access.can(ctx.actor, 'read', 'staff.practitioner')?.filter === null

async function rowsOf(kernel: Kernel, ctx: Context, name: string, { most, ...asked }: { filter: Filter | null; columns?: readonly string[]; most: number }) {
  return listAll(kernel, ctx, name, { ...asked, sort: ['createdAt'] }, most)
} // prettier-ignore

const textOf = (value: unknown): string | null => (typeof value === 'string' && value ? value : null)
const teamOf = (ctx: Context, row: ApiRecord): TeamOnDay => ({
  id: row.id,
  name: String(row['name']),
  kind: String(row['kind']),
  category: String(row['category']),
  unit: String(row['unit']),
  unitName: ctx.directory.unitName(row['unit'] as string),
  headRound: textOf(row['headRound']),
  from: String(row['from']),
  to: textOf(row['to']),
})
const memberOf = (row: ApiRecord): TeamPerson => ({
  id: row.id,
  team: String(row['team']),
  person: String(row['person']),
  name: textOf(row['name']) ?? '（未知）',
  parent: textOf(row['superior']),
  level: textOf(row['level']),
  round: textOf(row['round']),
  role: textOf(row['role']),
  duties: textOf(row['duties']),
  from: String(row['from']),
  to: textOf(row['to']),
  staffNumber: textOf(row['staffNumber']),
  sex: textOf(row['person.sex']),
  birthDate: textOf(row['person.birthDate']),
  title: textOf(row['person.appointedTitle']),
  status: textOf(row['person.status']),
})

export default service({
  name: 'organisation.teams',
  routes({ app, kernel, contextOf }) {
    app.get<{ Querystring: { asOf?: string; team?: string } }>('/api/organisation/teams', { config: { who: { right: 'organisation.teams' } } }, async (request) => {
      const ctx = await contextOf(request)
      const { asOf, team } = request.query
      if (team !== undefined && !isUuid(team)) throw new Refusal('badRequest', '小组的编号不对')
      return teamsOn(kernel, ctx, asOf ? needDay(asOf) : today(ctx.clock), team ?? null)
    })
  },
}) // prettier-ignore
