import { formatInstant, writeBackStates, type AskedAnswer, type AskedItem, type CampaignProgress, type CampaignState, type LineRecords, type WriteBackState } from '#model' // prettier-ignore
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { permissionOver } from '../records/rights-over.ts'
import { isLate, needAsked, whyKept, whyNot, writtenFor } from './answering.ts'
import { answerersOf, askedOf, unitsAnsweredBy, type Asked } from './asked.ts'
import { needSeen } from './managed.ts'
import { startProblems } from './running.ts'
import { approvalOf, pairsOf } from './write-back.ts'

const most = 100
/** What somebody is asked: the open first, by day; of the others the newest. */
export async function myLines(ctx: Context): Promise<AskedItem[]> {
  const me = personOf(ctx.actor)!
  const units = unitsAnsweredBy(ctx, me)
  const rows = await ctx.db.query<Omit<AskedItem, 'forUnit' | 'isLate'> & { unit: string; person: string | null }>(
    `SELECT l.id AS line, c.title, l.unit, l.person, c.due, c.closed_at AS "closedAt", l.status, l.records, c.status AS state FROM campaigns.line l JOIN campaigns.campaign c ON c.id = l.campaign
     WHERE l.deleted_at IS NULL AND c.deleted_at IS NULL AND c.status <> 'draft'
       AND (l.person = $1::uuid OR (l.person IS NULL AND ((c.answerer = 'head' AND l.unit = ANY ($2::uuid[])) OR (c.answerer = 'secretary' AND l.unit = ANY ($3::uuid[])))))
     ORDER BY (l.status = 'open' AND c.status = 'running') DESC, CASE WHEN c.status = 'running' THEN c.due END, c.due DESC, l.id LIMIT ${most}`,
    [me, units.head, units.secretary],
  )
  return rows.map(({ unit, person, ...row }) => ({ ...row, due: instant(row.due), closedAt: row.closedAt && instant(row.closedAt), forUnit: person ? null : ctx.directory.unitName(unit), isLate: new Date(row.due) <= ctx.clock.now() }))
} // prettier-ignore
const instant = (value: unknown): string => new Date(value as string).toISOString()

/** One of them, as whoever answers it sees it. */
export async function readAsked(kernel: Kernel, ctx: Context, id: string): Promise<AskedAnswer> {
  const asked = await needAsked(kernel, ctx, id)
  const { stored, of } = asked
  const formName = of['form'] as string
  const form = kernel.defs.resources.get(formName)
  const written = await writtenFor(kernel, ctx, id, formName)
  const why = whyNot(ctx, asked)
  const formWhy = !form ? '表单已停用，请联系发起科室' : kernel.access.can(ctx.actor, 'create', formName) ? null : `没有新增“${form.label}”的权限，请联系发起科室` // prettier-ignore
  const onceWhy = of['several'] !== true && written.length ? '只填一份，需要时请修改已填的' : null
  const { directory } = ctx
  return {
    line: id,
    title: String(of['title']),
    words: (of['words'] as string | null) ?? '',
    unitName: directory.unitName(of['unit'] as string),
    forUnit: stored['person'] ? null : directory.unitName(stored['unit'] as string),
    due: instant(of['due']),
    closedAt: (of['closedAt'] as string | null) ?? null,
    status: stored['status'] as AskedAnswer['status'],
    state: of['status'] as CampaignState,
    records: written.length,
    isLate: isLate(ctx, of),
    form: formName,
    formLabel: form?.label ?? '已停用的表单',
    problem: why ?? formWhy ?? onceWhy,
    noneProblem: why ?? (of['mayNone'] === true ? whyKept(kernel, of, written) : '这项填报不能报“无”'),
    several: of['several'] === true,
    mayChange: why === null && written.length > 0 && kernel.access.can(ctx.actor, 'update', formName) !== null && !form?.approval,
    written: await Promise.all(written.map(async (one) => ({ id: one.record, title: await titleOf(kernel, ctx, formName, one.record), at: instant(one.at), by: directory.nameOf(one.person) }))),
    answeredAt: (stored['answeredAt'] as string | null) ?? null,
    answeredBy: directory.nameOf(stored['answeredBy'] as string | null),
  }
} // prettier-ignore
/** What a record is called, where its reader may read it. */
async function titleOf(kernel: Kernel, ctx: Context, form: string, id: string): Promise<string> {
  const c = kernel.resource(form)
  const record = await loadRecord(kernel, ctx, c, id)
  const permission = record && (await permissionOver(kernel, ctx, 'read', c, record))
  const isShown = permission && !permission.hidden.has(c.r.title) && !permission.masked.has(c.r.title)
  const title = isShown ? record[c.r.title] : null
  const ofPlain = ['text', 'longText', 'date', 'autoNumber'].includes(c.r.fields[c.r.title]?.kind ?? '')
  return typeof title === 'string' && ofPlain ? title : c.r.label
}
/** What was filled in for a line, for whoever sees its campaign. */
export async function recordsOf(kernel: Kernel, ctx: Context, id: string): Promise<LineRecords> {
  const [row] = await ctx.db.query<{ campaign: string }>(`SELECT campaign FROM campaigns.line WHERE id = $1::uuid AND deleted_at IS NULL`, [id])
  const { stored: of } = await needSeen(kernel, ctx, row?.campaign ?? id)
  const form = of['form'] as string
  const written = await writtenFor(kernel, ctx, id, form)
  const rows = written.map(async ({ record, at, person }) => ({ id: record, title: await titleOf(kernel, ctx, form, record), at: formatInstant(instant(at)), by: ctx.directory.nameOf(person) }))
  return { form, rows: await Promise.all(rows), approval: await approvalOf(ctx, id) }
} // prettier-ignore

