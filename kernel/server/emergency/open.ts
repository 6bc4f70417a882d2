import { v7 as uuidv7 } from 'uuid'
import {
  both, dayOf, emergencyCauses, emergencyLimits, emergencyRight, formatInstant, invalid, is, readEmergency, Refusal,
  type ApiRecord, type EmergencyAnswer, type EmergencyDraft, type EmergencyOpened,
} from '#model' // prettier-ignore
import { isOfficer } from '../access/accounts.ts'
import { plainAddress } from '../access/networks.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { addTodo } from '../messages/todos.ts'
import { loadRecord } from '../records/load.ts'
import { listRecords } from '../records/read.ts'
import { permissionOver } from '../records/rights-over.ts'
import { titleOfAnswer } from '../records/title-in.ts'
import { titlesOf } from '../records/titles.ts'
import { createRecord } from '../records/write.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { accessesWhere, headsOver, officersOf, resource } from './rows.ts'

const anHour = 3_600_000

/** Who may open a record to himself: with the right, in person, and no officer of security. */
function needPerson(kernel: Kernel, ctx: Context): string {
  kernel.access.needUse(ctx.actor, emergencyRight)
  const me = personOf(ctx.actor)
  if (!me || isOfficer(kernel, ctx.directory, me)) throw new Refusal('noRight')
  return me
}

/** Opens one record to the asker for some minutes, with a reason; tells those who must know. A record that he may see anyhow is only named. */
export async function openEmergency(
  kernel: Kernel,
  ctx: Context,
  given: Readonly<Record<string, unknown>>,
  device: string,
): Promise<EmergencyOpened> {
  const me = needPerson(kernel, ctx)
  const { draft, problems } = readEmergency(kernel.defs, given)
  if (!draft) throw invalid(problems)
  const attempt = await claimTry(kernel, ctx, me)
  const c = kernel.resource(draft.resource)
  const record = await findByKey(kernel, ctx, c, draft)
  if (!record) {
    await audit(ctx, { act: 'emergency.try', outcome: 'refused', resource: draft.resource, detail: { [draft.key]: draft.value, reason: draft.reason } })
    throw new Refusal('notFound', '无此记录，请核对后重填')
  }
  await ctx.db.query(`DELETE FROM kernel.emergency_try WHERE id = $1::uuid`, [attempt])
  return kernel.transaction(ctx, async (tx) => {
    await needRoom(tx, me)
    if (await permissionOver(kernel, tx, 'read', c, record)) return { resource: draft.resource, record: record.id, access: null }
    return { resource: draft.resource, record: record.id, access: await grant(kernel, tx, { me, c, record, draft, device }) }
  })
} // prettier-ignore

