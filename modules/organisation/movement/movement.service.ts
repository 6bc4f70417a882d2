import { addDays, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '#kernel/server/context.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { getRecord } from '#kernel/server/records/read.ts'
import { heldOn } from '#kernel/server/records/timeline.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service } from '#kernel/server/service.ts'
import { leavingOf, restoreWith } from './leaving.ts'
import { movementKinds } from './movement.ts'
import { factsOf, lastRegret, obstacle } from './movement.rules.ts'

const name = 'organisation.movement'
const byMovement = { byModule: true, system: true, act: 'movement' } as const
type Values = Readonly<Record<string, unknown>>

async function check(kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (stored) return []
  const [person, from] = [values['person'], values['from']] as [string, string]
  const file = await loadRecord(kernel, ctx, kernel.resource('directory.person'), person, { lock: true })
  if (!file) return [{ field: 'person', message: '没有这个人员' }]
  const joined = file['joinedOn'] as string | null
  if (joined && from < joined && values['kind'] !== 'rehire') return [{ field: 'from', message: `早于来院日期 ${joined}` }]
  const [later] = await ctx.db.query<{ from: string }>(
    `SELECT "from" FROM organisation.movement WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "from" >= $2::date ORDER BY "from" LIMIT 1`,
    [person, from],
  )
  if (later) return [{ field: 'from', message: `${later.from} 已有异动，请先撤销，或选择其后的日期` }]
  const held = await heldOn(kernel, ctx, kernel.resource('directory.person'), person, from)
  const follows = values['kind'] === 'away' && held['status'] === 'away' && (await isOver(ctx, person, from))
  const wrong = follows ? null : obstacle(values['kind'], String(held['status']))
  if (wrong) return [{ field: 'kind', message: wrong }]
  if (values['successor'] === person) return [{ field: 'successor', message: '不能交接给本人' }]
  if (values['successor'] && !ctx.directory.isActive(values['successor'] as string))
    return [{ field: 'successor', message: '该人员已离职，请另选' }]
  if (values['kind'] === 'transfer' && held['unit'] === values['toUnit']) return [{ field: 'toUnit', message: '已在这个科室' }]
  return values['toUnit'] ? checkUnit(kernel, ctx, values['toUnit'] as string, from) : []
}
/** One absence follows the other without a day at work between them. */
async function isOver(ctx: Context, person: string, from: string): Promise<boolean> {
  const [last] = await ctx.db.query<{ until: string | null }>(
    `SELECT until FROM organisation.movement WHERE person = $1::uuid AND kind = 'away' AND status = 'active' AND deleted_at IS NULL AND "from" < $2::date ORDER BY "from" DESC LIMIT 1`,
    [person, from],
  )
  return !!last?.until && last.until < from
}
async function checkUnit(kernel: Kernel, ctx: Context, unit: string, from: string): Promise<FieldProblem[]> {
  const to = await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit)
  const [opens, ends] = [to?.['from'], to?.['to']] as (string | null | undefined)[]
  if (ends && ends < from) return [{ field: 'toUnit', message: `该科室 ${ends} 停用` }]
  return opens && opens > from ? [{ field: 'toUnit', message: `该科室 ${opens} 才启用` }] : []
}

