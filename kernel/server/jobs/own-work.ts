import { Refusal, today } from '#model'
import type { Actor, Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { isLastTry, type OwnJob, type OwnJobs } from './own-jobs.ts'
import { Stopped, Watch } from './watch.ts'

export interface RunOptions {
  /** How long one may take. */
  mostMs: number
  signal: AbortSignal
}
export interface Work {
  /** All that decides what its owner sees and how, in words to be compared. Refuses where he may no longer. */
  rightsOf(ctx: Context): string
  /** Does it to its good end. */
  carryOut(ctx: Context, watch: Watch): Promise<void>
  /** Ends it with words, and tells its owner. */
  fail(ctx: Context, rows: number, note: string): Promise<void>
  /** Ends what its owner has stopped. */
  cancel(ctx: Context, rows: number): Promise<void>
  /** Why it was stopped. */
  words: Readonly<Record<'rights' | 'tooLong', string>>
  /** After a fault: takes away what was half done. */
  clear?(): Promise<unknown>
}

/** Works one job under its owner's rights of now to its end, whatever that is: done, failed with words, cancelled, or given back to be begun anew. Throws what is nobody's mistake but ours. */
export async function workJob<J extends OwnJob>(kernel: Kernel, jobs: OwnJobs<J>, job: OwnJob, work: Work, options: RunOptions): Promise<void> {
  const ctx = await asOwner(kernel, job)
  if (isLastTry(job)) return work.fail(ctx, 0, '多次中断，没有完成；请缩小范围后重试，或联系管理员')
  let watch: Watch | null = null
  try {
    const may = work.rightsOf(ctx)
    watch = new Watch(kernel, {
      mostMs: options.mostMs,
      beat: (rows) => jobs.beat(kernel.db.aside, job, rows),
      // In the middle nothing is mixed: one answer is under one set of rights.
      mayGoOn: () =>
        asOwner(kernel, job)
          .then((now) => work.rightsOf(now) === may)
          .catch(ifRefused),
    })
    const stop = () => watch!.stop('interrupted')
    options.signal.addEventListener('abort', stop)
    if (options.signal.aborted) stop()
    try {
      await work.carryOut(ctx, watch)
    } finally {
      options.signal.removeEventListener('abort', stop)
    }
  } catch (error) {
    await endBadly(kernel, ctx, { jobs, job, work, watch, error })
  } finally {
    watch?.end()
  }
} // prettier-ignore

interface Ended<J extends OwnJob> {
  jobs: OwnJobs<J>
  job: OwnJob
  work: Work
  watch: Watch | null
  error: unknown
}
async function endBadly<J extends OwnJob>(kernel: Kernel, ctx: Context, { jobs, job, work, watch, error }: Ended<J>): Promise<void> {
  const rows = watch?.rows ?? 0
  // A cut that was asked for shows itself as whatever it has cut.
  const reason = watch?.reason ?? (error instanceof Stopped ? error.reason : null)
  if (reason === 'lost') return
  if (reason === 'interrupted') return void (await jobs.giveBack(kernel.db, job, false))
  if (reason === 'cancelled') return work.cancel(ctx, rows)
  if (reason) return work.fail(ctx, rows, work.words[reason])
  if (error instanceof Refusal) {
    if (error.code === 'unavailable') return void (await jobs.giveBack(kernel.db, job, true))
    return work.fail(ctx, rows, error.code === 'slowQuery' ? work.words.tooLong : error.message)
  }
  await work.clear?.().catch(() => undefined)
  await work.fail(ctx, rows, '系统出错，没有完成；请重试，仍不行请联系管理员')
  throw error
}

/** The job's owner with the roles that he has now. Who has left has none. */
export async function asOwner(kernel: Kernel, { person, address }: Pick<OwnJob, 'person' | 'address'>): Promise<Context> {
  const directory = await kernel.directory()
  const roles = directory.isActive(person) ? directory.rolesOf(person, today(kernel.clock)) : []
  const actor: Actor = { kind: 'person', person, account: person, name: directory.nameOf(person), roles }
  return kernel.contextIn(directory, actor, 'web', { address })
}
function ifRefused(error: unknown): false {
  if (error instanceof Refusal && error.code !== 'unavailable') return false
  throw error
}
