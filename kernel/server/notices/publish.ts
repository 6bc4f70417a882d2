import { isDeepStrictEqual } from 'node:util'
import { invalid, Refusal, type ApiRecord, type FieldProblem } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { noteWork, tell } from '../messages/messages.ts'
import { loadRecord } from '../records/load.ts'
import { reaches } from '../records/rights-over.ts'
import { updateRecordOf } from '../records/write.ts'
import type { RecordCheck } from '../service.ts'
import { audienceOf } from './audience.ts'

export const resource = 'notices.notice'
export const noticePath = (id: string): string => `/notices/${id}`

/** The notice, for who may change it. @throws {Refusal} 404 for others. */
export async function needManaged(kernel: Kernel, ctx: Context, id: string, lock = false): Promise<ApiRecord> {
  const c = kernel.resource(resource)
  const stored = await loadRecord(kernel, ctx, c, id, { lock })
  if (!stored || !(await mayManage(kernel, ctx, stored))) throw new Refusal('notFound', '没有这个通知')
  return stored
}
/** Whose role lets him publish such a notice has it in hand when it is published; what a colleague opened to somebody gives him no such right. */
export async function mayManage(kernel: Kernel, ctx: Context, notice: ApiRecord): Promise<boolean> {
  const c = kernel.resource(resource)
  const permission = kernel.access.can(ctx.actor, 'update', resource)
  return permission !== null && rangeProblems(kernel, ctx, notice).length === 0 && reaches(kernel, ctx, c, permission.filter, notice)
}

/** Publishes a draft: from now on it lies in the list of everybody in its range, who is told. What was published is not changed any more. */
export async function publish(kernel: Kernel, ctx: Context, id: string, version: unknown): Promise<{ readers: number }> {
  return kernel.transaction(ctx, async (tx) => {
    const notice = await needManaged(kernel, tx, id, true)
    if (notice['status'] !== 'draft') throw new Refusal('flowRefused', '这个通知已经发布过')
    if (notice.version !== version) throw new Refusal('versionConflict', '通知已被他人修改，请核对后再发布')
    const problems: FieldProblem[] = []
    const people = audienceOf(tx, notice)
    const watched = (notice['watched'] as string[] | null) ?? []
    const outside = watched.filter((one) => !people.includes(one))
    if (people.length === 0) problems.push({ field: 'to', message: '接收范围内没有在岗人员' })
    if (outside.length) problems.push({ field: 'watched', message: `不在接收范围内：${outside.map((one) => tx.directory.nameOf(one)).join('、')}` })
    if (problems.length) throw invalid(problems)
    const now = tx.clock.now().toISOString()
    await tx.db.query(
      `INSERT INTO kernel.notice_reader (notice, person, unit, watched, published_at) SELECT $1::uuid, r.person, r.unit, r.person = ANY ($4::uuid[]), $5::timestamptz FROM unnest($2::uuid[], $3::uuid[]) AS r(person, unit)`,
      [id, people, people.map((person) => tx.directory.people.get(person)?.unit ?? null), watched, now],
    )
    const changes = { status: 'published', publishedAt: now, publishedBy: personOf(tx.actor) }
    await updateRecordOf(kernel, tx, resource, id, notice.version, changes, { byModule: true, system: true, act: 'publish' })
    const unit = tx.directory.units.get(notice['unit'] as string)?.name ?? ''
    const also = notice['sms'] ? (['sms'] as const) : []
    await tell(tx, people, { kind: 'notice', title: `通知：${String(notice['title'])}`, body: `${unit} 发布`, link: noticePath(id), also })
    await audit(tx, { act: 'notice.publish', outcome: 'done', resource, record: id, detail: { readers: people.length, kind: notice['kind'], sms: notice['sms'] === true } })
    return { readers: people.length }
  })
} // prettier-ignore

/** Takes a published notice back: nobody has to read it any more; who had read it sees that it was withdrawn, and why. */
export async function withdraw(kernel: Kernel, ctx: Context, id: string, reason: unknown): Promise<void> {
  const said = typeof reason === 'string' ? reason.trim().slice(0, 200) : ''
  if (!said) throw invalid([{ field: 'reason', message: '请填写撤回的原因' }])
  await kernel.transaction(ctx, async (tx) => {
    const notice = await needManaged(kernel, tx, id, true)
    if (notice['status'] !== 'published') throw new Refusal('flowRefused', '只能撤回已发布的通知')
    await updateRecordOf(kernel, tx, resource, id, notice.version, { status: 'withdrawn', withdrawnReason: said }, { byModule: true, system: true, act: 'withdraw' })
    const readers = await tx.db.query<{ person: string; hasRead: boolean }>(`SELECT person, read_at IS NOT NULL AS "hasRead" FROM kernel.notice_reader WHERE notice = $1::uuid`, [id])
    const told = readers.map(({ person }) => person)
    // Who had not read it is told nothing but that his lists are others now.
    await tx.db.query(`UPDATE kernel.message SET read_at = $2 WHERE person = ANY ($3::uuid[]) AND link = $1 AND kind = 'notice' AND read_at IS NULL`, [noticePath(id), tx.clock.now().toISOString(), told])
    await noteWork(tx, told)
    await tell(tx, readers.flatMap(({ person, hasRead }) => (hasRead ? [person] : [])), { kind: 'notice', title: `通知已撤回：${String(notice['title'])}`, body: said, link: noticePath(id) })
    await audit(tx, { act: 'notice.withdraw', outcome: 'done', resource, record: id, detail: { reason: said } })
  })
} // prettier-ignore

function rangeProblems(kernel: Kernel, ctx: Context, notice: Readonly<Record<string, unknown>>): FieldProblem[] {
  const mayAll = kernel.access.mayUse(ctx.actor, 'notices.hospital')
  return notice['kind'] === 'hospital' && !mayAll ? [{ field: 'kind', message: '您只能发布科内通知' }] : []
}
const shown = ['title', 'body', 'attachments', 'kind', 'to', 'sms', 'comments', 'mustRead', 'until'] as const
/** A draft may be written as anything one may publish; of what was published, what its readers saw stays. */
export const checkNotice: RecordCheck = (kernel, ctx, values, stored) => {
  const isOther = (key: string) => !isDeepStrictEqual(values[key] ?? null, stored?.[key] ?? null)
  const changed = stored && stored['status'] !== 'draft' ? shown.find(isOther) : undefined
  if (changed) return Promise.resolve([{ field: changed, message: '已发布的通知不能修改，可撤回后另发' }])
  return Promise.resolve(isOther('kind') ? rangeProblems(kernel, ctx, values) : [])
}
