import {
  addDays,
  invalid,
  isUuid,
  Refusal,
  startOfDay,
  today,
  type NoticeComment,
  type NoticeComments,
  type NoticeReader,
  type NoticeReaders,
  type NoticeStatistic,
  daysBetween,
  type ApiRecord,
} from '#model'
import { v7 as uuidv7 } from 'uuid'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { reaches } from '../records/rights-over.ts'
import { likeText } from '../store/like.ts'
import { needManaged, resource } from './publish.ts'
import { readNotice } from './reading.ts'

const page = 50
export interface ReadersQuestion {
  /** `read`: newest first; all others by name. */
  view?: string
  q?: string
  /** The last person of the page before. */
  before?: string
}
/** Who has read it and when, who has not; for who manages it. */
export async function readersOf(kernel: Kernel, ctx: Context, id: string, { view = 'read', q = '', before }: ReadersQuestion): Promise<NoticeReaders> {
  await needManaged(kernel, ctx, id)
  const [order, after] =
    view === 'read'
      ? ['r.read_at DESC, r.person DESC', '(r.read_at, r.person) < (SELECT read_at, person FROM kernel.notice_reader WHERE notice = $1::uuid AND person = $4)']
      : ['p.name, r.person', '(p.name, r.person) > (SELECT name, id FROM directory.person WHERE id = $4)']
  const named = q.trim() ? `%${likeText(q.trim().slice(0, 60))}%` : null
  const [rows, [counts]] = await Promise.all([
    ctx.db.query<Omit<NoticeReader, 'personName' | 'unitName'> & { unit: string | null }>(
      `SELECT r.person, r.unit, r.watched, r.read_at AS "readAt" FROM kernel.notice_reader r JOIN directory.person p ON p.id = r.person
       WHERE r.notice = $1::uuid AND CASE $2 WHEN 'read' THEN r.read_at IS NOT NULL WHEN 'unread' THEN r.read_at IS NULL WHEN 'watched' THEN r.watched ELSE true END
         AND ($3::text IS NULL OR lower(p.name) LIKE $3 OR lower(p.staff_number) LIKE $3)
         AND ($4::uuid IS NULL OR ${after})
       ORDER BY ${order} LIMIT ${page}`,
      [id, view, named, isUuid(before) ? before : null],
    ),
    ctx.db.query<Omit<NoticeReaders, 'rows' | 'next'> & object>(
      `SELECT count(*)::int AS total, count(read_at)::int AS read, count(*) FILTER (WHERE read_at >= $2)::int AS "readToday", count(*) FILTER (WHERE watched)::int AS watched, count(read_at) FILTER (WHERE watched)::int AS "watchedRead" FROM kernel.notice_reader WHERE notice = $1::uuid`,
      [id, startOfToday(ctx)],
    ),
  ])
  const shown = rows.map(({ unit, ...row }) => ({ ...row, personName: ctx.directory.nameOf(row.person), unitName: unitName(ctx, unit) }))
  return { rows: shown, next: rows.length < page ? null : rows.at(-1)!.person, ...counts! }
} // prettier-ignore
const unitName = ({ directory }: Context, unit: string | null): string => (unit ? (directory.units.get(unit)?.name ?? '') : '')
const startOfToday = (ctx: Context): string => startOfDay(today(ctx.clock)).toISOString()

