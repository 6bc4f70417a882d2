import { readReport, Refusal, type GroupPath } from '#model'
import { tableTypes } from '../../exchange/table-writer.ts'
import { exportReport } from '../../reporting/export.ts'
import { changeReport, dropReport, getReport, keepReport, reportsOf, reportSources } from '../../reporting/reports.ts'
import { runReport, type ReportPart } from '../../reporting/run.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const mostRowsAtOnce = 200

/** Reports of any fields: put together, run as their reader, kept and shared. What they show is judged by the rights on every type they read. */
export function reportRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'reports.use' } } } as const
  app.get('/api/reports', config, async (request) => ({ reports: await reportsOf(kernel, await contextOf(request)) }))
  app.get<{ Params: { base: string } }>('/api/reports/sources/:base', config, async (request) => ({
    sources: reportSources(kernel, await contextOf(request), request.params.base),
  }))
  app.get<{ Params: { id: string } }>('/api/reports/:id', config, async (request) =>
    getReport(kernel, await contextOf(request), needId(request.params.id)),
  )
  app.post('/api/reports', config, async (request, reply) => {
    reply.status(201)
    return keepReport(kernel, await contextOf(request), bodyOf(request)['report'])
  })
  app.put<{ Params: { id: string } }>('/api/reports/:id', config, async (request) => {
    const { report, version } = bodyOf(request)
    return changeReport(kernel, await contextOf(request), needId(request.params.id), report, version)
  })
  app.delete<{ Params: { id: string } }>('/api/reports/:id', config, async (request, reply) => {
    await dropReport(kernel, await contextOf(request), needId(request.params.id))
    return reply.status(204).send()
  })
  // POST, because a report is long, and what is asked must not stand in logs of addresses.
  app.post('/api/reports/run', config, async (request) => {
    const body = bodyOf(request)
    return runReport(kernel, await contextOf(request), readReport(body['report']), readPart(body))
  })
  app.post('/api/reports/export', { config: { ...config.config, lane: 'files' } }, async (request, reply) => {
    const { report, name, format = 'xlsx' } = bodyOf(request)
    if (format !== 'xlsx' && format !== 'csv') throw new Refusal('badRequest', '可导出为 xlsx 或 csv')
    const title = typeof name === 'string' && name.trim() ? name.trim().slice(0, 30) : '报表'
    const { stream, fileName } = await exportReport(kernel, await contextOf(request), title, readReport(report), format)
    return reply.type(tableTypes[format]).header('content-disposition', namedFile(fileName)).send(stream)
  })
}
/** Which rows of a report are asked for, as it comes from outside. */
export function readPart({ offset = 0, limit = 50, within = null }: Record<string, unknown>): ReportPart {
  if (!isCount(offset, 1_000_000) || !isCount(limit, mostRowsAtOnce)) throw new Refusal('badRequest', '每页条数不对')
  return { offset, limit, within: readWithin(within) }
}
const isCount = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
function readWithin(value: unknown): GroupPath | null {
  if (value === null) return null
  if (
    Array.isArray(value) &&
    value.length <= 2 &&
    value.every((one) => one === null || ['string', 'number', 'boolean'].includes(typeof one))
  )
    return value as GroupPath
  throw new Refusal('badRequest')
}
