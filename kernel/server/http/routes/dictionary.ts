import { Refusal, today } from '#model'
import { audit } from '../../audit/audit.ts'
import { dictionaryLines, dictionaryOf } from '../../dictionary/dictionary.ts'
import { dictionaryDocument } from '../../dictionary/word-document.ts'
import { blocksOf, tableTypes, writeTable } from '../../exchange/table-writer.ts'
import { markOf } from '../../marks/export-mark.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'

const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
/** 数据字典, to look at and to hand over. */
export function dictionaryRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'dictionary.read' } } } as const
  app.get('/api/dictionary', config, () => dictionaryOf(kernel, kernel.db))
  app.get<{ Querystring: { format?: string } }>('/api/dictionary/file', config, async (request, reply) => {
    const { format = 'xlsx' } = request.query
    if (format !== 'xlsx' && format !== 'csv' && format !== 'docx') throw new Refusal('badRequest', '可下载为 xlsx、docx 或 csv')
    const ctx = await contextOf(request)
    const answer = await dictionaryOf(kernel, ctx.db)
    const mark = markOf(kernel, ctx, '数据字典')
    await audit(ctx, {
      act: 'dictionary.download',
      outcome: 'done',
      resource: null,
      detail: { format, tables: answer.tables.length, mark: mark.number },
    })
    reply.header('content-disposition', namedFile(`数据字典 ${today(ctx.clock)}.${format}`))
    if (format === 'docx')
      return reply
        .type(wordType)
        .send(
          await dictionaryDocument(answer, '数据字典', [`${answer.tables.length} 张表，${today(ctx.clock)}`, `导出编号 ${mark.number}`]),
        )
    const widths = [14, 30, 24, 24, 30, 14, 20, 6, 6, 24, 60]
    const stream = writeTable({ blocks: blocksOf(dictionaryLines(answer)), format, mark, widths })
    return reply.type(tableTypes[format]).send(stream)
  })
}