/** What its readers said, newest first; `before`: the last comment of the page before. */
export async function commentsOf(kernel: Kernel, ctx: Context, id: string, before?: string): Promise<NoticeComments> {
  const { mayManage } = await readNotice(kernel, ctx, id)
  const me = personOf(ctx.actor)
  const [rows, [counts]] = await Promise.all([
    ctx.db.query<Pick<NoticeComment, 'id' | 'at' | 'person' | 'text'> & object>(
      `SELECT id, at, person, text FROM kernel.notice_comment WHERE notice = $1::uuid AND removed_at IS NULL AND ($2::uuid IS NULL OR (at, id) < (SELECT at, id FROM kernel.notice_comment WHERE id = $2 AND notice = $1::uuid))
       ORDER BY at DESC, id DESC LIMIT ${page}`,
      [id, isUuid(before) ? before : null],
    ),
    ctx.db.query<{ total: number; today: number }>(
      `SELECT count(*)::int AS total, count(*) FILTER (WHERE at >= $2)::int AS today FROM kernel.notice_comment WHERE notice = $1::uuid AND removed_at IS NULL`,
      [id, startOfToday(ctx)],
    ),
  ])
  const { directory } = ctx
  return {
    rows: rows.map((row) => ({ ...row, personName: directory.nameOf(row.person), unitName: unitName(ctx, directory.people.get(row.person)?.unit ?? null), mayRemove: mayManage || row.person === me })),
    next: rows.length < page ? null : rows.at(-1)!.id,
    ...counts!,
  }
} // prettier-ignore
export async function addComment(kernel: Kernel, ctx: Context, id: string, given: unknown): Promise<{ id: string }> {
  const text = typeof given === 'string' ? given.trim() : ''
  if (!text || text.length > 500) throw invalid([{ field: 'text', message: text ? '评论不超过 500 字' : '请填写评论' }])
  const { mayComment } = await readNotice(kernel, ctx, id)
  if (!mayComment) throw new Refusal('flowRefused', '这个通知不允许评论')
  const made = { id: uuidv7() }
  await ctx.db.query(`INSERT INTO kernel.notice_comment (id, notice, person, at, text) VALUES ($1, $2, $3, $4, $5)`, [made.id, id, personOf(ctx.actor), ctx.clock.now().toISOString(), text]) // prettier-ignore
  return made
}
/** One's own, or any of a notice that one manages. It is no longer shown, and stays on record. */
export async function removeComment(kernel: Kernel, ctx: Context, id: string, comment: string): Promise<void> {
  const { mayManage } = await readNotice(kernel, ctx, id)
  const me = personOf(ctx.actor)
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ person: string }>(
      `UPDATE kernel.notice_comment SET removed_at = $3, removed_by = $4::uuid WHERE id = $1::uuid AND notice = $2::uuid AND removed_at IS NULL AND ($5::bool OR person = $4::uuid) RETURNING person`,
      [comment, id, tx.clock.now().toISOString(), me, mayManage],
    )
    if (!row) throw new Refusal('notFound', '没有这条评论')
    await audit(tx, { act: 'notice.removeComment', outcome: 'done', resource, record: id, detail: { comment, of: row.person } })
  })
}

const longestDays = 366
/** What was published in a span of days, hospital and units apart, and how far it was read: of those notices that the asker may publish. */
export async function noticeStatistics(
  kernel: Kernel,
  ctx: Context,
  { from, to }: { from: string; to: string },
): Promise<NoticeStatistic[]> {
  const { filter } = kernel.access.need(ctx.actor, 'update', resource)
  if (daysBetween(from, to) > longestDays) throw new Refusal('badRequest', '一次最多看一年')
  const isWhole = kernel.access.mayUse(ctx.actor, 'notices.hospital')
  const span = [startOfDay(from).toISOString(), startOfDay(addDays(to, 1)).toISOString()]
  const published = `FROM notices.notice n WHERE n.status = 'published' AND n.deleted_at IS NULL AND n.published_at >= $1 AND n.published_at < $2`
  const units = await ctx.db.query<{ unit: string }>(`SELECT DISTINCT n.unit ${published}`, span)
  const c = kernel.resource(resource)
  const own: string[] = []
  for (const { unit } of units) if (await reaches(kernel, ctx, c, filter, { unit } as unknown as ApiRecord)) own.push(unit)
  const rows = await ctx.db.query<Omit<NoticeStatistic, 'unitName'> & object>(
    `SELECT n.kind, n.unit, count(*)::int AS notices, sum(r.readers)::int AS readers, sum(r.read)::int AS read, sum(c.comments)::int AS comments
     FROM (SELECT n.id, n.kind, n.unit ${published} AND n.unit = ANY ($3::uuid[]) AND ($4 OR n.kind = 'unit')) n
       CROSS JOIN LATERAL (SELECT count(*) AS readers, count(read_at) AS read FROM kernel.notice_reader WHERE notice = n.id) r
       CROSS JOIN LATERAL (SELECT count(*) AS comments FROM kernel.notice_comment WHERE notice = n.id AND removed_at IS NULL) c
     GROUP BY n.kind, n.unit ORDER BY n.kind, notices DESC`,
    [...span, own, isWhole],
  )
  return rows.map((row) => ({ ...row, unitName: unitName(ctx, row.unit) }))
}
