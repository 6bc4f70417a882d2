import { readFilter, Refusal } from '#model'
import { bodyOf } from '../http/routes/records.ts'
import type { Server } from '../http/server.ts'
import { exportRecords, type ExportQuery } from './export.ts'
import { tableTypes } from './table-writer.ts'

/** POST, because a filter may be long and must not stand in logs of addresses. */
export function exportRoute({ app, kernel, contextOf }: Server): void {
  app.post<{ Params: { resource: string } }>(
    '/api/records/:resource/export',
    { config: { who: 'signedIn', lane: 'files' } },
    async (request, reply) => {
      const query = readExport(bodyOf(request))
      const { stream, fileName } = await exportRecords(kernel, await contextOf(request), request.params.resource, query)
      return reply
        .type(tableTypes[query.format])
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
        .send(stream)
    },
  )
}
const texts = (value: unknown): string[] | null => (Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null)
function readExport(body: Record<string, unknown>): ExportQuery {
  const filter = body['filter'] === undefined || body['filter'] === null ? null : readFilter(body['filter'])
  if (filter === null && body['filter']) throw new Refusal('badFilter')
  const format = body['format'] ?? 'xlsx'
  if (format !== 'xlsx' && format !== 'csv') throw new Refusal('badRequest', '可导出为 xlsx 或 csv')
  const sort = texts(body['sort'])
  const columns = texts(body['columns'])
  return {
    filter,
    format,
    ...(typeof body['search'] === 'string' && body['search'].trim() ? { search: body['search'] } : {}),
    ...(sort?.length ? { sort: sort.slice(0, 5) } : {}),
    ...(columns?.length ? { columns } : {}),
  }
}
