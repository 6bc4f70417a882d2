import { isUuid, Refusal, type FollowItem } from '#model'
import { contextOfPerson } from '../access/person-context.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { service, type OutboxEvent } from '../service.ts'
import { describeChanges } from './describe.ts'
import { maskedOf } from './present.ts'
import { answer, needReadable } from './read.ts'
import { titleIn, titleOfAnswer } from './title-in.ts'

/** Follows a record that one may see; asked again it stays. */
export async function followRecord(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<void> {
  await needReadable(kernel, ctx, resource, id)
  const me = personOf(ctx.actor)
  if (!me) throw new Refusal('noRight')
  await ctx.db.query(
    `INSERT INTO kernel.follow (person, record, resource, at) VALUES ($1::uuid, $2::uuid, $3, $4) ON CONFLICT (person, record) DO UPDATE SET resource = excluded.resource`,
    [me, id, resource, ctx.clock.now().toISOString()],
  )
}
export async function unfollowRecord(ctx: Context, id: string): Promise<void> {
  await ctx.db.query(`DELETE FROM kernel.follow WHERE person = $1::uuid AND record = $2::uuid`, [personOf(ctx.actor), id])
}
/** What this person follows, the latest first; of what he may see no more only that he does. */
export async function followedBy(kernel: Kernel, ctx: Context): Promise<FollowItem[]> {
  const rows = await ctx.db.query<{ resource: string; record: string; at: string }>(
    `SELECT resource, record, at FROM kernel.follow WHERE person = $1::uuid ORDER BY at DESC LIMIT 200`,
    [personOf(ctx.actor)],
  )
  const items: FollowItem[] = []
  for (const { resource, record, at } of rows)
    items.push({ resource, resourceLabel: kernel.defs.resources.get(resource)?.label ?? resource, record, at, title: await titleIn(kernel, ctx, resource, record) }) // prettier-ignore
  return items
}

interface Entry {
  record: string
  act: string
  actor: string | null
  changes: Record<string, [unknown, unknown]>
  person: string
  resource: string
}
const entry = `h.record, h.act, h.actor, h.changes, f.person, f.resource`
/** What was done to records that somebody else follows. Relies on follow_record, history_record and the key of import_change. */
async function entriesOf(kernel: Kernel, event: OutboxEvent): Promise<Entry[]> {
  const { version, batch, state } = event.payload as { version?: number; batch?: string; state?: string }
  if (event.record)
    return kernel.db.query<Entry & object>(
      `SELECT ${entry} FROM kernel.follow f CROSS JOIN LATERAL (
         SELECT record, act, actor, changes FROM kernel.history WHERE resource = $2 AND record = f.record AND ($3::int IS NULL OR version = $3::int) AND ($4::text IS NULL OR act = $4)
         ORDER BY version DESC, seq DESC LIMIT 1) h
       WHERE f.record = $1::uuid AND f.person IS DISTINCT FROM h.actor`,
      [event.record, event.resource, version ?? null, state ? `state.${state}` : null],
    )
  // An import's batch has rows of what it changed; what a module made in bulk is called by words, and nobody follows it yet.
  if (!isUuid(batch)) return []
  return kernel.db.query<Entry & object>(
    `SELECT ${entry} FROM kernel.import_change i JOIN kernel.follow f ON f.record = ANY (i.records)
       JOIN kernel.history h ON h.resource = $2 AND h.record = f.record AND h.version = i.versions[array_position(i.records, f.record)]
     WHERE i.batch = $1::uuid AND f.person IS DISTINCT FROM h.actor`,
    [batch, event.resource],
  )
}

const did: Readonly<Record<string, string>> = {
  delete: '删除了', restore: '恢复了', import: '导入时修改了', 'import.undo': '撤销导入时改回了', change: '按批准的申请修改了', merge: '合并时修改了', purge: '彻底删除了',
  'state.pending': '提交了', 'state.returned': '退回了', 'state.approved': '批准了', 'state.refused': '没有批准',
} // prettier-ignore
const mostSaid = 6
/** Tells the followers what an event changed, each within his rights of today: who may see nothing of it is told nothing. */
async function tellFollowers(kernel: Kernel, event: OutboxEvent): Promise<void> {
  for (const one of await entriesOf(kernel, event)) {
    const ctx = await contextOfPerson(kernel, one.person, 'follow')
    if (!ctx) continue
    try {
      await tellOne(kernel, ctx, event, one)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  if (event.topic === 'record.purged') await kernel.db.query(`DELETE FROM kernel.follow WHERE record = $1::uuid`, [event.record])
}
async function tellOne(kernel: Kernel, ctx: Context, event: OutboxEvent, one: Entry): Promise<void> {
  const { c, record, permission } = await needReadable(kernel, ctx, one.resource, one.record)
  const seen = { ...permission, masked: maskedOf(ctx, c, permission, record) }
  const order = Object.keys(c.r.fields)
  const changes = (await describeChanges(kernel, ctx, c, seen, one)).toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)) // prettier-ignore
  // A change of nothing that he sees is no news to him.
  if (changes.length === 0 && Object.keys(one.changes).length > 0) return
  const title = c.byKey.get(c.r.title)?.secret ? c.r.label : titleOfAnswer(c, await answer(kernel, ctx, c, permission, record))
  // A message stands in the clear, and goes out: of what is protected it says only that it changed.
  const words = changes.map(({ field, label, before, after }) =>
    c.byKey.get(field)?.secret ? `${label}：已修改` : `${label}：${short(before) || '（空）'} → ${short(after) || '（清空）'}`,
  )
  const more = words.length > mostSaid ? `等 ${words.length} 项` : ''
  const who = ctx.directory.nameOf(one.actor) || '系统'
  await tell(ctx, [one.person], {
    kind: 'copy',
    title: `${who} ${did[one.act] ?? '修改了'}您关注的“${title}”`,
    body: words.slice(0, mostSaid).join('；') + more,
    link: `/r/${one.resource}/${one.record}`,
    onceKey: `follow:${event.seq}:${one.record}`,
  })
}
const short = (text: string): string => ([...text].length > 60 ? `${[...text].slice(0, 60).join('')}…` : text)

export const followService = service({
  name: 'kernel.follow',
  on: {
    'record.updated': tellFollowers,
    'record.deleted': tellFollowers,
    'record.restored': tellFollowers,
    'record.purged': tellFollowers,
    'record.state': tellFollowers,
    'records.changed': tellFollowers,
  },
})
