import { isUuid, printsAtOnce, Refusal, type ExportBegun, type PrintChoices } from '#model'
import { beginExport } from '../exchange/exporting/jobs.ts'
import type { FileStore } from '../files/files.ts'
import { AddressMeter } from '../http/address-meter.ts'
import { asGivenFile, namedFile } from '../http/headers.ts'
import { bodyOf } from '../http/routes/records.ts'
import type { Server } from '../http/server.ts'
import { listTemplates, printTypeOf } from './drawing.ts'
import { previewTemplate, readWordFile } from './preview.ts'
import { needPrintable, printRecords, type PrintAsk } from './print.ts'
import { choiceOf, templatesFor } from './templates.ts'
import { verifyPrint } from './verify.ts'

const mostAMinute = 60
/** Printing records, and proving what was printed. */
export const printRoutes =
  (files: FileStore) =>
  ({ app, kernel, contextOf, originOf }: Server): void => {
    app.get<{ Params: { resource: string } }>('/api/prints/:resource', { config: { who: 'signedIn' } }, async (request) => {
      const ctx = await contextOf(request)
      return { choices: templatesFor(kernel, ctx, request.params.resource).map(choiceOf) } satisfies PrintChoices
    })
    app.post<{ Params: { resource: string } }>('/api/prints/:resource', { config: { who: 'signedIn', lane: 'files' } }, async (request, reply) => {
      const { records, template } = bodyOf(request)
      if (!Array.isArray(records) || !records.every(isUuid) || typeof template !== 'string') throw new Refusal('badRequest', '缺少 records 或 template')
      const ask: PrintAsk = { resource: request.params.resource, ids: [...new Set(records)], template, origin: originOf(request) }
      const ctx = await contextOf(request)
      if (ask.ids.length > printsAtOnce) {
        await needPrintable(kernel, ctx, ask)
        reply.status(202)
        const { resource, ids, ...print } = ask
        return { job: await beginExport(kernel, ctx, resource, { format: 'pdf', filter: { field: 'id', op: 'in', value: [...ids] }, columns: ['id'], print: { ids, ...print } }) } satisfies ExportBegun
      }
      const { content, type, fileName } = await printRecords(kernel, ctx, files, ask)
      return asGivenFile(reply, type).header('content-disposition', namedFile(fileName, 'inline')).send(content)
    })
    const drawing = { config: { who: { right: 'designs.administer' }, lane: 'files' } } as const
    const config = { config: { who: { right: 'designs.administer' } } } as const
    app.get('/api/print-templates', config, async (request) => listTemplates(kernel, await contextOf(request)))
    app.get<{ Params: { resource: string } }>('/api/print-templates/types/:resource', config, async (request) => printTypeOf(kernel, await contextOf(request), request.params.resource))
    app.post('/api/print-templates/preview', drawing, async (request, reply) => {
      const { template, record } = bodyOf(request)
      const { content, type } = await previewTemplate(kernel, await contextOf(request), files, { template, record, origin: originOf(request) })
      return asGivenFile(reply, type).send(content)
    })
    app.post('/api/print-templates/word', drawing, async (request) => {
      const { resource, base64, hasCode } = bodyOf(request)
      return readWordFile(kernel, { resource, base64, hasCode: hasCode === true })
    })
    const meter = new AddressMeter(mostAMinute)
    app.get<{ Params: { code: string } }>('/api/v/:code', { config: { who: 'public' } }, (request) => {
      meter.take(request.ip, kernel.clock.now().getTime())
      return verifyPrint(kernel, request.params.code)
    })
  } // prettier-ignore