/** What follows at once: the file changes from the day on, posts in the unit that is left end, one in the new unit begins; the person is told. */
async function carryOut(kernel: Kernel, ctx: Context, moved: ApiRecord): Promise<void> {
  const [person, from] = [moved['person'], moved['from']] as [string, string]
  const before = await heldOn(kernel, ctx, kernel.resource('directory.person'), person, from)
  await changeFile(kernel, ctx, person, from, { ...factsOf(moved), ...(moved['kind'] === 'back' ? { status: await statusBefore(ctx, person, from) } : {}) })
  const leavesUnit = moved['kind'] === 'transfer' || (moved['kind'] === 'permanent' && moved['toUnit']) ? before['unit'] : null
  const last = addDays(from, -1)
  const ending = leavesUnit || moved['kind'] === 'leave' ? await endingPosts(ctx, person, leavesUnit as string | null, last) : []
  const posts: Record<string, unknown>[] = ending.map(({ id, to, begun }) => ({ membership: id, what: begun ? 'closed' : 'dropped', to }))
  if (moved['toUnit']) {
    const { record } = await createRecord(kernel, ctx, 'directory.membership', { person, unit: moved['toUnit'], post: moved['toPost'] ?? 'member', main: true, from }, { byModule: true, act: 'movement' })
    posts.push({ membership: record.id, what: 'opened', to: null })
  }
  const leaving = moved['kind'] === 'leave' ? await leavingOf(kernel, ctx, person, from) : null
  const kept = { posts, ...leaving?.kept, fromUnit: before['unit'] ?? null, fromStatus: before['status'], fromAway: before['awayAs'] ?? null }
  await updateRecordOf(kernel, ctx, name, moved.id, moved.version, kept, byMovement)
  for (const post of ending) await endPost(kernel, ctx, post, last)
  await leaving?.carryOut()
  // Of a merger or a split all are told together.
  if (!moved['merger'] && !moved['split']) await inform(ctx, moved, '', `自 ${from} 起`)
} // prettier-ignore
/** Whoever is back is what he was before he went: a temporary person is no permanent one for having been away. */
async function statusBefore(ctx: Context, person: string, from: string): Promise<string> {
  const [went] = await ctx.db.query<{ status: string | null }>(
    `SELECT from_status AS status FROM organisation.movement WHERE person = $1::uuid AND kind = 'away' AND status = 'active' AND deleted_at IS NULL AND "from" < $2::date AND from_status <> 'away' ORDER BY "from" DESC LIMIT 1`,
    [person, from],
  )
  return went?.status ?? 'active'
}
async function changeFile(kernel: Kernel, ctx: Context, person: string, on: string, changes: Values): Promise<void> {
  const file = await loadRecord(kernel, ctx, kernel.resource('directory.person'), person, { lock: true })
  await updateRecordOf(kernel, ctx, 'directory.person', person, file!.version, changes, { byModule: true, act: 'movement', on })
}
interface Ending {
  id: string
  version: number
  to: string | null
  begun: boolean
}
/** Of all units where none is named, then those that have not begun, too. */
const endingPosts = (ctx: Context, person: string, unit: string | null, last: string): Promise<Ending[]> =>
  ctx.db.query<Ending>(
    `SELECT id, version, "to", coalesce("from" <= $3::date, true) AS begun FROM directory.membership
     WHERE person = $1::uuid AND ($2::uuid IS NULL OR unit = $2::uuid AND coalesce("from" <= $3::date, true)) AND deleted_at IS NULL AND ("to" IS NULL OR "to" > $3::date) ORDER BY id`,
    [person, unit, last],
  )
async function endPost(kernel: Kernel, ctx: Context, { id, version, begun }: Ending, last: string): Promise<void> {
  if (begun) await updateRecordOf(kernel, ctx, 'directory.membership', id, version, { to: last }, { byModule: true, act: 'movement' })
  else await setDeleted(kernel, ctx, 'directory.membership', id, true, version, { byModule: true })
} // prettier-ignore
async function inform(ctx: Context, moved: ApiRecord, lead: string, body: string): Promise<void> {
  const { label } = movementKinds[moved['kind'] as keyof typeof movementKinds]
  const title = `${lead}人员异动：${ctx.directory.nameOf(moved['person'] as string)} ${label}`
  const units = [moved['fromUnit'], moved['toUnit']].filter((one): one is string => typeof one === 'string')
  const heads = units.flatMap((unit) => ctx.directory.headsOf(unit, today(ctx.clock)))
  const told = new Set([moved['person'] as string, ...heads])
  told.delete(personOf(ctx.actor) ?? '')
  await tell(ctx, [...told], { kind: 'result', title, body, link: `/r/${name}/${moved.id}` })
}