/** One after the other: how many are open and were begun today is judged under a lock of the person. */
async function needRoom(tx: Context, me: string): Promise<void> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7082))`, [me])
  const { open, today } = await countsOf(tx, me)
  if (open >= emergencyLimits.atOnce) throw new Refusal('flowRefused', `最多同时打开 ${emergencyLimits.atOnce} 项应急访问，请先结束不再需要的`)
  if (today >= emergencyLimits.aDay) throw new Refusal('flowRefused', `每天最多 ${emergencyLimits.aDay} 次应急访问，今天已用完`)
} // prettier-ignore
async function countsOf(ctx: Context, me: string): Promise<{ open: number; today: number }> {
  const now = ctx.clock.now()
  // A day begins at midnight in the hospital's zone, which is within a day of now.
  const rows = await accessesWhere(ctx, `person = $1::uuid AND "from" > $2`, [me, new Date(now.getTime() - 24 * anHour).toISOString()])
  const day = dayOf(now)
  return {
    open: rows.filter(({ status, until }) => status === 'open' && new Date(until) > now).length,
    today: rows.filter(({ from }) => dayOf(new Date(from)) === day).length,
  }
}

/** Counts the try before the key is looked up, so that nobody finds out by trying which keys there are. Answers its id. */
async function claimTry(kernel: Kernel, ctx: Context, me: string): Promise<string> {
  const id = uuidv7()
  const now = ctx.clock.now()
  const isFull = await kernel.transaction(ctx, async (tx) => {
    await needRoom(tx, me)
    const since = new Date(now.getTime() - anHour).toISOString()
    const tries = await tx.db.query(`SELECT 1 FROM kernel.emergency_try WHERE person = $1::uuid AND at > $2`, [me, since])
    if (tries.length >= emergencyLimits.wrongKeys) return true
    await tx.db.query(`INSERT INTO kernel.emergency_try (id, person, at) VALUES ($1::uuid, $2::uuid, $3)`, [id, me, now.toISOString()])
    return false
  })
  if (!isFull) return id
  await audit(ctx, { act: 'emergency.try', outcome: 'refused', detail: { tooMany: true } })
  throw new Refusal('flowRefused', `一小时内已填错 ${emergencyLimits.wrongKeys} 次，请稍后再试，或联系安全管理员`)
}
/** The one record that holds and has this key; null when none has. */
async function findByKey(kernel: Kernel, ctx: Context, c: CompiledResource, { resource: name, key, value }: EmergencyDraft): Promise<ApiRecord | null> {
  const system = kernel.contextIn(ctx.directory, { kind: 'system', reason: '应急访问' }, ctx.origin, { address: ctx.address })
  const { rows } = await listRecords(kernel, system, name, { filter: both(is(key, value), is('state', 'approved')), limit: 2, columns: [key] })
  if (rows.length > 1) throw new Refusal('flowRefused', '有多条记录使用这个号码，不能确定是哪一条，请联系档案管理部门')
  return rows[0] ? loadRecord(kernel, ctx, c, rows[0].id) : null
} // prettier-ignore

interface Asked {
  me: string
  c: CompiledResource
  record: ApiRecord
  draft: EmergencyDraft
  device: string
}
async function grant(kernel: Kernel, tx: Context, { me, c, record, draft, device }: Asked): Promise<string> {
  const now = tx.clock.now()
  const until = new Date(now.getTime() + draft.minutes * 60_000)
  const reviewDue = new Date(now.getTime() + emergencyLimits.reviewHours * anHour)
  const owner = c.r.owner.person
  const subject = ((owner === 'id' ? record.id : owner && record[owner]) ?? null) as string | null
  const heads = headsOver(tx, me)
  const unit = tx.directory.people.get(me)?.unit ?? null
  const recordTitle = await openTitle(kernel, tx, c, record)
  const { cause, reason } = draft
  const values = {
    name: `${tx.directory.nameOf(me)}查看${c.r.label}“${recordTitle}”`,
    person: me, unit, recordType: c.r.name, recordLabel: c.r.label, record: record.id, recordTitle, subject, cause, reason, told: [...new Set([...(subject ? [subject] : []), ...heads])],
    from: now.toISOString(), until: until.toISOString(), address: plainAddress(tx.address ?? '').slice(0, 60) || null, device: device || null, status: 'open', reviewDue: reviewDue.toISOString(),
  }
  const made = await createRecord(kernel, tx, resource, values, { byModule: true, act: 'emergency.open' })
  const id = made.record.id
  await tx.db.query(
    `INSERT INTO kernel.record_grant (id, resource, record, person, level, until, reason, by_person, at, emergency, ends_at) VALUES ($1::uuid, $2, $3::uuid, $4::uuid, 'read', $5::date, $6, $4::uuid, $7, $8::uuid, $9)`,
    [uuidv7(), c.r.name, record.id, me, dayOf(until), reason, now.toISOString(), id, until.toISOString()],
  )
  await audit(tx, { act: 'emergency.open', outcome: 'done', resource: c.r.name, record: record.id, detail: { access: id, cause, reason, until: until.toISOString() } })
  const who = `${tx.directory.nameOf(me)}${unit ? `（${tx.directory.unitName(unit)}）` : ''}`
  const body = `${emergencyCauses[cause]}：${reason}。${formatInstant(now).slice(5)} 至 ${formatInstant(until).slice(11)}，只能查看`
  const link = `/r/${resource}/${id}`
  if (subject) await tell(tx, [subject], { kind: 'security', title: `${who}应急查看了您的${c.r.label}记录`, body, link })
  await tell(tx, heads.filter((one) => one !== subject), { kind: 'security', title: `${who}发起了应急访问`, body: `${c.r.label}“${recordTitle}”，${body}`, link })
  const officers = officersOf(kernel, tx, 'security')
  await tell(tx, officers, { kind: 'security', title: `${who}发起了应急访问，待复核`, body: `${c.r.label}“${recordTitle}”，${body}。请在 ${formatInstant(reviewDue).slice(5)} 前复核`, link })
  await addTodo(tx, officers, reviewTodo({ id, recordLabel: c.r.label, recordTitle, reviewDue: reviewDue.toISOString() }, tx.directory.nameOf(me)))
  return id
} // prettier-ignore
export const reviewTodo = (row: { id: string; recordLabel: string; recordTitle: string; reviewDue: string }, name: string) => ({
  resource,
  record: row.id,
  title: `复核应急访问：${name}查看${row.recordLabel}“${row.recordTitle}”（${formatInstant(row.reviewDue).slice(5)} 前）`,
  link: `/r/${resource}/${row.id}`,
  due: dayOf(new Date(row.reviewDue)),
  onceKey: `${resource}/${row.id}/review`,
})
/** What the record is called where others read of it: never a protected value. */
async function openTitle(kernel: Kernel, tx: Context, c: CompiledResource, record: ApiRecord): Promise<string> {
  const { hidden, masked } = kernel.access.strictest(c.r.name)
  if (hidden.has(c.r.title) || masked.has(c.r.title)) return c.r.label
  return titleOfAnswer(c, { record, titles: await titlesOf(kernel, tx, c, [record], []) }).slice(0, 200)
}

/** What one may open in an emergency, and what one has open. */
export async function ownEmergencies(kernel: Kernel, ctx: Context): Promise<EmergencyAnswer> {
  const me = needPerson(kernel, ctx)
  const types = [...kernel.defs.resources.values()].flatMap((r) =>
    r.emergency ? [{ name: r.name, label: r.label, maxMinutes: r.emergency.maxMinutes, keys: r.emergency.by.map((key) => ({ key, label: r.fields[key]!.label })) }] : [],
  )
  const rows = await accessesWhere(ctx, `person = $1::uuid AND status = 'open' AND until > $2`, [me, ctx.clock.now().toISOString()])
  const open = rows.map(({ id, recordType, recordLabel, record, recordTitle, reason, until }) => ({ id, resource: recordType, resourceLabel: recordLabel, record, title: recordTitle, reason, until }))
  const { today: begun } = await countsOf(ctx, me)
  return { types, open, leftToday: Math.max(0, emergencyLimits.aDay - begun) }
} // prettier-ignore
