import type { ApiRecord } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { personOf, type Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { counted, type About, type Counts, type FeedAnswer, type Outcome } from './feed.rules.ts'

const how = { byModule: true, system: true, act: 'feed' } as const

/** One run of any source at a time. */
export const inTurn = <T>(kernel: Kernel, ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> =>
  kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation.feed', 0))`)
    return work(tx)
  })

export const countsOf = (steps: readonly { outcome: Outcome | 'same' }[]): Counts =>
  Object.fromEntries(counted.map((key) => [key, steps.filter(({ outcome }) => outcome === key).length])) as Counts

interface Noted {
  about: About
  isFull?: boolean
  total: number
  /** Why nothing was done; empty where what is sure is done. */
  stopped?: string
  /** Why nothing could be read. */
  failed?: string
}
export async function noteRun(kernel: Kernel, ctx: Context, source: ApiRecord, { about, isFull = false, total, stopped = '', failed = '' }: Noted): Promise<ApiRecord> {
  const draft = { source: source.id, about, at: ctx.clock.now().toISOString(), isFull, status: failed ? 'failed' : stopped ? 'stopped' : 'applied', total, message: (failed || stopped).slice(0, 300) }
  return (await createRecord(kernel, ctx, 'organisation.feedRun', draft, how)).record
} // prettier-ignore
export async function noteCounts(kernel: Kernel, ctx: Context, run: ApiRecord, steps: readonly { outcome: Outcome | 'same' }[]): Promise<FeedAnswer> {
  const counts = countsOf(steps)
  const { record } = await updateRecordOf(kernel, ctx, 'organisation.feedRun', run.id, run.version, counts, how)
  return { run: record.id, about: record['about'] as About, number: String(record['number']), status: record['status'] as FeedAnswer['status'], total: Number(record['total']), ...counts }
} // prettier-ignore
/** What the log says of too many changes; empty where there are not. Few things, and the first of a source, are never too many. */
export function tooMuch(moved: number, known: number, source: ApiRecord, word: '人' | '个'): string {
  const most = Number(source['most'] ?? 2)
  const share = known > 0 ? (moved / known) * 100 : 0
  return moved >= 10 && share > most ? `${moved} ${word}有变动，占 ${known} ${word}的 ${share.toFixed(1)}%，超过上限 ${String(source['most'])}%` : ''
} // prettier-ignore

export type LineDraft = Readonly<Record<string, unknown>> & { outcome: Outcome; number: string; name: string }
interface LinesOf {
  source: ApiRecord
  run: string
  about: About
  /** Nothing of it is done: all of it waits. */
  isStopped?: boolean
}
/** Notes what came of each line; what is done needs nobody. */
export async function noteLines(kernel: Kernel, ctx: Context, lines: readonly LineDraft[], { source, run, about, isStopped = false }: LinesOf): Promise<void> {
  const noted = lines.map((line) => {
    const isDone = !isStopped && (line.outcome === 'changed' || line.outcome === 'added')
    return { id: uuidv7(), run, source: source.id, about, ...line, status: isDone ? 'done' : 'open', handledBy: isDone ? personOf(ctx.actor) : null }
  })
  await bulkCreate(kernel, ctx, 'organisation.feedLine', noted, { act: 'feed', batch: String(source['name']) })
} // prettier-ignore

/** What is told again takes the place of what was left open of it. Answers what is to be noted: the same words wait once. */
export async function supersede(kernel: Kernel, ctx: Context, source: string, about: About, { told, lines }: { told: readonly string[]; lines: readonly LineDraft[] }): Promise<LineDraft[]> {
  const by = about === 'absences' ? 'key' : 'number'
  // Indexes: feed_line (source, key) and (source, number).
  const open = await ctx.db.query<{ id: string; version: number; said: string; outcome: string; message: string | null; from: string | null; until: string | null }>(
    `SELECT id, version, ${by} AS said, outcome, message, "from", until FROM organisation.feed_line WHERE source = $1::uuid AND about = $2 AND ${by} = ANY ($3::text[]) AND status = 'open' AND deleted_at IS NULL
       AND EXISTS (SELECT 1 FROM organisation.feed_run r WHERE r.id = run AND r.status = 'applied')`,
    [source, about, told],
  )
  const kept = new Set<LineDraft>()
  for (const one of open) {
    const again = lines.find((line) => line[by] === one.said && line.outcome === one.outcome && (line.message || null) === (one.message || null) && (line['from'] ?? null) === one.from && (line['until'] ?? null) === one.until)
    if (again && !kept.has(again)) kept.add(again)
    else await updateRecordOf(kernel, ctx, 'organisation.feedLine', one.id, one.version, { status: 'ignored', note: '来源再次提供，以新的为准' }, how)
  }
  return lines.filter((line) => !kept.has(line))
} // prettier-ignore
