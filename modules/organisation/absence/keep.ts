import { addDays, awayKinds, Refusal, today, type ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { lastRegret } from '../movement/movement.rules.ts'
import { revoke } from '../movement/movement.service.ts'
import { movementKinds } from '../movement/movement.ts'
import { backSince, takeBack } from './return.ts'

const name = 'organisation.absence'
const movement = 'organisation.movement'
const how = { byModule: true, system: true, act: 'absence' } as const
type AwayKind = keyof typeof awayKinds

/** What a source says of one absence of somebody who is known. */
export interface ToldAbsence {
  person: string
  source: string
  key: string
  run: string
  kind: AwayKind
  from: string
  until: string
  reason: string | null
}

/** The absence of this request as it was told before. */
export async function absenceOf(kernel: Kernel, ctx: Context, source: string, key: string): Promise<ApiRecord | null> {
  const [held] = await ctx.db.query<{ id: string }>(
    `SELECT id FROM organisation.absence WHERE source = $1::uuid AND key = $2 AND deleted_at IS NULL AND status <> 'refused' ORDER BY created_at DESC LIMIT 1`,
    [source, key],
  )
  return held ? loadRecord(kernel, ctx, kernel.resource(name), held.id, { lock: true }) : null
}

/** A request that was not told before. From its first day on it is a movement; what begins later waits for its day, so that several can be planned in any order. */
export async function enter(kernel: Kernel, ctx: Context, told: ToldAbsence): Promise<void> {
  await needFree(ctx, told, null)
  const { record } = await createRecord(kernel, ctx, name, { ...told, status: 'active' }, how)
  if (told.from <= today(ctx.clock)) await begin(kernel, ctx, record)
}
/** Enters that he is away; over already, that he is back, too. */
export async function begin(kernel: Kernel, ctx: Context, absence: ApiRecord): Promise<void> {
  const { person, kind, from, until } = absence as unknown as ToldAbsence
  const source = await loadRecord(kernel, ctx, kernel.resource('organisation.feedSource'), String(absence['source']))
  const reason = [`来自${String(source?.['name'])}`, absence['reason']].filter(Boolean).join('：').slice(0, 200)
  const { record } = await createRecord(kernel, ctx, movement, { person, kind: 'away', away: kind, from, until, reason }, how)
  await updateRecordOf(kernel, ctx, name, absence.id, absence.version, { movement: record.id }, how)
  if (until < today(ctx.clock)) await takeBack(kernel, ctx, { person, until, away: kind })
}

/** A request told again: another end moves the end; another beginning or kind is entered anew while the first may be taken back. Answers whether anything changed. */
export async function change(kernel: Kernel, ctx: Context, held: ApiRecord, told: ToldAbsence): Promise<boolean> {
  const isSame = (key: 'kind' | 'from' | 'until' | 'reason') => (held[key] ?? null) === told[key]
  if (held['person'] !== told.person) throw new Refusal('flowRefused', '这个单号原来是另一个人的')
  if (isSame('kind') && isSame('from') && isSame('until') && isSame('reason')) return false
  await needFree(ctx, told, held)
  const isPlaced = held['movement'] && isSame('kind') && isSame('from')
  if (held['movement'] && !isPlaced) await undo(kernel, ctx, held)
  const { kind, from, until, reason, run } = told
  const { record } = await updateRecordOf(kernel, ctx, name, held.id, held.version, { kind, from, until, reason, run, ...(isPlaced ? {} : { movement: null }) }, how)
  if (isPlaced) {
    if (!isSame('until')) await moveEnd(kernel, ctx, held, until)
  } else if (from <= today(ctx.clock)) await begin(kernel, ctx, record)
  return true
} // prettier-ignore
async function moveEnd(kernel: Kernel, ctx: Context, held: ApiRecord, until: string): Promise<void> {
  const [person, from, away] = [held['person'], held['from'], held['kind']] as [string, string, AwayKind]
  const back = await backSince(ctx, person, from, addDays(String(held['until']), 1))
  if (back) await revokeAsHouse(kernel, ctx, back, '来源改了止日')
  const moved = await movementOf(kernel, ctx, held)
  await updateRecordOf(kernel, ctx, movement, moved.id, moved.version, { until }, how)
  const [later] = await ctx.db.query(`SELECT 1 FROM organisation.movement WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "from" > $2::date`, [person, from])
  if (!later && until < today(ctx.clock)) await takeBack(kernel, ctx, { person, until, away })
} // prettier-ignore
const movementOf = async (kernel: Kernel, ctx: Context, held: ApiRecord): Promise<ApiRecord> =>
  (await loadRecord(kernel, ctx, kernel.resource(movement), String(held['movement']), { lock: true }))!

/** A request that was taken back: what has not begun falls away, what may still be taken back is; whoever is away for longer is back from today. */
export async function cancel(kernel: Kernel, ctx: Context, held: ApiRecord): Promise<void> {
  const day = today(ctx.clock)
  const from = String(held['from'])
  if (held['movement'] && day <= lastRegret(from)) await undo(kernel, ctx, held)
  else if (held['movement'] && String(held['until']) < day) throw new Refusal('flowRefused', `${String(held['until'])} 已结束，不能取消`)
  else if (held['movement']) {
    const moved = await movementOf(kernel, ctx, held)
    await updateRecordOf(kernel, ctx, movement, moved.id, moved.version, { until: addDays(day, -1) }, how)
    await takeBack(kernel, ctx, { person: String(held['person']), until: addDays(day, -1), away: held['kind'] as AwayKind, why: '来源取消' })
  }
  await updateRecordOf(kernel, ctx, name, held.id, held.version, { status: 'cancelled' }, how)
} // prettier-ignore
/** Takes back that he was away, and that he came back by itself; refused where the days for it are over or somebody entered something since. */
async function undo(kernel: Kernel, ctx: Context, held: ApiRecord): Promise<void> {
  const back = await backSince(ctx, String(held['person']), String(held['from']), addDays(String(held['until']), 1))
  if (back) await revokeAsHouse(kernel, ctx, back, '来源更改')
  const { id, version } = await movementOf(kernel, ctx, held)
  await revokeAsHouse(kernel, ctx, { id, version }, '来源更改')
}
/** A source has no rights over movements; that it may tell of absences is its mark. */
const revokeAsHouse = (kernel: Kernel, ctx: Context, { id, version }: { id: string; version: number }, reason: string): Promise<void> =>
  revoke(kernel, { ...ctx, actor: { kind: 'system', reason: '请假对接' } }, id, { version, reason })

/** Refuses days on which he is away by another request or by what the office entered, or moves. */
async function needFree(ctx: Context, { person, from, until }: ToldAbsence, held: ApiRecord | null): Promise<void> {
  // Index: absence (person, from).
  const [other] = await ctx.db.query<{ kind: AwayKind; from: string; until: string }>(
    `SELECT kind, "from", until FROM organisation.absence WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND id IS DISTINCT FROM $4::uuid
      AND "from" <= $3::date AND until >= $2::date ORDER BY "from" LIMIT 1`,
    [person, from, until, held?.id ?? null],
  )
  if (other) throw new Refusal('flowRefused', `与 ${other.from} 至 ${other.until} 的${awayKinds[other.kind]}重叠`)
  // Index: movement (person, from).
  const entered = await ctx.db.query<{ kind: keyof typeof movementKinds; from: string; until: string | null }>(
    `SELECT m.kind, m."from", m.until FROM organisation.movement m
      WHERE m.person = $1::uuid AND m.status = 'active' AND m.deleted_at IS NULL AND m."from" <= $2::date AND m.kind IN ('away', 'back', 'leave', 'rehire')
        AND NOT EXISTS (SELECT 1 FROM organisation.absence a WHERE a.movement = m.id AND a.deleted_at IS NULL) ORDER BY m."from" DESC LIMIT 1`,
    [person, until],
  )
  for (const one of entered) {
    if (one.kind === 'leave') throw new Refusal('flowRefused', `${one.from} 已登记离职`)
    if (one.kind === 'away' && (one.until === null || one.until >= from))
      throw new Refusal('flowRefused', `与已登记的离岗重叠（${one.from} 起${one.until ? `，预计 ${one.until} 返岗` : ''}）`)
  }
} // prettier-ignore
