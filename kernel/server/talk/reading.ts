import { approvalSubject, isUuid, mostMembers, type TalkAnswer, type TalkFiles, type TalkItem, type TalkList } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { titleIn } from '../records/title-in.ts'
import {
  closedFor,
  isOfUnit,
  mayNameAll,
  membersNow,
  needPerson,
  needTalk,
  seatColumns,
  seatOf,
  type SeatRow,
  openTalk,
  memberColumns,
  type Member,
  type OpenTalk,
  type Talk,
} from './access.ts'
import { filesOf, lineOf, messageColumns } from './messages.ts'
import { openWords } from './words.ts'

/** How a conversation is called by whom it is open to. */
export async function titleOf(kernel: Kernel, ctx: Context, { talk, me, resource }: Pick<OpenTalk, 'talk' | 'me' | 'resource'>): Promise<string> {
  if (talk.kind === 'direct') return ctx.directory.nameOf(talk.one === me ? talk.other : talk.one) || '已离开的人员'
  if (talk.kind === 'group') return talk.unit ? `${ctx.directory.unitName(talk.unit) || '已撤销的科室'}（科室群）` : (talk.name ?? '')
  if (resource === approvalSubject) {
    const [row] = await ctx.db.query<{ title: string; number: string }>(`SELECT title, number FROM kernel.flow_instance WHERE id = $1::uuid`, [talk.subjectId])
    return row?.title || row?.number || '审批'
  }
  const label = labelOf(kernel, resource!)
  const title = await titleIn(kernel, ctx, resource!, talk.subjectId!)
  return title && title !== label ? `${label} · ${title}` : label
} // prettier-ignore
export const labelOf = (kernel: Kernel, resource: string): string =>
  resource === approvalSubject ? '审批' : (kernel.defs.resources.get(resource)?.label ?? '')

/** Everything about one conversation but what was said. */
export async function answerOf(kernel: Kernel, ctx: Context, open: OpenTalk): Promise<TalkAnswer> {
  const { talk, me, member, resource } = open
  const { directory } = ctx
  const people = talk.kind === 'direct' ? await everyone(ctx, talk) : await membersNow(ctx, talk)
  const closed = await closedFor(ctx, open)
  const isOwn = talk.kind === 'group' && talk.unit === null
  return {
    id: talk.id,
    kind: talk.kind,
    title: await titleOf(kernel, ctx, open),
    about: talk.kind === 'record' ? { resource: resource!, id: talk.subjectId!, label: labelOf(kernel, resource!) } : null,
    attachTo: talk.kind === 'record' ? await recordOf(ctx, resource!, talk.subjectId!) : null,
    unit: talk.unit,
    owner: talk.owner,
    count: people.length,
    members: people.slice(0, mostMembers).map(({ person, read }) => ({
      person,
      personName: directory.nameOf(person) || '已离开的人员',
      unitName: directory.unitName(directory.people.get(person)?.unit ?? null),
      read,
      isGone: !directory.isActive(person),
    })),
    last: talk.last,
    read: member?.read ?? 0,
    muted: member?.muted ?? false,
    may: { write: closed === null, manage: isOwn && talk.owner === me, leave: isOwn, mentionAll: mayNameAll(ctx, open) },
    closed,
  }
}
async function recordOf(ctx: Context, resource: string, record: string): Promise<TalkAnswer['attachTo']> {
  if (resource !== approvalSubject) return { resource, record }
  const [row] = await ctx.db.query<{ resource: string; record: string }>(`SELECT resource, record FROM kernel.flow_instance WHERE id = $1::uuid`, [record]) // prettier-ignore
  return row ?? null
}
const everyone = (ctx: Context, { id }: Talk) =>
  ctx.db.query<Member & object>(`SELECT ${memberColumns('m')} FROM kernel.talk_member m WHERE m.talk = $1::uuid`, [id])
export const readTalk = async (kernel: Kernel, ctx: Context, id: string): Promise<TalkAnswer> =>
  answerOf(kernel, ctx, await needTalk(kernel, ctx, id))

