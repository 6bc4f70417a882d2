import { talkPage, type FileValue, type TalkMessage, type TalkPage } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needTalk, type OpenTalk } from './access.ts'
import { openWords, type Words } from './words.ts'

interface Row {
  id: string
  n: number
  at: string
  person: string
  words: Buffer | null
  note: boolean
  answers: number | null
  mentions: string[]
  everyone: boolean
  files: string[]
  withdrawnAt: string | null
}
export const messageColumns = `m.id, m.n, m.at, m.person, m.words, m.note, m.answers, m.mentions, m.everyone, m.files, m.withdrawn_at AS "withdrawnAt"`

export interface MessagesAsked {
  before?: string
  after?: string
  around?: string
}
const number = (text: string | undefined): number | null => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null)
/** A page of what was said, in its order: the latest, those before or after a number, or those around it. Relies on the key of talk and number. */
export async function messagesOf(kernel: Kernel, ctx: Context, id: string, asked: MessagesAsked): Promise<TalkPage> {
  const open = await needTalk(kernel, ctx, id)
  const [after, around] = [number(asked.after), number(asked.around)]
  const before = number(asked.before) ?? (around === null ? null : around + talkPage / 2)
  const rows = await ctx.db.query<Row & object>(
    after === null
      ? `SELECT ${messageColumns} FROM kernel.talk_message m WHERE m.talk = $1::uuid AND m.n > $2::bigint AND ($3::bigint IS NULL OR m.n < $3::bigint) ORDER BY m.n DESC LIMIT ${talkPage + 1}`
      : `SELECT ${messageColumns} FROM kernel.talk_message m WHERE m.talk = $1::uuid AND m.n > greatest($2::bigint, $3::bigint) ORDER BY m.n LIMIT ${talkPage + 1}`,
    [open.talk.id, open.since, after ?? before],
  )
  const hasMore = rows.length > talkPage
  const shown = rows.slice(0, talkPage)
  const inOrder = after === null ? shown.reverse() : shown
  const latest = inOrder.at(-1)?.n ?? open.talk.last
  return { rows: await presented(kernel, ctx, open, inOrder), hasEarlier: after === null && hasMore, hasLater: latest < open.talk.last }
}
/** Messages by their numbers. */
export async function messagesByNumber(kernel: Kernel, ctx: Context, open: OpenTalk, numbers: readonly number[]): Promise<TalkMessage[]> {
  const rows = await ctx.db.query<Row & object>(
    `SELECT ${messageColumns} FROM kernel.talk_message m WHERE m.talk = $1::uuid AND m.n = ANY ($2::bigint[]) AND m.n > $3::bigint ORDER BY m.n`,
    [open.talk.id, numbers, open.since],
  )
  return presented(kernel, ctx, open, rows)
}

async function presented(kernel: Kernel, ctx: Context, open: OpenTalk, rows: readonly Row[]): Promise<TalkMessage[]> {
  const known = new Map(rows.map((row) => [row.n, row]))
  const wanted = [...new Set(rows.flatMap(({ answers }) => (answers !== null && answers > open.since && !known.has(answers) ? [answers] : [])))]
  const quoted = wanted.length ? await ctx.db.query<Row & object>(`SELECT ${messageColumns} FROM kernel.talk_message m WHERE m.talk = $1::uuid AND m.n = ANY ($2::bigint[])`, [open.talk.id, wanted]) : []
  const all = new Map([...rows, ...quoted].map((row) => [row.n, row]))
  const words = await openWords(kernel, ctx.db, [...all.values()])
  const files = await filesOf(ctx, rows.flatMap((row) => row.files))
  const name = (person: string) => ctx.directory.nameOf(person) || '已离开的人员'
  return rows.map((row) => {
    const { words: said, unreadable } = words.get(row.id)!
    const answered = row.answers === null ? undefined : all.get(row.answers)
    return {
      id: row.id, n: row.n, at: row.at, person: row.person, personName: name(row.person), text: said.text, voice: said.voice ?? null, files: row.files.flatMap((id) => files.get(id) ?? []),
      mentions: row.mentions.map((id) => ({ id, name: name(id) })), everyone: row.everyone, isNote: row.note, isWithdrawn: row.withdrawnAt !== null, unreadable,
      answers: answered ? { n: answered.n, personName: name(answered.person), line: lineOf(answered, words.get(answered.id)!.words) } : null,
    }
  })
} // prettier-ignore
export async function filesOf(ctx: Pick<Context, 'db'>, ids: readonly string[]): Promise<Map<string, FileValue>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db.query<FileValue & object>(`SELECT id, name, bytes::float8 AS bytes, type FROM kernel.file WHERE id = ANY ($1::uuid[])`, [ids]) // prettier-ignore
  return new Map(rows.map((row) => [row.id, row]))
}
const longestLine = 80
/** A message in one line. */
export function lineOf({ withdrawnAt, files }: Pick<Row, 'withdrawnAt' | 'files'>, { text, voice }: Words): string {
  if (withdrawnAt !== null) return '已撤回'
  const what = voice ? '[语音]' : files.length ? '[附件]' : ''
  const line = [what, text.slice(0, longestLine * 2).replace(/\s+/gu, ' ')].filter(Boolean).join(' ')
  return line.length > longestLine ? `${line.slice(0, longestLine - 1).replace(/[\ud800-\udbff]$/, '')}…` : line
}
