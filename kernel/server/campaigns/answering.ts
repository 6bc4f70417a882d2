import { invalid, isUuid, Refusal, type ApiRecord, type RecordState } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { setDeleted } from '../records/deletion.ts'
import { loadRecord } from '../records/load.ts'
import { answerersOf, type Asked } from './asked.ts'
import { campaign, line, writeLine } from './managed.ts'
import { answered } from './todos.ts'

export interface Answering {
  stored: ApiRecord
  of: ApiRecord
}
async function findLine(kernel: Kernel, ctx: Context, id: unknown): Promise<Answering | null> {
  const stored = isUuid(id) ? await loadRecord(kernel, ctx, kernel.resource(line), id) : null
  const of = stored && (await loadRecord(kernel, ctx, kernel.resource(campaign), stored['campaign'] as string))
  return stored && of && of['status'] !== 'draft' ? { stored, of } : null
}
/** His line with its campaign. @throws {Refusal} 404 for whoever does not answer it. */
export async function needAsked(kernel: Kernel, ctx: Context, id: unknown): Promise<Answering> {
  const me = personOf(ctx.actor)
  const found = await findLine(kernel, ctx, id)
  if (!found || !me || !answerersOf(ctx, found.stored as unknown as Asked, found.of['answerer']).includes(me))
    throw new Refusal('notFound', '没有这项填报，或没有发给您')
  return found
}
/** Why a line cannot be answered at this instant; null: it can. Late comes in only who has not answered. */
export function whyNot(ctx: Pick<Context, 'clock'>, { stored, of }: Answering): string | null {
  if (of['status'] === 'closed') return '填报任务已截止，不能再填报或修改'
  if (stored['status'] !== 'open' && isLate(ctx, of)) return '已过截止时间，不能再修改'
  return null
}
export const isLate = ({ clock }: Pick<Context, 'clock'>, of: ApiRecord, at: string | Date = clock.now()): boolean => new Date(of['due'] as string) <= new Date(at) // prettier-ignore

/** Holds the line, and the campaign as it is: nobody ends it while somebody answers. */
export async function holdLine(kernel: Kernel, tx: Context, id: string): Promise<Answering | null> {
  const found = await findLine(kernel, tx, id)
  if (!found) return null
  await tx.db.query(`SELECT 1 FROM campaigns.campaign WHERE id = $1::uuid FOR SHARE`, [found.of.id])
  await tx.db.query(`SELECT 1 FROM campaigns.line WHERE id = $1::uuid FOR UPDATE`, [id])
  return findLine(kernel, tx, id)
}
async function hold(kernel: Kernel, tx: Context, id: unknown): Promise<Answering> {
  const { stored } = await needAsked(kernel, tx, id)
  await holdLine(kernel, tx, stored.id)
  return needAsked(kernel, tx, stored.id)
}
function needOpen(tx: Context, held: Answering): void {
  const why = whyNot(tx, held)
  if (why) throw new Refusal('flowRefused', why)
}

/**
 * Does what makes a record of the form, and notes it as the answer of the line, both or neither. A sending that came before (`act`) is answered by `work` alone, which
 * knows its own repetitions. Without a line it is `work`.
 */
