import { today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service, type WrittenAlong } from '#kernel/server/service.ts'
import { membersOf, yearsOf, type GroupMember } from './seat.rules.ts'

const name = 'organisation.committeeSeat'
type Values = Readonly<Record<string, unknown>>

const along: WrittenAlong = (_, ctx, values, stored) => {
  const file = ctx.directory.people.get(values['person'] as string)
  return {
    years: yearsOf(values['from'], values['to']),
    name: file?.name ?? null,
    staffNumber: file?.staffNumber ?? null,
    entry: stored ? stored['entry'] : personOf(ctx.actor) === values['person'] ? 'applied' : 'entered',
  }
}

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  const { person, committee, from, to } = values as Record<string, string | null>
  const of = await loadRecord(kernel, ctx, kernel.resource('organisation.committee'), committee!, { lock: true })
  const [founded, ended] = [of?.['foundedOn'], of?.['endedOn']] as (string | null | undefined)[]
  if (ended && from! > ended) return [{ field: 'from', message: `该委员会 ${ended} 已撤销` }]
  if (founded && from! < founded) return [{ field: 'from', message: `该委员会 ${founded} 才成立` }]
  const [held] = await ctx.db.query<{ from: string; to: string | null; state: string }>(
    `SELECT "from", "to", state FROM organisation.committee_seat
     WHERE person = $1::uuid AND committee = $2::uuid AND state <> 'refused' AND deleted_at IS NULL AND id IS DISTINCT FROM $3::uuid
       AND "from" <= coalesce($5::date, 'infinity') AND coalesce("to", 'infinity') >= $4::date ORDER BY "from" LIMIT 1`,
    [person, committee, stored?.id ?? null, from, to ?? null],
  )
  if (!held) return []
  const how = held.state === 'approved' ? '任职' : '申请在审批中'
  return [{ field: 'committee', message: `该人员在此委员会已有${how}（${held.from} 至 ${held.to ?? '未定'}），时间不能重叠` }]
}
async function checkCommittee(_: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (!values['group']) return []
  const [other] = await ctx.db.query<{ name: string }>(
    `SELECT name FROM organisation.committee WHERE "group" = $1::uuid AND deleted_at IS NULL AND id IS DISTINCT FROM $2::uuid LIMIT 1`,
    [values['group'], stored?.id ?? null],
  )
  return other ? [{ field: 'group', message: `这个专家组已由“${other.name}”使用` }] : []
}

/** Makes the expert groups of committees their sitting members; a committee of which no seat was ever entered leaves its group alone. */
async function followSeats(kernel: Kernel, committee: string | null): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '委员任期' }, 'committee')
  const linked = await ctx.db.query<{ id: string; group: string }>(
    `SELECT c.id, c."group" FROM organisation.committee c WHERE c."group" IS NOT NULL AND c.deleted_at IS NULL AND ($1::uuid IS NULL OR c.id = $1::uuid)
       AND EXISTS (SELECT 1 FROM organisation.committee_seat s WHERE s.committee = c.id AND s.state = 'approved' AND s.deleted_at IS NULL)`,
    [committee],
  )
  for (const one of linked) await kernel.transaction(ctx, (tx) => followOne(kernel, tx, one))
}
async function followOne(kernel: Kernel, ctx: Context, { id, group }: { id: string; group: string }): Promise<void> {
  const held = await loadRecord(kernel, ctx, kernel.resource('directory.group'), group, { lock: true })
  if (!held) return
  const sitting = await ctx.db.query<{ person: string; position: string }>(
    `SELECT person, position FROM organisation.committee_seat
     WHERE committee = $1::uuid AND state = 'approved' AND deleted_at IS NULL AND "from" <= $2::date AND ("to" IS NULL OR "to" >= $2::date) ORDER BY "from", id`,
    [id, today(ctx.clock)],
  )
  const members = membersOf((held['members'] ?? []) as GroupMember[], sitting)
  if (members) await updateRecordOf(kernel, ctx, 'directory.group', group, held.version, { members }, { byModule: true, act: 'committee.follow' })
} // prettier-ignore

async function seatChanged(kernel: Kernel, record: string | null): Promise<void> {
  const [found] = await kernel.db.query<{ committee: string }>(`SELECT committee FROM organisation.committee_seat WHERE id = $1::uuid`, [record])
  if (found) await followSeats(kernel, found.committee)
} // prettier-ignore

export default service({
  name,
  checks: { [name]: check, 'organisation.committee': checkCommittee },
  along: { [name]: along },
  on: {
    [name]: (kernel, { record }) => seatChanged(kernel, record),
    'organisation.committee': (kernel, { record }) => followSeats(kernel, record),
  },
  daily: { committeeSeats: (kernel) => followSeats(kernel, null) },
})
