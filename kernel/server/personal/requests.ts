import { addDays, invalid, isUuid, Refusal, today, type ApiRecord, type FieldProblem } from '#model'
import { personOf, type Context } from '../context.ts'
import { officersOf } from '../emergency/rows.ts'
import { submit } from '../flow/submit.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { addTodo, closeTodos } from '../messages/todos.ts'
import { loadRecord } from '../records/load.ts'
import { updateRecordOf } from '../records/write.ts'
import { readSettings } from '../settings.ts'
import { service, type FlowEffect } from '../service.ts'
import { eraseNamed, erasePerson, putAway, restrictRecord } from './erasing.ts'

const resource = 'personal.request'
const kinds = new Set<unknown>(['correct', 'delete', 'explain', 'copy'])

/** Asks in one's own name; the office has fifteen working days. A record that is named must be one's own. */
export async function requestOwn(kernel: Kernel, ctx: Context, given: Readonly<Record<string, unknown>>, actId: string): Promise<{ record: string }> {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight', '只能由本人提出')
  const { kind, register = null, record = null, what, reason = null } = given
  const problems: FieldProblem[] = []
  if (!kinds.has(kind)) problems.push({ field: 'kind', message: '请选择请求的种类' })
  if (typeof what !== 'string' || what.trim().length < 4) problems.push({ field: 'what', message: '请写明要求，至少 4 个字' })
  if (register !== null && (typeof register !== 'string' || !kernel.defs.resources.get(register)?.owner.person)) problems.push({ field: 'register', message: '没有这一类信息' })
  if (record !== null && (!isUuid(record) || !(await isOwn(kernel, ctx, register as string, record, person)))) problems.push({ field: 'record', message: '不是您的记录' })
  if (problems.length) throw invalid(problems)
  return submit(kernel, ctx, resource, { kind, person, register, record, what, reason, progress: 'open' }, { actId, byModule: true })
} // prettier-ignore
async function isOwn(kernel: Kernel, ctx: Context, register: string | null, record: string, person: string): Promise<boolean> {
  if (!register || !kernel.defs.resources.has(register)) return false
  const c = kernel.resource(register)
  // What is restricted lies in the bin, and is his all the same.
  const stored = await loadRecord(kernel, ctx, c, record, { deleted: true })
  return stored !== null && (c.r.owner.person === 'id' ? stored.id : stored[c.r.owner.person!]) === person
}

/** What follows from a decision, with it: put away what may not be used any more, erased what may be, told to whom it concerns. */
async function carryOut(kernel: Kernel, ctx: Context, { record: request }: FlowEffect): Promise<void> {
  const outcome = request['outcome'] as string
  const person = request['person'] as string
  if (outcome === 'erase' || outcome === 'eraseAll') return erase(kernel, ctx, request)
  if (outcome === 'restrict') await restrict(kernel, ctx, request)
  await write(kernel, ctx, request, { progress: outcome === 'restrict' ? 'restricted' : 'closed' })
  await tell(ctx, [person], {
    kind: 'result',
    title: '您的个人信息请求已答复',
    body: String(request['answer'] ?? ''),
    link: `/r/${resource}/${request.id}`,
  })
}
/**
 * What a granted deletion names is erased at once: a record of his, or, where that was decided in so many words, all that goes with him. What names no record
 * waits for an officer, who deletes by hand and says when it is done; so does a wish about his own file, of which he means a part.
 */
async function erase(kernel: Kernel, ctx: Context, request: ApiRecord): Promise<void> {
  const isAll = request['outcome'] === 'eraseAll'
  if (isAll || (request['register'] && request['record'] && request['record'] !== request['person'])) {
    await (isAll ? erasePerson : eraseNamed)(kernel, ctx, request)
    return finish(kernel, ctx, request, String(request['answer'] ?? ''))
  }
  await write(kernel, ctx, request, { progress: 'waiting' })
  const officers = officersOf(kernel, ctx, 'security')
  await addTodo(ctx, officers, { resource, record: request.id, title: `执行已同意的个人信息删除：${String(request['what'])}`, link: `/r/${resource}/${request.id}`, due: addDays(today(ctx.clock), 15), onceKey: `${resource}/${request.id}/carryOut` }) // prettier-ignore
}
/** Closes a request whose deletion is carried out, and says until when backups hold what was deleted. */
async function finish(kernel: Kernel, ctx: Context, request: ApiRecord, words: string): Promise<void> {
  const { backupDays } = await readSettings(ctx.db)
  const backupsUntil = addDays(today(ctx.clock), backupDays)
  await write(kernel, ctx, request, { progress: 'closed', carriedOutAt: ctx.clock.now().toISOString(), backupsUntil })
  await tell(ctx, [request['person'] as string], {
    kind: 'result',
    title: '您请求删除的个人信息已删除',
    body: `${words}${words ? '。' : ''}备份中的副本最迟保留至 ${backupsUntil}`,
    link: `/r/${resource}/${request.id}`,
  })
}
/** Kept, but neither shown nor searched (art. 47): the record lies in the bin, and the request keeps it there. */
async function restrict(kernel: Kernel, ctx: Context, request: ApiRecord): Promise<void> {
  const [register, record] = [request['register'], request['record']] as [string | null, string | null]
  // A person himself is no record that goes: his file is decided on by its own office.
  if (!register || !record || record === request['person']) return
  await putAway(kernel, ctx, register, record)
  await restrictRecord(ctx, register, record, request.id)
}
async function write(kernel: Kernel, ctx: Context, request: ApiRecord, changes: Record<string, unknown>): Promise<void> {
  const now = (await loadRecord(kernel, ctx, kernel.resource(resource), request.id, { lock: true }))!
  await updateRecordOf(kernel, ctx, resource, now.id, now.version, changes, { byModule: true, system: true, act: 'carryOut' })
}

/** An officer says that a deletion that was granted is done. */
export async function noteCarriedOut(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const stored = await loadRecord(kernel, tx, kernel.resource(resource), id, { lock: true })
    if (!stored) throw new Refusal('notFound')
    if (stored['progress'] !== 'waiting') throw new Refusal('flowRefused', '这个请求没有待执行的删除')
    await closeTodos(tx, id, `${resource}/${id}/carryOut`)
    await finish(kernel, tx, stored, String(stored['what']))
  })
}

export const personalService = service({ name: 'personal.request', effects: { 'personal.carryOut': carryOut } })
