import { Readable } from 'node:stream'
import { exportDays, formatInstant, Refusal } from '#model'
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { FileStore } from '../../files/files.ts'
import { workJob, type RunOptions } from '../../jobs/own-work.ts'
import type { Watch } from '../../jobs/watch.ts'
import type { Kernel } from '../../kernel.ts'
import { tell } from '../../messages/messages.ts'
import { printRecords } from '../../printing/print.ts'
import { asOfDay } from '../../records/timeline.ts'
import { readAll } from '../../records/read-all.ts'
import { exportAsk, exportDetail, exportTable } from '../export.ts'
import { writeTable } from '../table-writer.ts'
import { endJob, exportJobs, type JobRow } from './jobs.ts'

const mostBytes = 4 * 2 ** 30
/** Where the file of a job lies in the store: each try has its own, so that a process that lost its job takes nothing from the one that has it. */
export const placeOfExport = ({ id, tries }: Pick<JobRow, 'id' | 'tries'>): string => `exports/${id}-${tries}`

/** Works one export to its end. */
export const runExport = (kernel: Kernel, files: FileStore, job: JobRow, options: RunOptions): Promise<void> =>
  workJob(
    kernel,
    exportJobs,
    job,
    {
      rightsOf: (ctx) => rightsOf(kernel, ctx, job),
      carryOut: (ctx, watch) => writeAll(kernel, ctx, files, job, watch),
      fail: (ctx, rows, note) => fail(kernel, ctx, job, rows, note),
      async cancel(ctx, rows) {
        if (await endJob(ctx, job, { state: 'cancelled', rows })) await noted(kernel, ctx, job, rows)
      },
      words: {
        rights: '导出期间您的权限有变化，已停止；请重新导出',
        tooLong: '超过时间上限，已停止；请增加条件或减少列，分几次导出',
      },
      clear: () => files.store.remove(placeOfExport(job)),
    },
    options,
  )

async function writeAll(kernel: Kernel, ctx: Context, files: FileStore, job: JobRow, watch: Watch): Promise<void> {
  if (job.asked.print) return printAll(kernel, ctx, files, job, watch)
  const { ask } = exportAsk(kernel, ctx, job.resource, job.asked)
  const read = (on: Context) =>
    readAll(kernel, on, job.resource, ask, {
      reading: watch,
      async work(portions) {
        const { file, fileName, count } = exportTable(kernel, ctx, job.resource, job.asked, portions)
        await files.receive(
          writeTable({ ...file, blocks: watched(file.blocks, watch), isLong: true }),
          mostBytes,
          async ({ path, bytes }) => {
            watch.check()
            await files.store.take(placeOfExport(job), path)
            await succeed(kernel, ctx, job, { rows: count(), bytes, fileName, mark: file.mark.number }, files)
          },
        )
      },
    })
  await asOfDay(kernel, ctx, job.resource, job.asked.asOf, read)
}
/** Records on paper rather than in a table. */
async function printAll(kernel: Kernel, ctx: Context, files: FileStore, job: JobRow, watch: Watch): Promise<void> {
  const { print } = job.asked
  const { content, fileName, number } = await printRecords(kernel, ctx, files, { resource: job.resource, ...print! }, watch)
  await files.receive(Readable.from([content]), mostBytes, async ({ path, bytes }) => {
    watch.check()
    await files.store.take(placeOfExport(job), path)
    await succeed(kernel, ctx, job, { rows: print!.ids.length, bytes, fileName, mark: number }, files)
  })
}
async function* watched<T>(blocks: AsyncIterable<readonly T[]>, watch: Watch): AsyncGenerator<readonly T[]> {
  for await (const block of blocks) {
    yield block
    await watch.passed(block.length)
  }
}
async function succeed(
  kernel: Kernel,
  ctx: Context,
  job: JobRow,
  { mark, ...made }: { rows: number; bytes: number; fileName: string; mark: string },
  files: FileStore,
): Promise<void> {
  const isOurs = await kernel.transaction(ctx, async (tx) => {
    if (!(await endJob(tx, job, { state: 'done', ...made }))) return false
    await audit(tx, { act: 'export', outcome: 'done', resource: job.resource, detail: { ...exportDetail(kernel, job.resource, job.asked, made.rows), job: job.id, mark } })
    const until = formatInstant(new Date(tx.clock.now().getTime() + exportDays * 86_400_000)).slice(0, 10)
    await tell(tx, [job.person], { kind: 'result',
      title: '导出已完成',
      body: `“${kernel.defs.resource(job.resource).label}”${made.rows.toLocaleString('zh-CN')} 条已可下载，文件保留到 ${until}`,
      link: '/me/exports',
    })
    return true
  })
  if (!isOurs) await files.store.remove(placeOfExport(job))
} // prettier-ignore

async function fail(kernel: Kernel, ctx: Context, job: JobRow, rows: number, note: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    if (!(await endJob(tx, job, { state: 'failed', rows, note }))) return
    await noted(kernel, tx, job, rows)
    const label = kernel.defs.resources.get(job.resource)?.label ?? job.resource
    await tell(tx, [job.person], { kind: 'result', title: '导出没有完成', body: `“${label}”：${note}`, link: '/me/exports' })
  })
}
const noted = (kernel: Kernel, ctx: Context, job: JobRow, rows: number): Promise<void> =>
  audit(ctx, { act: 'export', outcome: 'failed', resource: job.resource, detail: { ...exportDetail(kernel, job.resource, job.asked, rows), job: job.id } }) // prettier-ignore

/** All that decides which rows he sees and how, in words to be compared. Refuses where he may no longer. */
function rightsOf(kernel: Kernel, ctx: Context, { resource, person }: JobRow): string {
  if (!ctx.directory.isActive(person)) throw new Refusal('accountDisabled', '已离职的人员不能导出')
  const rules = (['export', 'read'] as const).map((action) => {
    const { filter, hidden, masked } = kernel.access.need(ctx.actor, action, resource)
    return [filter, [...hidden], [...masked]]
  })
  const { asker } = kernel.world(ctx)
  return JSON.stringify([rules, asker])
}
