import { formatInstant, today, Refusal } from '#model'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Line } from '../exchange/table-writer.ts'
import type { Kernel } from '../kernel.ts'
import { destroyKeys } from '../protection/erase.ts'
import { lineOf } from './messages.ts'
import { memberTable, openWords } from './words.ts'

/** As many of one's messages go into the copy that one may take along. */
const mostCopied = 50_000
/** How many messages somebody has written, and when the latest was. */
export async function ownCount(ctx: Context, person: string): Promise<{ count: number; lastAt: string | null }> {
  const [row] = await ctx.db.query<{ count: number; lastAt: string | null }>(`SELECT count(*)::int AS count, max(at) AS "lastAt" FROM kernel.talk_message WHERE person = $1::uuid AND NOT note`, [person]) // prettier-ignore
  return row!
}
/** What somebody has written in conversations, for the copy of his personal information. What others wrote is theirs. */
export async function ownLines(kernel: Kernel, ctx: Context, person: string): Promise<Line[]> {
  const lines: Line[] = []
  for (let last = ''; lines.length < mostCopied; ) {
    const rows: { id: string; at: string; kind: string; words: Buffer | null; files: string[]; withdrawnAt: string | null }[] = await ctx.db.query<{ id: string; at: string; kind: string; words: Buffer | null; files: string[]; withdrawnAt: string | null }>(
      `SELECT m.id, m.at, t.kind, m.words, m.files, m.withdrawn_at AS "withdrawnAt" FROM kernel.talk_message m JOIN kernel.talk t ON t.id = m.talk
       WHERE m.person = $1::uuid AND NOT m.note AND m.id > $2::uuid ORDER BY m.id LIMIT 1000`,
      [person, last || '00000000-0000-0000-0000-000000000000'],
    )
    const words = await openWords(kernel, ctx.db, rows)
    lines.push(...rows.map((row): Line => [formatInstant(row.at), kinds[row.kind] ?? '', words.get(row.id)!.words.text || lineOf(row, words.get(row.id)!.words)]))
    if (rows.length < 1000) break
    last = rows.at(-1)!.id
  }
  return lines
} // prettier-ignore
const kinds: Readonly<Record<string, string>> = { record: '记录的沟通', direct: '两人之间', group: '群' }

/** Makes all that a person has said unreadable, in every copy: the keys of his places are destroyed, his files are named no more. Refused while he is under a hold. */
export async function eraseSaid(kernel: Kernel, ctx: Context, person: string, request: string): Promise<void> {
  const [hold] = await ctx.db.query<{ matter: string; basis: string }>(
    `SELECT matter, basis FROM personal.hold WHERE deleted_at IS NULL AND person = $1::uuid AND record IS NULL AND register IS NULL AND "from" <= $2::date AND (until IS NULL OR until >= $2::date) LIMIT 1`,
    [person, today(ctx.clock)],
  )
  if (hold) throw new Refusal('flowRefused', `不能删除沟通中的消息：正在保全，事由是“${hold.matter}”，依据是“${hold.basis}”`)
  const seats = await ctx.db.query<{ id: string }>(
    `SELECT m.id FROM kernel.talk_member m WHERE m.person = $1::uuid AND EXISTS (SELECT 1 FROM kernel.subject_key k WHERE k.record = m.id AND k.wrapped IS NOT NULL)`,
    [person],
  )
  for (const { id } of seats) await destroyKeys(kernel, ctx, { resource: memberTable, record: id, subject: 'person', isGone: false })
  const gone = await ctx.db.query<{ count: number }>(`WITH u AS (UPDATE kernel.talk_message SET files = '{}' WHERE person = $1::uuid AND files <> '{}' RETURNING 1) SELECT count(*)::int AS count FROM u`, [person]) // prettier-ignore
  await audit(ctx, { act: 'personal.erase', outcome: 'done', detail: { request, talks: seats.length, files: gone[0]!.count } })
}