export async function asAnswer<T>(
  kernel: Kernel,
  ctx: Context,
  given: { line: unknown; resource: string; act: string | undefined },
  work: (ctx: Context) => Promise<T>,
  recordOf: (answer: T) => string,
): Promise<T> {
  if (given.line === undefined) return work(ctx)
  const act = given.act ?? uuidv7()
  const done = await kernel.transaction(ctx, async (tx) => {
    const held = await hold(kernel, tx, given.line)
    const { stored, of } = held
    const before = await tx.db.query<{ act: string }>(`SELECT act FROM kernel.campaign_record WHERE line = $1::uuid`, [stored.id])
    if (before.some((one) => one.act === act)) return null
    if (of['form'] !== given.resource) throw new Refusal('badRequest', '这项填报用的是另一个表单')
    needOpen(tx, held)
    if (of['several'] !== true && (await writtenFor(kernel, tx, stored.id, given.resource)).length > 0) throw new Refusal('flowRefused', '这项填报只填一份，请修改已填的')
    const answer = await work(tx)
    await needOwn(kernel, tx, held, recordOf(answer))
    const now = tx.clock.now().toISOString()
    await tx.db.query(`INSERT INTO kernel.campaign_record (line, record, resource, act, person, at) VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, $6)`, [stored.id, recordOf(answer), given.resource, act, personOf(tx.actor), now])
    await note(kernel, tx, held, 'has', (await writtenFor(kernel, tx, stored.id, given.resource)).length, now)
    return { answer }
  })
  return done ? done.answer : work(ctx)
} // prettier-ignore
/** What somebody is asked about himself he answers about himself. */
async function needOwn(kernel: Kernel, tx: Context, { stored, of }: Answering, id: string): Promise<void> {
  const c = kernel.resource(of['form'] as string)
  const key = c.r.owner.person
  const record = await loadRecord(kernel, tx, c, id)
  if (stored['person'] && key && record?.[key] !== stored['person']) throw invalid([{ field: key, message: '填报任务须填写您本人的内容' }])
} // prettier-ignore
/** What was written back was another answer. */
export const notWritten = { writeBack: null, writeBackSaid: null }
async function note(kernel: Kernel, tx: Context, { stored, of }: Answering, status: 'has' | 'none', records: number, at: string): Promise<void> {
  const late = stored['late'] === true || isLate(tx, of)
  const said = { status, records, late, answeredAt: at, answeredBy: personOf(tx.actor), ...notWritten }
  await writeLine(kernel, tx, stored, said, status === 'none' ? 'campaign.none' : 'campaign.answer')
  await answered(tx, stored.id)
} // prettier-ignore
export interface Written {
  record: string
  at: string
  person: string
  state: RecordState
}
/** What was filled in for a line and has been neither deleted nor refused since, newest first. */
export async function writtenFor(kernel: Kernel, ctx: Pick<Context, 'db'>, id: string, form: string): Promise<Written[]> {
  if (!kernel.defs.resources.has(form)) return []
  return ctx.db.query<Written & object>(
    `SELECT w.record, w.at, w.person, t.state FROM kernel.campaign_record w JOIN ${kernel.resource(form).table} t ON t.id = w.record AND t.deleted_at IS NULL AND t.state <> 'refused' WHERE w.line = $1::uuid AND w.resource = $2 ORDER BY w.at DESC, w.record DESC`,
    [id, form],
  )
}

/** Why he cannot take back what he has filled in; null: he can. What goes by an approval is withdrawn there, and what was approved stands. */
export function whyKept(kernel: Kernel, of: ApiRecord, written: readonly Written[]): string | null {
  if (written.length === 0 || !kernel.defs.resources.get(of['form'] as string)?.approval) return null
  return written.some(({ state }) => state === 'approved') ? '已填的内容已经批准，不能改报“无”' : '已填的内容已提交审批，请先在审批中撤回，再报“无”'
} // prettier-ignore
/** Nothing to report. What he had filled in for it goes to the recycle bin: it was this campaign's, and it was mistaken. */
export async function answerNone(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const held = await hold(kernel, tx, id)
    needOpen(tx, held)
    if (held.of['mayNone'] !== true) throw invalid([{ field: 'status', message: '这项填报不能报“无”' }])
    if (held.stored['status'] === 'none') return
    const form = held.of['form'] as string
    const written = await writtenFor(kernel, tx, id, form)
    const kept = whyKept(kernel, held.of, written)
    if (kept) throw new Refusal('flowRefused', kept)
    for (const { record } of written) await setDeleted(kernel, tx, form, record, true, null, { byModule: true, act: 'campaign.none' })
    await note(kernel, tx, held, 'none', 0, tx.clock.now().toISOString())
  })
} // prettier-ignore
