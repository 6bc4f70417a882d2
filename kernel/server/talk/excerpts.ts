import { invalid, isUuid, Refusal, type TalkExcerpt } from '#model'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { eraseValues } from '../protection/erase.ts'
import { loadRecord } from '../records/load.ts'
import { removeRow } from '../records/purge.ts'
import { needReadable } from '../records/read.ts'
import { permissionOver } from '../records/rights-over.ts'
import { createRecord } from '../records/write.ts'
import { needTalk, seeSubject } from './access.ts'
import { filesOf, messagesByNumber } from './messages.ts'
import { titleOf } from './reading.ts'

export const excerptType = 'talk.excerpt'
const mostLines = 100
type Given = Readonly<Record<string, unknown>>

/** Freezes chosen messages beside a record that the asker may change: from then on they belong to it. */
export async function attach(kernel: Kernel, ctx: Context, id: string, given: Given): Promise<{ id: string }> {
  const open = await needTalk(kernel, ctx, id)
  const { resource, record, note } = given
  const numbers: unknown[] = Array.isArray(given['messages']) ? [...new Set(given['messages'] as unknown[])] : []
  const say = (field: string, message: string) => invalid([{ field, message }])
  if (numbers.length === 0 || !numbers.every((n) => Number.isSafeInteger(n))) throw say('messages', '请选择要附上的消息')
  if (numbers.length > mostLines) throw say('messages', `一次最多附上 ${mostLines} 条消息`)
  if (typeof resource !== 'string' || !kernel.defs.resources.has(resource) || resource === excerptType || !isUuid(record)) throw say('record', '请选择要附到的记录')
  const { c, record: target } = await needReadable(kernel, ctx, resource, record)
  if (target.deletedAt || !(await permissionOver(kernel, ctx, 'update', c, target))) throw new Refusal('noRight', `没有修改这条“${c.r.label}”的权限，不能附上`)
  const found = await messagesByNumber(kernel, ctx, open, numbers as number[])
  const said = found.filter((one) => !one.isWithdrawn && !one.isNote && one.unreadable === null)
  if (said.length === 0) throw say('messages', '选中的消息已撤回或已不在')
  const from = (await titleOf(kernel, ctx, open)).slice(0, 200)
  const day = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'short' }).format(new Date(said[0]!.at))
  return kernel.transaction(ctx, async (tx) => {
    const draft = {
      title: `${day} ${said[0]!.personName}${said.length > 1 ? `等 ${said.length} 条` : ''}`, register: resource, record, from, note: typeof note === 'string' ? note.trim().slice(0, 500) : '', by: open.me, at: tx.clock.now().toISOString(),
      lines: said.map((one) => ({ person: one.person, at: one.at, words: one.voice ? `[语音 ${one.voice} 秒] ${one.text}`.trim() : one.text || null, files: one.files.length ? one.files.map((file) => file.id) : null })),
    }
    // The conversation proved that he may read the files, the record that he may write there.
    const program = kernel.contextIn(tx.directory, { kind: 'system', reason: `${tx.directory.nameOf(open.me)}附加沟通摘录` }, tx.origin, { address: tx.address })
    const made = await createRecord(kernel, { ...program, db: tx.db, afterCommit: tx.afterCommit }, excerptType, draft, { system: true, byModule: true })
    await audit(tx, { act: 'talk.attach', outcome: 'done', resource, record, detail: { talk: id, excerpt: made.record.id, messages: said.length } })
    return { id: made.record.id }
  })
} // prettier-ignore

/** What was attached to a record, for whoever reads it; of an approval that of its record. */
export async function excerptsOf(kernel: Kernel, ctx: Context, resource: string, record: string): Promise<TalkExcerpt[]> {
  await needReadable(kernel, ctx, resource, record)
  const ids = await ctx.db.query<{ id: string }>(`SELECT id FROM ${kernel.resource(excerptType).table} WHERE record = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 100`, [record]) // prettier-ignore
  const shown: TalkExcerpt[] = []
  for (const { id } of ids) {
    const one = (await loadRecord(kernel, ctx, kernel.resource(excerptType), id))!
    const lines = (one['lines'] ?? []) as { person: string; at: string; words: string | null; files: string[] | null }[]
    const files = await filesOf(ctx, lines.flatMap((line) => line.files ?? [])) // prettier-ignore
    const name = (person: unknown) => ctx.directory.nameOf(person as string) || '已离开的人员'
    shown.push({
      id,
      title: String(one['title']),
      from: String(one['from']),
      note: String(one['note'] ?? ''),
      byName: name(one['by']),
      at: String(one['at']),
      lines: lines.map((line) => ({ personName: name(line.person), at: line.at, text: line.words ?? '', files: (line.files ?? []).flatMap((file) => files.get(file) ?? []) })), // prettier-ignore
    })
  }
  return shown
}
/** Does the actor see this file in a conversation, or beside a record? */
export async function showsTalkFile(kernel: Kernel, ctx: Context, file: string, records: readonly string[]): Promise<boolean> {
  if (personOf(ctx.actor) === null) return false
  const said = await ctx.db.query<{ talk: string; n: number }>(`SELECT talk, n FROM kernel.talk_message WHERE files @> ARRAY[$1::uuid] AND files <> '{}' LIMIT 20`, [file]) // prettier-ignore
  for (const { talk, n } of said) {
    const open = await needTalk(kernel, ctx, talk).catch(() => null)
    if (open && n > open.since) return true
  }
  const excerpts = await ctx.db.query<{ register: string; record: string }>(`SELECT register, record FROM ${kernel.resource(excerptType).table} WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL`, [records]) // prettier-ignore
  for (const { register, record } of excerpts)
    if (kernel.defs.resources.has(register) && (await seeSubject(kernel, ctx, kernel.resource(register).r.table, record))) return true
  return false
}
/** What was attached goes with its record, keys and all. */
export async function purgeWith(kernel: Kernel, record: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '记录已彻底删除' }, 'system')
  const c = kernel.resource(excerptType)
  await kernel.transaction(ctx, async (tx) => {
    const gone = await tx.db.query<{ id: string }>(`SELECT id FROM ${c.table} WHERE record = $1 FOR UPDATE`, [record])
    for (const { id } of gone) {
      await removeRow(kernel, tx, c, id, '所附的记录已彻底删除', '')
      await eraseValues(kernel, tx, c, id, { isGone: true })
    }
  })
}
