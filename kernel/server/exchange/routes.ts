import type { FastifyInstance } from 'fastify'
import { Refusal, type ImportChoices, type ImportDetail, type ImportMapping } from '#model'
import { namedFile } from '../http/headers.ts'
import { bodyOf, needId } from '../http/routes/records.ts'
import type { Server } from '../http/server.ts'
import { stopReceiving } from '../http/stop-receiving.ts'
import { audit } from '../audit/audit.ts'
import { markOf } from '../marks/export-mark.ts'
import { errorLines } from './errors-file.ts'
import { largestImport, type Imports } from './imports.ts'
import { tableRoute } from './table-route.ts'
import { blocksOf, tableTypes, writeTable } from './table-writer.ts'

/** Imports and exports over HTTP. */
export const importRoutes =
  (imports: Imports) =>
  (server: Server): void => {
    const { app, kernel, contextOf } = server
    const config = { config: { who: 'signedIn' } } as const

    app.get<{ Querystring: { resource?: string } }>('/api/imports', config, async (request) => ({
      batches: await imports.list(await contextOf(request), request.query.resource ?? null),
    }))
    app.get<{ Params: { name: string } }>('/api/imports/profiles/:name', config, async (request) =>
      imports.offered(await contextOf(request), request.params.name),
    )
    server.takingFiles((uploads) => takeImport(uploads, imports, contextOf))
    app.get<{ Params: { id: string } }>('/api/imports/:id', config, async (request) =>
      imports.detail(await contextOf(request), needId(request.params.id)),
    )
    app.put<{ Params: { id: string } }>('/api/imports/:id/mapping', config, async (request) => {
      const ctx = await contextOf(request)
      await imports.settle(ctx, needId(request.params.id), readMapping(bodyOf(request)))
      return imports.detail(ctx, request.params.id)
    })
    app.put<{ Params: { id: string } }>('/api/imports/:id/choices', config, async (request) => {
      const ctx = await contextOf(request)
      await imports.choose(ctx, needId(request.params.id), readChoices(bodyOf(request)))
      return imports.detail(ctx, request.params.id)
    })
    // Long work answers at once; the page asks how far it is. What became of it stands in the batch.
    for (const act of ['preview', 'run'] as const)
      app.post<{ Params: { id: string } }>(`/api/imports/:id/${act}`, config, async (request, reply) => {
        const ctx = await contextOf(request)
        const { finished } = await imports[act](ctx, needId(request.params.id))
        finished.catch((error: unknown) => (error instanceof Refusal ? undefined : request.log.error(error)))
        reply.status(202)
        return imports.detail(ctx, request.params.id)
      })
    app.post<{ Params: { id: string } }>('/api/imports/:id/cancel', config, async (request) => {
      const ctx = await contextOf(request)
      await imports.cancel(ctx, needId(request.params.id))
      return imports.detail(ctx, request.params.id)
    })
    app.post<{ Params: { id: string } }>('/api/imports/:id/undo', config, async (request, reply) => {
      const ctx = await contextOf(request)
      const { id, finished } = await imports.undo(ctx, needId(request.params.id))
      finished.catch((error: unknown) => (error instanceof Refusal ? undefined : request.log.error(error)))
      reply.status(202)
      return imports.detail(ctx, id)
    })
    app.get<{ Params: { id: string }; Querystring: { format?: string } }>('/api/imports/:id/errors', config, async (request, reply) => {
      const ctx = await contextOf(request)
      const batch = await imports.mine(ctx, needId(request.params.id))
      if (!batch.file) throw new Refusal('notFound', '这个批次没有文件')
      const format = request.query.format === 'csv' ? 'csv' : 'xlsx'
      const name = `${batch.fileName.replace(/\.\w+$/, '')}-未导入的行.${format}`
      const lines = errorLines(await imports.table(ctx, batch.file), batch)
      const mark = markOf(kernel, ctx, '未导入的行')
      await audit(ctx, { act: 'import.errors', outcome: 'done', resource: null, detail: { batch: batch.id, mark: mark.number } })
      return reply
        .type(tableTypes[format])
        .header('content-disposition', namedFile(name))
        .send(
          writeTable({
            blocks: blocksOf(lines),
            format,
            mark,
          }),
        )
    })
    tableRoute(server)
  }

function takeImport(uploads: FastifyInstance, imports: Imports, contextOf: Server['contextOf']): void {
  uploads.post<{ Querystring: { resource?: string } }>(
    '/api/imports',
    { config: { who: 'signedIn' } },
    async (request, reply): Promise<ImportDetail> => {
      const ctx = await contextOf(request)
      const part = await request.file({ limits: { fileSize: largestImport + 1 } })
      if (!part) throw new Refusal('badRequest', '没有收到文件')
      const field = part.fields['resource'] as { value?: unknown } | undefined
      const name = request.query.resource ?? (typeof field?.value === 'string' ? field.value : null)
      if (!name) throw new Refusal('badRequest', '缺少 resource')
      // The right is asked before the file is taken in.
      imports.needRight(ctx, name)
      const file = await imports.files.put(ctx, part.filename || '未命名', part.file, largestImport, 'table').catch((error: unknown) => {
        stopReceiving(request, reply)
        throw error
      })
      reply.status(201)
      return imports.detail(ctx, await imports.begin(ctx, name, file))
    },
  )
}
function readMapping(body: Record<string, unknown>): ImportMapping {
  const mapping: ImportMapping = {}
  const { sheet, headRow, headLines, columns, constants, clearBlank, strict, basis, forApproval } = body
  if (typeof sheet === 'string') mapping.sheet = sheet
  if (typeof headRow === 'number' && Number.isInteger(headRow) && headRow > 0) mapping.headRow = headRow
  if (headLines === 1 || headLines === 2) mapping.headLines = headLines
  if (isTexts(columns)) mapping.columns = columns
  if (isTexts(constants))
    mapping.constants = Object.fromEntries(Object.entries(constants).flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
  if (typeof clearBlank === 'boolean') mapping.clearBlank = clearBlank
  if (typeof strict === 'boolean') mapping.strict = strict
  if (typeof forApproval === 'boolean') mapping.forApproval = forApproval
  if (typeof basis === 'string') mapping.basis = basis
  return mapping
}
function readChoices(body: Record<string, unknown>): ImportChoices {
  if (!isTexts(body)) throw new Refusal('badRequest')
  return body
}
const isTexts = (value: unknown): value is Record<string, string | null> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => one === null || typeof one === 'string')