/** Takes a movement back: file, posts and rights are as they were; both entries stay. Refused once its days are over, or when something else has followed. */
export async function revoke(kernel: Kernel, ctx: Context, id: string, given: { version: number; reason: string }): Promise<void> {
  await getRecord(kernel, ctx, name, id)
  kernel.access.need(ctx.actor, 'create', name)
  const reason = needReason(given.reason)
  await kernel.transaction(ctx, async (tx) => {
    const moved = await loadRecord(kernel, tx, kernel.resource(name), id)
    if (moved?.['status'] !== 'active') throw new Refusal('flowRefused', '这次异动已经撤销')
    refuseLate(ctx, moved['from'] as string, '请办理新的异动')
    await undo(kernel, tx, moved, { version: given.version, reason })
    await inform(tx, moved, '撤销', reason)
  })
}
export function needReason(given: string): string {
  const reason = given.trim().slice(0, 200)
  if (!reason) throw new Refusal('badRequest', '请填写撤销的原因')
  return reason
}
export function refuseLate(ctx: Context, from: string, instead: string): void {
  if (today(ctx.clock) > lastRegret(from)) throw new Refusal('flowRefused', `${lastRegret(from)} 之后不能反悔，${instead}`)
}
/** What taking a movement back does, within a greater act too. */
export async function undo(kernel: Kernel, ctx: Context, moved: ApiRecord, { version, reason }: { version: number; reason: string }): Promise<void> {
  const [person, from] = [moved['person'], moved['from']] as [string, string]
  await loadRecord(kernel, ctx, kernel.resource('directory.person'), person, { lock: true })
  const [later] = await ctx.db.query(`SELECT 1 FROM organisation.movement WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "from" > $2::date`, [person, from])
  if (later) throw new Refusal('flowRefused', '此后另有异动，请先撤销那一次')
  const facts = factsOf(moved)
  if ('unit' in facts && moved['fromUnit']) await refuseClosed(kernel, ctx, moved['fromUnit'] as string, from)
  await changeFile(kernel, ctx, person, from, {
    ...('unit' in facts ? { unit: moved['fromUnit'] } : {}),
    ...('status' in facts ? { status: moved['fromStatus'], awayAs: moved['fromAway'] ?? null } : {}),
    ...('successor' in facts ? { successor: null } : {}),
  })
  for (const row of (moved['posts'] ?? []) as Record<string, unknown>[]) await restorePost(kernel, ctx, row)
  await restoreWith(kernel, ctx, moved)
  const kept = { status: 'revoked', revokedOn: today(ctx.clock), revokedBy: personOf(ctx.actor), revokedReason: reason }
  await updateRecordOf(kernel, ctx, name, moved.id, version, kept, { byModule: true, system: true, act: 'movement.revoke' })
} // prettier-ignore
/** Nobody goes back to where nobody is any more. */
async function refuseClosed(kernel: Kernel, ctx: Context, unit: string, from: string): Promise<void> {
  const ends = (await loadRecord(kernel, ctx, kernel.resource('directory.unit'), unit))?.['to'] as string | null | undefined
  if (ends && ends < from) throw new Refusal('flowRefused', `原科室 ${ends} 已停用，不能单独撤销；请撤销那次科室合并或拆分`)
}
async function restorePost(kernel: Kernel, ctx: Context, { membership, what, to }: Record<string, unknown>): Promise<void> {
  const held = await loadRecord(kernel, ctx, kernel.resource('directory.membership'), membership as string, { deleted: true })
  if (!held) return
  if (what !== 'closed') await setDeleted(kernel, ctx, 'directory.membership', held.id, what === 'opened', held.version, { byModule: true })
  else await updateRecordOf(kernel, ctx, 'directory.membership', held.id, held.version, { to }, { byModule: true, act: 'movement.revoke' })
}

export default service({
  name,
  checks: { [name]: check },
  begins: { [name]: carryOut },
  routes({ app, kernel, contextOf }) {
    app.post<{ Params: { id: string } }>('/api/organisation/movements/:id/revoke', { config: { who: 'signedIn' } }, async (request) => {
      const ctx = await contextOf(request)
      const { version, reason } = bodyOf(request)
      if (typeof version !== 'number') throw new Refusal('badRequest', '缺少 version')
      await revoke(kernel, ctx, needId(request.params.id), { version, reason: typeof reason === 'string' ? reason : '' })
      return getRecord(kernel, ctx, name, request.params.id)
    })
  },
})
