import { invalid, isUuid, mostMembers, Refusal, type FieldProblem, type TalkAnswer } from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { membersNow, needTalk, type OpenTalk } from './access.ts'
import { noteTalk } from './append.ts'
import { note } from './notes.ts'
import { addMembers, namesOf, readName, readPeople } from './opening.ts'
import { answerOf } from './reading.ts'

/** The group of people's own, held until the act is done, for its owner. */
async function withOwned<T>(kernel: Kernel, ctx: Context, id: string, work: (tx: Context, open: OpenTalk) => Promise<T>): Promise<T> {
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT 1 FROM kernel.talk WHERE id = $1::uuid FOR UPDATE`, [id])
    const open = await needTalk(kernel, tx, id)
    if (open.talk.kind !== 'group' || open.talk.unit) throw new Refusal('flowRefused', open.talk.unit ? '科室群的成员随科室人员变动，不能增减或改名' : '这里不是群')
    if (open.talk.owner !== open.me) throw new Refusal('noRight', '只有群主可以管理这个群')
    return work(tx, open)
  })
} // prettier-ignore
export function renameGroup(kernel: Kernel, ctx: Context, id: string, given: unknown): Promise<TalkAnswer> {
  return withOwned(kernel, ctx, id, async (tx, open) => {
    const problems: FieldProblem[] = []
    const name = readName(given, problems)
    if (problems.length) throw invalid(problems)
    await tx.db.query(`UPDATE kernel.talk SET name = $2 WHERE id = $1::uuid`, [id, name])
    await audit(tx, { act: 'talk.group', outcome: 'done', detail: { talk: id, name } })
    await note(kernel, tx, open, `将群名改为“${name}”`)
    return answerOf(kernel, tx, await needTalk(kernel, tx, id))
  })
}
/** Takes colleagues in, who see what is said from now on, and others out. */
export function changeMembers(
  kernel: Kernel,
  ctx: Context,
  id: string,
  { add, remove }: { add?: unknown; remove?: unknown },
): Promise<TalkAnswer> {
  return withOwned(kernel, ctx, id, async (tx, open) => {
    const problems: FieldProblem[] = []
    const now = await membersNow(tx, open.talk)
    const there = new Set(now.map(({ person }) => person))
    const asked: unknown[] = Array.isArray(add) ? add : []
    const added = (await readPeople(tx, asked, problems, 'add')).filter((person) => !there.has(person))
    const removed = (Array.isArray(remove) ? [...new Set(remove as unknown[])] : []).filter(
      (one): one is string => isUuid(one) && there.has(one),
    )
    if (removed.includes(open.me)) problems.push({ field: 'remove', message: '群主不能移出自己，可先转让群主再退出' })
    if (now.length + added.length - removed.length > mostMembers) problems.push({ field: 'add', message: `一个群最多 ${mostMembers} 人` })
    if (problems.length) throw invalid(problems)
    if (added.length + removed.length === 0) return answerOf(kernel, tx, open)
    await leave(tx, id, removed)
    await addMembers(tx, id, added, open.talk.last)
    await audit(tx, { act: 'talk.members', outcome: 'done', detail: { talk: id, added, removed } })
    const said = [added.length ? `邀请了${namesOf(tx, added)}` : '', removed.length ? `移出了${namesOf(tx, removed)}` : '']
    await note(kernel, tx, open, said.filter(Boolean).join('，'))
    return answerOf(kernel, tx, await needTalk(kernel, tx, id))
  })
}
/** From now on they see nothing of it; their open pages hear of it. */
async function leave(tx: Context, id: string, people: readonly string[]): Promise<void> {
  if (people.length === 0) return
  await tx.db.query(`UPDATE kernel.talk_member SET left_at = $3 WHERE talk = $1::uuid AND person = ANY ($2::uuid[]) AND left_at IS NULL`, [id, people, tx.clock.now().toISOString()]) // prettier-ignore
  await tx.db.query(`DELETE FROM kernel.talk_due WHERE talk = $1::uuid AND person = ANY ($2::uuid[])`, [id, people])
  await noteTalk(tx, id, people)
}
export function handOver(kernel: Kernel, ctx: Context, id: string, person: unknown): Promise<TalkAnswer> {
  return withOwned(kernel, ctx, id, async (tx, open) => {
    const there = (await membersNow(tx, open.talk)).some((member) => member.person === person)
    if (!isUuid(person) || !there) throw invalid([{ field: 'person', message: '请选择群内的成员' }])
    await tx.db.query(`UPDATE kernel.talk SET owner = $2::uuid WHERE id = $1::uuid`, [id, person])
    await audit(tx, { act: 'talk.members', outcome: 'done', detail: { talk: id, owner: person } })
    await note(kernel, tx, open, `将群主转让给${namesOf(tx, [person])}`)
    return answerOf(kernel, tx, await needTalk(kernel, tx, id))
  })
}
/** Goes; an owner hands the group over first, unless he is the last. */
export async function leaveGroup(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT 1 FROM kernel.talk WHERE id = $1::uuid FOR UPDATE`, [id])
    const open = await needTalk(kernel, tx, id)
    if (open.talk.kind !== 'group' || open.talk.unit) throw new Refusal('flowRefused', '只能退出自建的群')
    const others = (await membersNow(tx, open.talk)).filter(({ person }) => person !== open.me)
    if (open.talk.owner === open.me && others.length) throw new Refusal('flowRefused', '您是群主，请先转让群主再退出')
    if (others.length) await note(kernel, tx, open, '退出了群')
    await leave(tx, id, [open.me])
    await audit(tx, { act: 'talk.members', outcome: 'done', detail: { talk: id, removed: [open.me] } })
  })
}