/** How it stands: by unit, with who cannot answer any more. */
export async function progressOf(kernel: Kernel, ctx: Context, id: string): Promise<CampaignProgress> {
  const { stored, mayManage } = await needSeen(kernel, ctx, id)
  const isDraft = stored['status'] === 'draft'
  const rows = await ctx.db.query<{ unit: string | null; has: number; none: number; open: number; late: number; toWriteBack: number }>(
    `SELECT unit, count(*) FILTER (WHERE status = 'has')::int AS has, count(*) FILTER (WHERE status = 'none')::int AS none, count(*) FILTER (WHERE status = 'open')::int AS open, count(*) FILTER (WHERE late)::int AS late,
       count(*) FILTER (WHERE status = 'has' AND coalesce(write_back, 'failed') = 'failed')::int AS "toWriteBack"
     FROM campaigns.line WHERE campaign = $1::uuid AND deleted_at IS NULL GROUP BY unit ORDER BY open DESC, unit`,
    [id],
  )
  const open = await ctx.db.query<Asked & object>(`SELECT person, unit FROM campaigns.line WHERE campaign = $1::uuid AND status = 'open' AND deleted_at IS NULL`, [id])
  const back = await ctx.db.query<{ outcome: WriteBackState; count: number }>(`SELECT write_back AS outcome, count(*)::int AS count FROM campaigns.line WHERE campaign = $1::uuid AND write_back IS NOT NULL AND deleted_at IS NULL GROUP BY write_back`, [id])
  const became = new Map(back.map(({ outcome, count }) => [outcome, count]))
  const sum = (key: 'has' | 'none' | 'open' | 'late' | 'toWriteBack') => rows.reduce((total, row) => total + row[key], 0)
  return {
    status: stored['status'] as CampaignState, mayManage, due: stored['due'] as string, closedAt: (stored['closedAt'] as string | null) ?? null, version: stored.version,
    wouldAsk: isDraft ? askedOf(ctx, stored).length : 0,
    problems: isDraft ? startProblems(kernel, ctx, stored).map(({ message }) => message) : [],
    has: sum('has'), none: sum('none'), open: sum('open'), late: sum('late'), toWriteBack: sum('toWriteBack'),
    gone: open.filter((one) => answerersOf(ctx, one, stored['answerer']).length === 0).length,
    units: rows.map(({ unit, has, none, open: left }) => ({ unit, unitName: ctx.directory.unitName(unit) || '未分配科室', has, none, open: left })),
    file: stored['file'] as string | null,
    pairs: pairsOf(stored),
    writtenBack: Object.fromEntries(Object.keys(writeBackStates).map((outcome) => [outcome, became.get(outcome as WriteBackState) ?? 0])) as CampaignProgress['writtenBack'],
  }
} // prettier-ignore
