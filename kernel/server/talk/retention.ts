import { today, talkKinds, type Settings, type TalkKind } from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { readSettings } from '../settings.ts'

const atOnce = 1000
const daysOf = ({ talkRecordDays, talkDirectDays, talkGroupDays }: Settings): Readonly<Record<TalkKind, number>> => ({
  record: talkRecordDays,
  direct: talkDirectDays,
  group: talkGroupDays,
})
/** What a hold keeps: what is said of a record under it, what a person under it has written, and what was said to him alone. A hold over one kind of his records is none over this. */
const isHeld = `EXISTS (SELECT 1 FROM personal.hold h WHERE h.deleted_at IS NULL AND h."from" <= $4::date AND (h.until IS NULL OR h.until >= $4::date)
  AND (h.record = t.subject_id::text OR h.record = (SELECT f.record::text FROM kernel.flow_instance f WHERE t.subject = 'approval' AND f.id = t.subject_id)
    OR (h.record IS NULL AND h.register IS NULL AND (h.person = m.person OR h.person = t.one OR h.person = t.other))))`

/** Deletes what is older than the hospital keeps it, kind by kind and in batches; files that nothing else names follow as all such do. Answers how many messages went. */
export async function deleteOld(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '会话保留期' }, 'system')
  const days = daysOf(await readSettings(ctx.db))
  let all = 0
  for (const kind of Object.keys(talkKinds) as TalkKind[]) {
    const before = new Date(ctx.clock.now().getTime() - days[kind] * 86_400_000).toISOString()
    let count = 0
    for (let gone = atOnce; gone === atOnce; count += gone) gone = await deleteSome(kernel, ctx, kind, before)
    if (count) await kernel.transaction(ctx, (tx) => audit(tx, { act: 'talk.retention', outcome: 'done', detail: { kind, days: days[kind], messages: count } })) // prettier-ignore
    all += count
  }
  return all
}
function deleteSome(kernel: Kernel, ctx: Context, kind: TalkKind, before: string): Promise<number> {
  return kernel.transaction(ctx, async (tx) => {
    const gone = await tx.db.query<{ files: string[] }>(
      `DELETE FROM kernel.talk_message d USING (
         SELECT m.id FROM kernel.talk_message m JOIN kernel.talk t ON t.id = m.talk WHERE m.at < $2 AND t.kind = $1 AND NOT ${isHeld} ORDER BY m.at LIMIT $3) x WHERE d.id = x.id RETURNING d.files`,
      [kind, before, atOnce, today(tx.clock)],
    )
    const files = gone.flatMap((row) => row.files)
    if (files.length) await tx.db.query(`UPDATE kernel.file SET orphan_since = $2 WHERE id = ANY ($1::uuid[]) AND orphan_since IS NULL`, [files, tx.clock.now().toISOString()]) // prettier-ignore
    return gone.length
  })
}
/** Who left the hospital leaves his groups, so that he is not back in them should he return. */
export async function endPlaces(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '离职人员退出会话' }, 'system')
  const active = [...ctx.directory.people.keys()].filter((person) => ctx.directory.isActive(person))
  await kernel.db.query(
    `UPDATE kernel.talk_member m SET left_at = $2 FROM kernel.talk t WHERE t.id = m.talk AND t.kind = 'group' AND m.left_at IS NULL AND m.person <> ALL ($1::uuid[])`,
    [active, ctx.clock.now().toISOString()],
  )
  // A group whose owner left is taken over by whoever has been in it longest.
  await kernel.db.query(
    `UPDATE kernel.talk t SET owner = (SELECT m.person FROM kernel.talk_member m WHERE m.talk = t.id AND m.left_at IS NULL ORDER BY m.joined_at, m.id LIMIT 1)
     WHERE t.kind = 'group' AND t.unit IS NULL AND t.owner <> ALL ($1::uuid[]) AND EXISTS (SELECT 1 FROM kernel.talk_member m WHERE m.talk = t.id AND m.left_at IS NULL)`,
    [active],
  )
}
