import { v7 as uuidv7 } from 'uuid'
import { addDays, invalid, isDay, isUuid, Refusal, today, type GrantedRecord, type RecordGrantItem } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { needReadable } from '../records/read.ts'
import { mayGive } from '../records/rights-over.ts'
import { titleIn } from '../records/title-in.ts'

const longest = 365
interface Row {
  id: string
  resource: string
  record: string
  person: string
  level: 'read' | 'update'
  until: string
  reason: string
  by_person: string
  at: string
}
const columns = 'id, resource, record, person, level, until, reason, by_person, at'

/** Opens one record to one colleague until a day; an earlier opening to him is replaced. */
export async function giveRecord(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  record: string,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { person, level, until, reason } = given
  const day = today(ctx.clock)
  const problems = []
  if (!isUuid(person) || !ctx.directory.isActive(person)) problems.push({ field: 'person', message: '请选择在职的同事' })
  else if (person === personOf(ctx.actor)) problems.push({ field: 'person', message: '不必分享给自己' })
  if (level !== 'read' && level !== 'update') problems.push({ field: 'level', message: '请选择可以查看还是修改' })
  if (!isDay(until) || until < day || until > addDays(day, longest)) problems.push({ field: 'until', message: `截止日期为今天起 ${longest} 天以内` })
  if (problems.length) throw invalid(problems)
  const to = person as string
  await kernel.transaction(ctx, async (tx) => {
    const { c } = await needGiving(kernel, tx, resource, record)
    if (level === 'update' && (c.r.approval || c.r.writtenBy === 'module')) throw invalid([{ field: 'level', message: `“${c.r.label}”不能直接修改，只能分享查看` }])
    const at = tx.clock.now().toISOString()
    // Two who give it to the same person at once: the later one holds.
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7041))`, [`${record} ${to}`])
    await tx.db.query(`UPDATE kernel.record_grant SET withdrawn_at = $4, withdrawn_by = $5::uuid WHERE person = $1::uuid AND record = $2::uuid AND resource = $3 AND emergency IS NULL AND withdrawn_at IS NULL`, [to, record, resource, at, personOf(tx.actor)])
    await tx.db.query(`INSERT INTO kernel.record_grant (${columns}) VALUES ($1::uuid, $2, $3::uuid, $4::uuid, $5, $6::date, $7, $8::uuid, $9)`, [
      uuidv7(), resource, record, to, level, until, typeof reason === 'string' ? reason.trim().slice(0, 200) : '', personOf(tx.actor), at,
    ])
    await audit(tx, { act: 'record.give', outcome: 'done', resource, record, detail: { person: to, level, until } })
    const title = `${tx.directory.nameOf(personOf(tx.actor))} 与您分享了一条${c.r.label}`
    await tell(tx, [to], { kind: 'copy', title, body: `可以${level === 'update' ? '查看和修改' : '查看'}，至 ${String(until)}`, link: `/r/${resource}/${record}` })
  })
} // prettier-ignore
/** Who may see or change this record because it was opened to him, for who may open it. */
export async function givenOf(kernel: Kernel, ctx: Context, resource: string, record: string): Promise<RecordGrantItem[]> {
  await needGiving(kernel, ctx, resource, record)
  const rows = await ctx.db.query<Row & object>(
    `SELECT ${columns} FROM kernel.record_grant WHERE record = $1::uuid AND resource = $2 AND emergency IS NULL AND withdrawn_at IS NULL AND until >= $3::date ORDER BY at DESC LIMIT 200`,
    [record, resource, today(ctx.clock)],
  )
  const name = (person: string) => ctx.directory.nameOf(person) || '已离开的人员'
  return rows.map(({ id, person, level, until, reason, by_person, at }) => ({ id, personName: name(person), level, until, reason, byName: name(by_person), at }))
} // prettier-ignore
/** Takes an opening back; it ends at once. */
export async function takeRecord(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<Row>(`SELECT ${columns} FROM kernel.record_grant WHERE id = $1::uuid AND emergency IS NULL AND withdrawn_at IS NULL FOR UPDATE`, [id]) // prettier-ignore
    if (!row) throw new Refusal('notFound', '这项分享不存在，或已收回')
    // Whoever gave it may take it back, also when he may see the record no more.
    if (row.by_person !== personOf(tx.actor)) await needGiving(kernel, tx, row.resource, row.record)
    await tx.db.query(`UPDATE kernel.record_grant SET withdrawn_at = $2, withdrawn_by = $3::uuid WHERE id = $1::uuid`, [id, tx.clock.now().toISOString(), personOf(tx.actor)]) // prettier-ignore
    await audit(tx, { act: 'record.takeBack', outcome: 'done', resource: row.resource, record: row.record, detail: { person: row.person } })
  })
}
/** 分享给我的: the records opened to this person, as far as they are still there. */
export async function givenToMe(kernel: Kernel, ctx: Context): Promise<GrantedRecord[]> {
  const rows = await ctx.db.query<Row & object>(
    `SELECT ${columns} FROM kernel.record_grant WHERE person = $1::uuid AND emergency IS NULL AND withdrawn_at IS NULL AND until >= $2::date ORDER BY at DESC LIMIT 100`,
    [personOf(ctx.actor), today(ctx.clock)],
  )
  const found: GrantedRecord[] = []
  for (const { id, resource, record, level, until, reason, by_person, at } of rows) {
    const title = await titleIn(kernel, ctx, resource, record)
    if (title === null) continue
    found.push({ id, resource, resourceLabel: kernel.defs.resource(resource).label, record, title, level, until, reason, byName: ctx.directory.nameOf(by_person), at }) // prettier-ignore
  }
  return found
}
async function needGiving(kernel: Kernel, ctx: Context, resource: string, id: string) {
  const found = await needReadable(kernel, ctx, resource, id)
  if (found.record.deletedAt || !(await mayGive(kernel, ctx, found.c, found.record)))
    throw new Refusal('noRight', '只有记录的本人，或有权修改它的人，可以分享给同事')
  return found
}
