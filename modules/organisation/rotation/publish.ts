import { daysBetween, Refusal, today, type ApiRecord } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell, tellEach } from '#kernel/server/messages/messages.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { conflictsOf, runsOf } from './rotation.rules.ts'
import { known, unitsOf, type Known } from './world.ts'

const name = 'organisation.rotationPlan'
const stayName = 'organisation.rotationStay'

interface Stay extends Record<string, unknown> {
  id: string
  person: string
  unit: string
  from: string
  to: string
}
/** The table becomes stays; each brings a post beside the main one for its days, and everybody concerned is told. */
export async function publish(kernel: Kernel, ctx: Context, plan: ApiRecord, reason: string): Promise<void> {
  if (plan['status'] !== 'draft') throw new Refusal('flowRefused', '该计划已经发布')
  const facts = await known(ctx, plan)
  const stays = staysOf(ctx, plan, facts)
  if (stays.length === 0) throw new Refusal('flowRefused', '轮转表还是空的，请先生成')
  const conflicts = conflictsOf(facts.setup, facts.spans, facts.world, facts.grid)
  if (conflicts.length && !reason) throw new Refusal('flowRefused', `还有 ${conflicts.length} 处冲突，请先调整，或写明仍要发布的原因`)
  const posts = stays.map(({ person, unit, from, to }) => ({ id: uuidv7(), person, unit, from, to, post: 'member', main: false }))
  const batch = { act: 'rotation.publish', batch: String(plan['name']) }
  await bulkCreate(kernel, ctx, 'directory.membership', posts, batch)
  await bulkCreate(kernel, ctx, stayName, stays.map((stay, n) => ({ ...stay, membership: posts[n]!.id })), batch) // prettier-ignore
  const changes = {
    status: 'published',
    publishedOn: today(ctx.clock),
    publishedBy: personOf(ctx.actor),
    despite: conflicts.length ? reason : null,
  }
  await updateRecordOf(kernel, ctx, name, plan.id, plan.version, changes, { byModule: true, system: true, act: 'rotation.publish' })
  ctx.afterCommit.push(() => kernel.changed('directory.membership'))
  await inform(ctx, plan, stays)
}
function staysOf(ctx: Context, plan: ApiRecord, { setup, spans, world, grid }: Known): Stay[] {
  const mentors = new Map(unitsOf(plan).map(({ unit, mentor }) => [unit, mentor]))
  return setup.people.flatMap((person) => {
    let previous: string | null = null
    return runsOf(grid[person] ?? []).map(({ unit, at, periods }): Stay => {
      const [from, to, id] = [spans[at]!.from, spans[at + periods - 1]!.to, uuidv7()]
      const label = `${ctx.directory.nameOf(person)} · ${world.units[unit]?.name ?? ''} ${from}`
      const stay = { id, label, person, unit, from, to, days: daysBetween(from, to) + 1, mentor: mentors.get(unit) ?? null, plan: plan.id, previous }
      previous = id
      return stay
    })
  })
} // prettier-ignore
async function inform(ctx: Context, plan: ApiRecord, stays: readonly Stay[]): Promise<void> {
  const { directory } = ctx
  const day = today(ctx.clock)
  const own = Map.groupBy(stays, ({ person }) => person)
  const words = (list: readonly Stay[]) => list.map(({ unit, from, to }) => `${directory.unitName(unit)} ${from} 至 ${to}`).join('；')
  const lists = [...own].map(([person, list]) => ({ person, title: `轮转安排：${String(plan['name'])}`, body: words(list), link: `/r/${stayName}`, onceKey: `rotation ${plan.id} ${plan.version}` }))
  await tellEach(ctx, lists, { kind: 'result' })
  for (const [unit, list] of Map.groupBy(stays, (stay) => stay.unit)) {
    const whom = new Set([...directory.headsOf(unit, day), ...directory.holders(unit, 'secretary', day)])
    const [first] = list.toSorted((a, b) => (a.from < b.from ? -1 : 1))
    const body = `${new Set(list.map(({ person }) => person)).size} 人将到${directory.unitName(unit)}轮转，最早 ${first!.from}：${list.slice(0, 8).map(({ person }) => directory.nameOf(person)).join('、')}${list.length > 8 ? '等' : ''}`
    await tell(ctx, [...whom], { kind: 'result', title: `轮转安排：${String(plan['name'])}`, body, link: `/r/${stayName}` })
  }
} // prettier-ignore

/** Back to the table, as long as nobody has begun: stays and their posts are taken back. */
export async function withdraw(kernel: Kernel, ctx: Context, plan: ApiRecord): Promise<void> {
  if (plan['status'] !== 'published') throw new Refusal('flowRefused', '该计划没有发布')
  const stays = await ctx.db.query<{ id: string; version: number; from: string; person: string; membership: string | null; postVersion: number | null }>(
    `SELECT s.id, s.version, s."from", s.person, m.id AS membership, m.version AS "postVersion" FROM organisation.rotation_stay s LEFT JOIN directory.membership m ON m.id = s.membership AND m.deleted_at IS NULL WHERE s.plan = $1::uuid AND s.deleted_at IS NULL ORDER BY s."from"`,
    [plan.id],
  )
  if (stays[0] && stays[0].from <= today(ctx.clock)) throw new Refusal('flowRefused', `${stays[0].from} 起已有人入科，不能撤回；请在后续计划中调整`)
  for (const { id, version, membership, postVersion } of stays) {
    await setDeleted(kernel, ctx, stayName, id, true, version, { byModule: true })
    if (membership) await setDeleted(kernel, ctx, 'directory.membership', membership, true, postVersion, { byModule: true })
  }
  const changes = { status: 'draft', publishedOn: null, publishedBy: null, despite: null }
  await updateRecordOf(kernel, ctx, name, plan.id, plan.version, changes, { byModule: true, system: true, act: 'rotation.withdraw' })
  await tell(ctx, stays.map(({ person }) => person), { kind: 'result', title: `轮转安排撤回：${String(plan['name'])}`, body: '轮转表正在重新编排，请等待新的安排', link: null })
} // prettier-ignore
