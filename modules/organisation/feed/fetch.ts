import { Refusal, type ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { claimSlot } from '#kernel/server/jobs/schedule.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { takeAbsences } from './absences.ts'
import { takeFeed } from './apply.ts'
import type { About, FeedAnswer, FeedTrial } from './feed.rules.ts'
import { slotsAround, usualReading, type FeedRhythm, type FeedWay, type FetchAnswer, type FetchState } from './fetch.rules.ts'
import { lacksDatabase, readViews } from './fetch-view.ts'
import { lacksWecom, readWecom } from './fetch-wecom.ts'
import { noteCounts, noteRun } from './report.ts'
import { takeUnits } from './units.ts'

const sourceName = 'organisation.feedSource'
/** What was read, as the interface would have taken it; what is not there was not asked for. */
export type FetchedLines = Partial<Record<About, readonly Record<string, string>[]>>
const readers: Readonly<Record<Exclude<FeedWay, 'told'>, (kernel: Kernel, source: ApiRecord) => Promise<FetchedLines>>> = { view: readViews, wecom: readWecom } // prettier-ignore

const wayOf = (source: ApiRecord): FeedWay => (source['way'] ?? 'told') as FeedWay
function read(kernel: Kernel, source: ApiRecord): Promise<FetchedLines> {
  const way = wayOf(source)
  if (way === 'told') throw new Refusal('flowRefused', '这个来源由对方发送，不能读取')
  if (kernel.trial) throw new Refusal('flowRefused', '试用空间不读取其他系统')
  return readers[way](kernel, source)
}

/** What would come of reading it now, as far as people go; does nothing. */
export async function tryFetch(kernel: Kernel, ctx: Context, source: ApiRecord): Promise<FeedTrial> {
  const { people } = await read(kernel, source)
  if (!people) throw new Refusal('flowRefused', '这个来源没有人员视图，不能先看')
  return (await takeFeed(kernel, ctx, source, people, { isFull: source['isWhole'] !== false, isTrial: true })) as FeedTrial
}

/** Reads a source and takes what it knows as if it had told it. What cannot be read changes nothing, stands as a run, and its keeper is told once. */
export async function fetchSource(kernel: Kernel, ctx: Context, source: ApiRecord): Promise<FetchAnswer> {
  let lines: FetchedLines
  try {
    lines = await read(kernel, source)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'otherFailed') throw error
    const failed = await noteFault(kernel, ctx, source, error.message)
    await tellKeeper(kernel, ctx, source, { run: failed, title: `没有读到${String(source['name'])}`, body: `${error.message}。什么都没有改变` })
    return { answers: [failed], fault: error.message }
  }
  const isFull = source['isWhole'] !== false
  const answers: FeedAnswer[] = []
  // Units first: people stand in them.
  if (lines.units?.length) answers.push(await takeUnits(kernel, ctx, source, lines.units, isFull))
  if (lines.people?.length) answers.push((await takeFeed(kernel, ctx, source, lines.people, { isFull })) as FeedAnswer)
  if (lines.absences?.length) answers.push(await takeAbsences(kernel, ctx, source, lines.absences))
  for (const run of answers.filter(({ status }) => status === 'stopped'))
    await tellKeeper(kernel, ctx, source, { run, title: `${String(source['name'])}变动过多，等待确认`, body: '请核对明细后决定执行还是放弃。什么都没有改变' })
  return { answers, fault: null }
} // prettier-ignore
const noteFault = (kernel: Kernel, ctx: Context, source: ApiRecord, fault: string): Promise<FeedAnswer> =>
  kernel.transaction(ctx, async (tx) => {
    const run = await noteRun(kernel, tx, source, { about: 'people', isFull: source['isWhole'] !== false, total: 0, failed: fault })
    return noteCounts(kernel, tx, run, [])
  })

/** Whoever looks after a source hears of a trouble once, until something of it was carried out again. */
async function tellKeeper(kernel: Kernel, ctx: Context, source: ApiRecord, { run, title, body }: { run: FeedAnswer; title: string; body: string }): Promise<void> {
  const keeper = source['contact'] as string | null
  if (!keeper) return
  // Index: feed_run (source, at).
  const [good] = await kernel.db.query<{ id: string }>(
    `SELECT g.id FROM organisation.feed_run g JOIN organisation.feed_run r ON r.id = $2::uuid AND (r.status = 'failed' OR g.about = r.about)
     WHERE g.source = $1::uuid AND g.status = 'applied' AND g.deleted_at IS NULL ORDER BY g.at DESC, g.id DESC LIMIT 1`,
    [source.id, run.run],
  )
  const onceKey = `feed ${run.status} ${source.id} ${good?.id ?? ''}`
  await kernel.transaction(ctx, (tx) => tell(tx, [keeper], { kind: 'other', title, body, link: `/r/organisation.feedRun/${run.run}`, onceKey }))
} // prettier-ignore

const slotsOf = (kernel: Kernel, source: ApiRecord) =>
  slotsAround((source['rhythm'] ?? 'day') as FeedRhythm, String(source['readAt'] ?? usualReading), kernel.clock.now())
/** How it is read, and what is lacking. */
export async function fetchState(kernel: Kernel, source: ApiRecord): Promise<FetchState> {
  const way = wayOf(source)
  const { wecom, databases } = kernel.elsewhere
  const lacks = way === 'wecom' && !wecom ? lacksWecom : way === 'view' && !databases.has(String(source['code'])) ? lacksDatabase(source) : null
  // Index: feed_run (source, at).
  const [last = null] = await kernel.db.query<{ at: string; fault: string | null }>(
    `SELECT at, CASE WHEN status = 'failed' THEN message END AS fault FROM organisation.feed_run WHERE source = $1::uuid AND deleted_at IS NULL ORDER BY at DESC, id DESC LIMIT 1`,
    [source.id],
  )
  return { way, last, next: way === 'told' ? null : (slotsOf(kernel, source)?.next.toISOString() ?? null), lacks }
} // prettier-ignore
/** Reads the sources whose time has come, each on one process. Whatever was changed after its time waits for the next one. */
export async function fetchDue(kernel: Kernel): Promise<void> {
  if (kernel.trial) return
  const ids = await kernel.db.query<{ id: string }>(
    `SELECT id FROM organisation.feed_source WHERE way IN ('view', 'wecom') AND NOT coalesce(is_stopped, FALSE) AND deleted_at IS NULL ORDER BY code`,
  )
  const failed: unknown[] = []
  for (const { id } of ids)
    try {
      const ctx = await kernel.context({ kind: 'system', reason: '人员对接' }, 'feed')
      const source = await loadRecord(kernel, ctx, kernel.resource(sourceName), id)
      const slot = source && slotsOf(kernel, source)?.last
      if (!slot || slot.toISOString() <= String(source['updatedAt'])) continue
      if (await claimSlot(kernel, `organisation.feed.${id}`, slot)) await fetchSource(kernel, ctx, source)
    } catch (error) {
      failed.push(error)
    }
  // One source that is broken holds up no other.
  if (failed.length) throw new AggregateError(failed, 'sources could not be read')
}
