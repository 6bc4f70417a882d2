import { readFilter, Refusal, type ExportBegun, type ExportJob } from '#model'
import { audit } from '../../audit/audit.ts'
import type { FileStore } from '../../files/files.ts'
import { namedFile } from '../../http/headers.ts'
import { bodyOf, needId } from '../../http/routes/records.ts'
import type { Server } from '../../http/server.ts'
import { needDay } from '../../records/timeline.ts'
import { exportRecords, sizeOfExport, type ExportQuery } from '../export.ts'
import { tableTypes } from '../table-writer.ts'
import { beginExport, cancelJob, findJob, listJobs, presentJob } from './jobs.ts'
import { placeOfExport } from './run.ts'

/** Taking records away: at once, or in the background as a job of one's own. */
export const exportRoutes =
  (files: FileStore) =>
  ({ app, kernel, contextOf }: Server): void => {
    const config = { config: { who: 'signedIn' } } as const
    const sending = { config: { who: 'signedIn', lane: 'files' } } as const

    // POST, because a filter may be long and must not stand in logs of addresses.
    app.post<{ Params: { resource: string } }>('/api/records/:resource/export', sending, async (request, reply) => {
      const { resource } = request.params
      const ctx = await contextOf(request)
      const body = bodyOf(request)
      const query = readExport(body)
      if (body['job'] === true || (await sizeOfExport(kernel, ctx, resource, query)).isLong) {
        reply.status(202)
        return { job: await beginExport(kernel, ctx, resource, query) } satisfies ExportBegun
      }
      const { stream, fileName } = await exportRecords(kernel, ctx, resource, query)
      return reply.type(tableTypes[query.format]).header('content-disposition', namedFile(fileName)).send(stream)
    })

    app.get<{ Querystring: { resource?: string } }>('/api/exports', config, async (request) => {
      const ctx = await contextOf(request)
      const jobs = await listJobs(kernel, ctx, request.query.resource ?? null)
      return { jobs: jobs.map((job) => presentJob(kernel, ctx, job)) } satisfies { jobs: ExportJob[] }
    })
    app.get<{ Params: { id: string } }>('/api/exports/:id', config, async (request) => {
      const ctx = await contextOf(request)
      return presentJob(kernel, ctx, await findJob(kernel, ctx, needId(request.params.id)))
    })
    app.post<{ Params: { id: string } }>('/api/exports/:id/cancel', config, async (request) => {
      const ctx = await contextOf(request)
      await cancelJob(kernel, ctx, needId(request.params.id))
      return presentJob(kernel, ctx, await findJob(kernel, ctx, request.params.id))
    })
    app.get<{ Params: { id: string } }>('/api/exports/:id/file', sending, async (request, reply) => {
      const ctx = await contextOf(request)
      const job = await findJob(kernel, ctx, needId(request.params.id))
      // Whose right was taken away since does not take away what he had prepared.
      kernel.access.need(ctx.actor, 'export', job.resource)
      kernel.access.need(ctx.actor, 'read', job.resource)
      if (job.state !== 'done') throw new Refusal('notFound', job.state === 'gone' ? '文件已过期删除，请重新导出' : '还没有可下载的文件')
      const content = await files.store.read(placeOfExport(job)).catch(() => {
        throw new Refusal('notFound', '文件已不在，请重新导出')
      })
      await audit(ctx, { act: 'export.download', outcome: 'done', resource: job.resource, detail: { job: job.id, rows: job.rows } })
      return reply
        .type(tableTypes[job.format])
        .header('content-length', String(job.bytes))
        .header('content-disposition', namedFile(job.fileName ?? `导出.${job.format}`))
        .send(content)
    })
  }
const texts = (value: unknown): string[] | null => (Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null)
function readExport(body: Record<string, unknown>): ExportQuery {
  const filter = body['filter'] === undefined || body['filter'] === null ? null : readFilter(body['filter'])
  if (filter === null && body['filter']) throw new Refusal('badFilter')
  const format = body['format'] ?? 'xlsx'
  if (format !== 'xlsx' && format !== 'csv' && format !== 'pdf') throw new Refusal('badRequest', '可导出为 xlsx、csv 或 pdf')
  const sort = texts(body['sort'])
  const columns = texts(body['columns'])
  return {
    filter,
    format,
    ...(typeof body['search'] === 'string' && body['search'].trim() ? { search: body['search'] } : {}),
    ...(sort?.length ? { sort: sort.slice(0, 5) } : {}),
    ...(columns?.length ? { columns } : {}),
    ...(body['deleted'] === true ? { deleted: true } : {}),
    ...(body['asOf'] ? { asOf: needDay(String(body['asOf'])) } : {}),
  }
}
