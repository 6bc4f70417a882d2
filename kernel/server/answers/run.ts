import { formatInstant, answerHours, mostAnswerMinutes } from '#model'
import type { Context } from '../context.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import { workJob, type RunOptions } from '../jobs/own-work.ts'
import type { Watch } from '../jobs/watch.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { answerAsk, judgeAsk, labelOfAsk, sizeOfKept } from './ask.ts'
import { answerJobs, clearAnswers, endAnswer, openedAnswer, rightsDigest, writeAnswer, type AnswerRow } from './jobs.ts'

/** Answers questions as they come, two at once and one of a person; deletes what is past its time. */
export function startAnswers(kernel: Kernel, onError: (error: unknown) => void, options: { mostMs?: number; everyMs?: number } = {}): () => Promise<void> {
  const mostMs = options.mostMs ?? mostAnswerMinutes * 60_000
  const stop = answerJobs.start(kernel, (row, signal) => runAnswer(kernel, openedAnswer(kernel, row), { mostMs, signal }), { everyMs: options.everyMs ?? 500, onError })
  const stopClearing = repeatEvery(600_000, () => clearAnswers(kernel), onError)
  return async () => void (await Promise.all([stop(), stopClearing()]))
} // prettier-ignore

/** Works one question to its end. */
export const runAnswer = (kernel: Kernel, job: AnswerRow, options: RunOptions): Promise<void> =>
  workJob(
    kernel,
    answerJobs,
    job,
    {
      rightsOf: (ctx) => rightsDigest(kernel, ctx),
      carryOut: (ctx, watch) => carryOut(kernel, ctx, job, watch),
      fail: (ctx, rows, note) => fail(kernel, ctx, job, rows, note),
      cancel: async (ctx, rows) => void (await endAnswer(kernel, ctx, job, { state: 'cancelled', rows })),
      words: {
        rights: '计算期间您的权限有变化，已停止；请重新计算',
        tooLong: `超过 ${mostAnswerMinutes} 分钟，已停止；请增加条件，例如限定科室或日期`,
      },
    },
    options,
  )

async function carryOut(kernel: Kernel, ctx: Context, job: AnswerRow, watch: Watch): Promise<void> {
  const at = ctx.clock.now().toISOString()
  await judgeAsk(kernel, ctx, job.ask)
  const kept = await kernel.transaction(ctx, async (tx) => {
    // As lists are read (`database.ts`), but for as long as it takes; and of one moment, because its parts belong together.
    await tx.db.once(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = '${mostAnswerMinutes}min'; SET LOCAL idle_in_transaction_session_timeout = '${mostAnswerMinutes}min';
       SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1`,
    )
    const [own] = await tx.db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    watch.begun(own!.pid)
    try {
      return await answerAsk(kernel, tx, job.ask)
    } finally {
      await watch.settled()
    }
  })
  watch.check()
  const rows = sizeOfKept(kept)
  const answer = writeAnswer(kept)
  const label = labelOfAsk(job.ask)
  await kernel.transaction(ctx, async (tx) => {
    if (!(await endAnswer(kernel, tx, job, { state: 'done', rows, kept: { answer, at, rights: rightsDigest(kernel, ctx) } }))) return
    const until = formatInstant(new Date(tx.clock.now().getTime() + answerHours * 3_600_000))
    await tell(tx, [job.person], { kind: 'result', title: '后台计算已完成', body: `“${label}”可以查看了，结果保留到 ${until}`, link: `/answers/${job.id}` })
  })
} // prettier-ignore
const fail = (kernel: Kernel, ctx: Context, job: AnswerRow, rows: number, note: string): Promise<void> =>
  kernel.transaction(ctx, async (tx) => {
    if (!(await endAnswer(kernel, tx, job, { state: 'failed', rows, note }))) return
    await tell(tx, [job.person], { kind: 'result', title: '后台计算没有完成', body: `“${labelOfAsk(job.ask)}”：${note}`, link: `/answers/${job.id}` })
  }) // prettier-ignore