export type MyRow = { talk: Talk; member: Member }
/** One's conversations, the latest first. Relies on talk_member_person. */
export async function mine(ctx: Context, more: string, values: readonly unknown[]): Promise<MyRow[]> {
  const me = needPerson(ctx)
  const rows = await ctx.db.query<SeatRow & object>(
    `SELECT ${seatColumns} FROM kernel.talk_member m JOIN kernel.talk t ON t.id = m.talk
     WHERE m.person = $1::uuid AND m.left_at IS NULL AND m.listens AND (t.last > 0 OR t.kind = 'group') ${more}`,
    [me, ...values],
  )
  return rows.filter(({ unit }) => !unit || isOfUnit(ctx, me, unit)).map((row) => seatOf(row) as MyRow)
}
/** As many conversations come at once; so many are looked through for a name. */
const [page, mostNamed] = [30, 300]
export interface TalksAsked {
  before?: string
  q?: string
}
export async function myTalks(kernel: Kernel, ctx: Context, { before, q = '' }: TalksAsked): Promise<TalkList> {
  const search = q.trim().toLowerCase().slice(0, 60)
  const rows = await mine(
    ctx,
    `AND ($2::uuid IS NULL OR (t.last_at, t.id) < (SELECT last_at, id FROM kernel.talk WHERE id = $2::uuid)) ORDER BY t.last_at DESC, t.id DESC LIMIT ${search ? mostNamed : page}`,
    [isUuid(before) ? before : null],
  )
  const items = await itemsOf(kernel, ctx, rows)
  const full = rows.length >= (search ? mostNamed : page)
  return {
    rows: search ? items.filter(({ title }) => title.toLowerCase().includes(search)) : items,
    next: full && !search ? rows.at(-1)!.talk.id : null,
  }
}
async function itemsOf(kernel: Kernel, ctx: Context, rows: readonly MyRow[]): Promise<TalkItem[]> {
  const lines = await linesOf(kernel, ctx, rows)
  const items: TalkItem[] = []
  for (const { talk, member } of rows) {
    const open = await openTalk(kernel, ctx, talk, member)
    if (!open) {
      await loseTalk(ctx, talk.id, member.person)
      continue
    }
    items.push({
      id: talk.id, kind: talk.kind, title: await titleOf(kernel, ctx, open), at: talk.lastAt, line: lines.get(talk.id) ?? null,
      unread: Math.max(0, talk.last - member.read), isMentioned: member.mentioned > member.read, muted: member.muted,
    }) // prettier-ignore
  }
  return items
}
/** Whose right to the record is gone counts it no more; it comes back when he is named there again, or writes. */
export const loseTalk = (ctx: Pick<Context, 'db' | 'clock'>, talk: string, person: string): Promise<unknown> =>
  ctx.db.query(`UPDATE kernel.talk_member SET left_at = $3 WHERE talk = $1::uuid AND person = $2::uuid AND left_at IS NULL`, [talk, person, ctx.clock.now().toISOString()]) // prettier-ignore
async function linesOf(kernel: Kernel, ctx: Context, rows: readonly MyRow[]): Promise<Map<string, string>> {
  const last = await ctx.db.query<{ id: string; talk: string; n: number; person: string; words: Buffer | null; note: boolean; files: string[]; withdrawnAt: string | null }>(
    `SELECT m.talk, ${messageColumns} FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS g(talk, n, since) JOIN kernel.talk_message m ON m.talk = g.talk AND m.n = g.n AND m.n > g.since`,
    [rows.map(({ talk }) => talk.id), rows.map(({ talk }) => talk.last), rows.map(({ talk, member }) => (talk.kind === 'group' && !talk.unit ? member.since : 0))],
  )
  const words = await openWords(kernel, ctx.db, last)
  return new Map(last.map((row) => {
    const direct = rows.find(({ talk }) => talk.id === row.talk)?.talk.kind === 'direct'
    const { words: said, unreadable } = words.get(row.id)!
    const line = unreadable ? '（内容已删除）' : lineOf(row, said)
    return [row.talk, direct ? line : `${ctx.directory.nameOf(row.person)}${row.note ? ' ' : '：'}${line}`]
  }))
} // prettier-ignore
/** How many messages wait for him; of a muted conversation only whether it names him. */
export async function unreadOf(ctx: Context): Promise<number> {
  const me = needPerson(ctx)
  const rows = await ctx.db.query<{ unit: string | null; unread: number }>(
    `SELECT t.unit, CASE WHEN m.muted THEN 1 ELSE (t.last - m.read)::int END AS unread FROM kernel.talk_member m JOIN kernel.talk t ON t.id = m.talk
     WHERE m.person = $1::uuid AND m.left_at IS NULL AND m.listens AND t.last > m.read AND (NOT m.muted OR m.mentioned > m.read)`,
    [me],
  )
  return rows.filter(({ unit }) => !unit || isOfUnit(ctx, me, unit)).reduce((sum, { unread }) => sum + unread, 0)
}

const filesAtOnce = 30
/** Pictures and files of a conversation, the latest first. */
export async function talkFiles(kernel: Kernel, ctx: Context, id: string, before: string | undefined): Promise<TalkFiles> {
  const { talk, since } = await needTalk(kernel, ctx, id)
  const rows = await ctx.db.query<{ n: number; at: string; person: string; files: string[] }>(
    `SELECT n, at, person, files FROM kernel.talk_message WHERE talk = $1::uuid AND n > $2::bigint AND ($3::bigint IS NULL OR n < $3::bigint) AND files <> '{}' ORDER BY n DESC LIMIT ${filesAtOnce}`,
    [talk.id, since, before !== undefined && /^\d{1,15}$/.test(before) ? before : null],
  )
  const known = await filesOf(ctx, rows.flatMap(({ files }) => files)) // prettier-ignore
  return {
    rows: rows.flatMap(({ n, at, person, files }) =>
      files.flatMap((one) => {
        const file = known.get(one)
        return file ? [{ n, at, personName: ctx.directory.nameOf(person), file }] : []
      }),
    ),
    next: rows.length < filesAtOnce ? null : rows.at(-1)!.n,
  }
}
