import { isUuid, Refusal, today, type NoticeAnswer, type NoticeItem, type NoticePage, type RichNode } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { likeText } from '../store/like.ts'
import { mayManage, resource } from './publish.ts'

/** SQL over a notice `n`: whoever signs in must read it before anything else. `day`: today. */
export const isForced = (day: string): string =>
  `n.status = 'published' AND n.must_read AND n.deleted_at IS NULL AND (n.until IS NULL OR n.until >= ${day}::date)`

export interface NoticeQuestion {
  kind?: string
  unread?: string
  q?: string
  /** The last notice of the page before. */
  before?: string
}
const page = 30
const columns = `n.id, n.title, n.kind, n.unit, n.published_at AS "publishedAt", n.published_by AS "publishedBy", n.must_read AS "mustRead", coalesce(cardinality(n.attachments), 0) AS attachments, r.read_at AS "readAt",
  (SELECT count(*)::int FROM kernel.notice_comment c WHERE c.notice = n.id AND c.removed_at IS NULL) AS comments`
interface Row extends Omit<NoticeItem, 'unitName' | 'publishedBy'> {
  unit: string
  publishedBy: string | null
}
const itemOf = ({ directory }: Context, { unit, publishedBy, ...row }: Row): NoticeItem => ({
  ...row,
  unitName: directory.units.get(unit)?.name ?? '',
  publishedBy: directory.nameOf(publishedBy),
})

/** What was published to somebody, newest first; hospital and unit counted apart. */
export async function myNotices(ctx: Context, { kind, unread, q = '', before }: NoticeQuestion): Promise<NoticePage> {
  const me = personOf(ctx.actor)
  const asked = kind === 'hospital' || kind === 'unit' ? kind : null
  const [rows, [counts]] = await Promise.all([
    ctx.db.query<Row & object>(
      `SELECT ${columns} FROM kernel.notice_reader r JOIN notices.notice n ON n.id = r.notice
       WHERE r.person = $1::uuid AND n.status = 'published' AND n.deleted_at IS NULL AND ($2::text IS NULL OR n.kind = $2) AND ($3::bool IS NOT TRUE OR r.read_at IS NULL) AND ($4::text IS NULL OR lower(n.title) LIKE $4)
         AND ($5::uuid IS NULL OR (r.published_at, r.notice) < (SELECT published_at, notice FROM kernel.notice_reader WHERE notice = $5 AND person = $1::uuid))
       ORDER BY r.published_at DESC, r.notice DESC LIMIT ${page}`,
      [me, asked, unread === '1', q.trim() ? `%${likeText(q.trim().slice(0, 100))}%` : null, isUuid(before) ? before : null],
    ),
    ctx.db.query<NoticePage['counts'] & object>(
      `SELECT count(*) FILTER (WHERE n.kind = 'hospital')::int AS hospital, count(*) FILTER (WHERE n.kind = 'unit')::int AS unit,
         count(*) FILTER (WHERE n.kind = 'hospital' AND r.read_at IS NULL)::int AS "unreadHospital", count(*) FILTER (WHERE n.kind = 'unit' AND r.read_at IS NULL)::int AS "unreadUnit"
       FROM kernel.notice_reader r JOIN notices.notice n ON n.id = r.notice WHERE r.person = $1::uuid AND n.status = 'published' AND n.deleted_at IS NULL`,
      [me],
    ),
  ])
  return { rows: rows.map((row) => itemOf(ctx, row)), next: rows.length < page ? null : rows.at(-1)!.id, counts: counts! }
} // prettier-ignore

/** One of them in full, for its readers and who manages it. */
export async function readNotice(kernel: Kernel, ctx: Context, id: string): Promise<NoticeAnswer> {
  const me = personOf(ctx.actor)
  const [row] = await ctx.db.query<Row & { isReader: boolean; status: string }>(
    `SELECT ${columns}, r.person IS NOT NULL AS "isReader", n.status FROM notices.notice n LEFT JOIN kernel.notice_reader r ON r.notice = n.id AND r.person = $2::uuid WHERE n.id = $1::uuid AND n.deleted_at IS NULL AND n.status <> 'draft'`,
    [id, me],
  )
  const stored = row && (await loadRecord(kernel, ctx, kernel.resource(resource), id))
  if (!row || !stored) throw gone()
  const manages = await mayManage(kernel, ctx, stored)
  if (!row.isReader && !manages) throw gone()
  const { isReader, status, ...item } = row
  const withdrawn = status === 'withdrawn'
  // What was taken back is shown to nobody but who takes care of it: perhaps it was what it said.
  const isShown = !withdrawn || manages
  return {
    ...itemOf(ctx, item),
    body: isShown ? (stored['body'] as RichNode) : null,
    files: isShown ? ((stored['attachments'] as string[] | null) ?? []) : [],
    mayComment: isReader && stored['comments'] === true && status === 'published',
    mayManage: manages,
    withdrawn: withdrawn ? String(stored['withdrawnReason'] ?? '') : null,
  }
} // prettier-ignore
const gone = () => new Refusal('notFound', '没有这个通知，或没有发给您')

/** He has read it: noted once, with its message. */
export async function noteNoticeRead(ctx: Context, id: string, link: string): Promise<void> {
  await ctx.db.query(
    `WITH r AS (UPDATE kernel.notice_reader SET read_at = $3 WHERE notice = $1::uuid AND person = $2::uuid AND read_at IS NULL)
     UPDATE kernel.message SET read_at = $3 WHERE person = $2::uuid AND link = $4 AND kind = 'notice' AND read_at IS NULL`,
    [id, personOf(ctx.actor), ctx.clock.now().toISOString(), link],
  )
}
/** Those that he must read now, the oldest first. */
export async function mustRead(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT n.id FROM kernel.notice_reader r JOIN notices.notice n ON n.id = r.notice WHERE r.person = $1::uuid AND r.read_at IS NULL AND ${isForced('$2')} ORDER BY r.published_at LIMIT 50`,
    [personOf(ctx.actor), today(ctx.clock)],
  )
  return rows.map(({ id }) => id)
}
/** Was it published to him? */
export async function isReader(db: Queryable, person: string, notices: readonly string[]): Promise<boolean> {
  const found = await db.query(`SELECT 1 FROM kernel.notice_reader r JOIN notices.notice n ON n.id = r.notice WHERE r.person = $1::uuid AND r.notice = ANY ($2::uuid[]) AND n.status = 'published' AND n.deleted_at IS NULL LIMIT 1`, [person, notices]) // prettier-ignore
  return found.length > 0
}
