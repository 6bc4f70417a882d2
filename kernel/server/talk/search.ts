import { invalid, type TalkHits } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { needTalk, openTalk, type OpenTalk } from './access.ts'
import { lineOf, messageColumns } from './messages.ts'
import { mine, titleOf } from './reading.ts'
import { openWords } from './words.ts'

/** How many messages are opened at most: of all one's conversations, and of a single one. */
export const searchedOfAll = 5000
export const searchedOfOne = 20_000
const [atOnce, mostHits, mostTalks] = [1000, 50, 500]
export interface SearchAsked {
  q?: string
  talk?: string
}
interface Row {
  id: string
  talk: string
  n: number
  at: string
  person: string
  words: Buffer | null
  files: string[]
  withdrawnAt: string | null
}

/** Messages whose words hold this, the latest first: opened here, because what is sealed cannot be asked for in the database. */
export async function searchTalks(kernel: Kernel, ctx: Context, { q = '', talk }: SearchAsked): Promise<TalkHits> {
  const wanted = plain(q.trim().slice(0, 100))
  if (wanted.length < 2) throw invalid([{ field: 'q', message: '请输入至少两个字' }])
  const open = new Map<string, OpenTalk | null>()
  if (talk !== undefined) open.set(talk, await needTalk(kernel, ctx, talk))
  const own = talk === undefined ? await mine(ctx, `ORDER BY t.last_at DESC LIMIT ${mostTalks}`, []) : []
  const talks = talk === undefined ? own.map((one) => one.talk.id) : [talk]
  // In a group what was said before one came is not looked through; elsewhere everything is.
  const since = talk === undefined ? own.map(({ talk: t, member }) => (t.kind === 'group' && !t.unit ? member.since : 0)) : [open.get(talk)!.since]
  const isOpen = async (id: string): Promise<OpenTalk | null> => {
    if (!open.has(id)) {
      const row = own.find((one) => one.talk.id === id)!
      open.set(id, await openTalk(kernel, ctx, row.talk, row.member))
    }
    return open.get(id)!
  }
  const rows: TalkHits['rows'] = []
  const most = talk === undefined ? searchedOfAll : searchedOfOne
  let searched = 0
  for (let last: Row | undefined; searched < most; ) {
    const page: Row[] = await ctx.db.query<Row & object>(
      `SELECT m.talk, ${messageColumns} FROM unnest($1::uuid[], $2::bigint[]) AS g(talk, since) JOIN kernel.talk_message m ON m.talk = g.talk AND m.n > g.since
       WHERE NOT m.note AND m.words IS NOT NULL AND ($3::timestamptz IS NULL OR (m.at, m.id) < ($3::timestamptz, $4::uuid)) ORDER BY m.at DESC, m.id DESC LIMIT ${atOnce}`,
      [talks, since, last?.at ?? null, last?.id ?? null],
    )
    const words = await openWords(kernel, ctx.db, page)
    for (const row of page) {
      searched++
      const said = words.get(row.id)!.words
      if (!plain(said.text).includes(wanted)) continue
      const found = await isOpen(row.talk)
      if (!found) continue
      rows.push({ talk: row.talk, title: await titleOf(kernel, ctx, found), n: row.n, at: row.at, personName: ctx.directory.nameOf(row.person), line: around(lineOf(row, said), said.text, wanted) })
      if (rows.length === mostHits) return { rows, searched, isWhole: false }
    }
    if (page.length < atOnce) return { rows, searched, isWhole: talks.length < mostTalks }
    last = page.at(-1)
  }
  return { rows, searched, isWhole: false }
} // prettier-ignore
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()
/** What stands around the place that was found, where the beginning does not show it. */
function around(line: string, text: string, wanted: string): string {
  if (plain(line).includes(wanted)) return line
  const at = Math.max(0, plain(text).indexOf(wanted) - 15)
  return `…${text.slice(at, at + 70).replace(/\s+/gu, ' ').toWellFormed()}…` // prettier-ignore
}
