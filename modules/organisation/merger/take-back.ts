import { addDays, Refusal, today, type ApiRecord } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { getRecord } from '#kernel/server/records/read.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { storedTimeline } from '#kernel/server/store/timeline.ts'
import { needReason, refuseLate, undo } from '../movement/movement.service.ts'
import { moveUnit, type Regrouping } from './regroup.ts'

/** What of an act that rearranged units is to be put back. */
export interface Regrouped {
  act: Regrouping
  /** Where what stood under the old unit went. */
  moved: (record: ApiRecord) => { into: string; units: readonly string[] }[]
  /** Was the old unit closed? */
  closed: (record: ApiRecord) => boolean
  /** Units that the act made. */
  made?: (record: ApiRecord) => string[]
}
const words = { merger: '科室合并', split: '科室拆分' } as const

/** Takes back a merger or a split, whole or not at all: people, posts, what stood below and the units are as before. Whoever has gone on since is named. */
async function takeBack(kernel: Kernel, ctx: Context, id: string, of: Regrouped, given: { version: number; reason: string }): Promise<void> {
  const { act } = of
  const name = `organisation.${act}`
  await getRecord(kernel, ctx, name, id)
  kernel.access.need(ctx.actor, 'create', name)
  const reason = needReason(given.reason)
  await kernel.transaction(ctx, async (tx) => {
    const record = (await loadRecord(kernel, tx, kernel.resource(name), id, { lock: true }))!
    const [unit, from] = [record['unit'], record['from']] as [string, string]
    if (record['status'] !== 'active') throw new Refusal('flowRefused', `这次${words[act]}已经撤销`)
    refuseLate(ctx, from, '请办理新的合并或拆分')
    if (of.closed(record)) await reopen(kernel, tx, record, act)
    const people = await movedPeople(tx, act, id)
    for (const { movement } of people) {
      const moved = (await loadRecord(kernel, tx, kernel.resource('organisation.movement'), movement, { lock: true }))!
      await undo(kernel, tx, moved, { version: moved.version, reason })
    }
    for (const { into, units } of of.moved(record)) {
      await refuseMovedOn(kernel, tx, units, { into, from })
      for (const one of units) await moveUnit(kernel, tx, one, unit, { act: `${act}.revoke`, on: from })
    }
    for (const made of of.made?.(record) ?? []) await unmake(kernel, tx, made, act)
    const kept = { status: 'revoked', revokedOn: today(ctx.clock), revokedBy: personOf(ctx.actor), revokedReason: reason }
    await updateRecordOf(kernel, tx, name, id, given.version, kept, { byModule: true, system: true, act: `${act}.revoke` })
    const told = new Set([...people.map(({ person }) => person), ...tx.directory.headsOf(unit, today(ctx.clock))])
    told.delete(personOf(ctx.actor) ?? '')
    await tell(tx, [...told], { kind: 'result', title: `撤销${words[act]}：${tx.directory.unitName(unit)} 恢复原状`, body: reason, link: `/r/${name}/${id}` })
  })
} // prettier-ignore

/** Whom the act moved, as far as that still holds. Refused, with their names, where some of them have been moved again. */
async function movedPeople(ctx: Context, act: Regrouping, id: string): Promise<{ movement: string; person: string }[]> {
  const people = await ctx.db.query<{ movement: string; person: string; name: string; on: string | null }>(
    `SELECT m.id AS movement, m.person, p.name,
       (SELECT min(l."from") FROM organisation.movement l WHERE l.person = m.person AND l.status = 'active' AND l.deleted_at IS NULL AND l."from" > m."from") AS on
     FROM organisation.movement m JOIN directory.person p ON p.id = m.person
     WHERE m.${act} = $1::uuid AND m.status = 'active' AND m.deleted_at IS NULL ORDER BY p.staff_number, m.id`,
    [id],
  )
  const gone = people.filter(({ on }) => on !== null)
  if (gone.length)
    throw new Refusal('flowRefused', `${gone.map((one) => `${one.name}（${one.on!}）`).join('、')}此后另有异动，请先撤销那些异动`)
  return people
}
async function reopen(kernel: Kernel, ctx: Context, record: ApiRecord, act: Regrouping): Promise<void> {
  const unit = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), record['unit'] as string, { lock: true })
  if (!unit) throw new Refusal('flowRefused', '原科室已删除，请先从回收站恢复')
  // Who has set another day since then meant it.
  if (unit['to'] !== addDays(record['from'] as string, -1)) return
  await updateRecordOf(kernel, ctx, 'directory.unit', unit.id, unit.version, { to: record['until'] ?? null }, { byModule: true, act: `${act}.revoke` })
} // prettier-ignore
/** What was put under another unit since stays there. */
async function refuseMovedOn(kernel: Kernel, ctx: Context, units: readonly string[], { into, from }: { into: string; from: string }): Promise<void> {
  const { stretches } = storedTimeline(kernel.defs, 'directory.unit')!
  const elsewhere = await ctx.db.query<{ name: string }>(
    `SELECT u.name FROM directory.unit u WHERE u.id = ANY($1::uuid[]) AND (u.deleted_at IS NOT NULL OR EXISTS
       (SELECT 1 FROM ${stretches} s WHERE s.record_id = u.id AND s.until_day > $2::date AND s.parent IS DISTINCT FROM $3::uuid)) ORDER BY u.code`,
    [units, from, into],
  )
  if (elsewhere.length) throw new Refusal('flowRefused', `${elsewhere.map(({ name }) => name).join('、')}此后又调整了上级，请先改回`)
} // prettier-ignore
/** A unit that was made goes, unless somebody or something has come to it since. */
async function unmake(kernel: Kernel, ctx: Context, id: string, act: Regrouping): Promise<void> {
  const [people, units] = ['directory.person', 'directory.unit'].map((type) => storedTimeline(kernel.defs, type)!.stretches)
  const left = await ctx.db.query<{ name: string }>(
    `SELECT name FROM directory.person p WHERE p.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM ${people!} s WHERE s.record_id = p.id AND s.unit = $1::uuid)
         OR EXISTS (SELECT 1 FROM directory.membership m WHERE m.person = p.id AND m.unit = $1::uuid AND m.deleted_at IS NULL))
     UNION ALL SELECT name FROM directory.unit u WHERE u.deleted_at IS NULL AND EXISTS (SELECT 1 FROM ${units!} s WHERE s.record_id = u.id AND s.parent = $1::uuid)`,
    [id],
  )
  const unit = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), id)
  if (!unit) return
  if (left.length) throw new Refusal('flowRefused', `${String(unit['name'])}此后又有${left.map(({ name }) => name).join('、')}，请先转出`)
  await setDeleted(kernel, ctx, 'directory.unit', id, true, unit.version, { byModule: true, act: `${act}.revoke` })
} // prettier-ignore

export const takeBackRoute =
  (path: string, of: Regrouped) =>
  ({ app, kernel, contextOf }: Server): void => {
    app.post<{ Params: { id: string } }>(path, { config: { who: 'signedIn' } }, async (request) => {
      const ctx = await contextOf(request)
      const { version, reason } = bodyOf(request)
      if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
      const id = needId(request.params.id)
      await takeBack(kernel, ctx, id, of, { version, reason: typeof reason === 'string' ? reason : '' })
      return getRecord(kernel, ctx, `organisation.${of.act}`, id)
    })
  }
