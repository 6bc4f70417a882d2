import { Refusal, usualWatermark, watermarkPlaces, type ExportTrace, type WatermarkAnswer } from '#model'
import { audit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { markNumberPattern } from '../../marks/export-mark.ts'
import { traceOf, traceOfNumber } from '../../marks/read-mark.ts'
import { changeWatermark, ownWatermark, readWatermarkSetting } from '../../marks/watermark.ts'
import { stopReceiving } from '../stop-receiving.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

const largest = 100 * 1024 * 1024
/** Watermarks of pages, and who took a file away. */
export function markRoutes({ app, kernel, contextOf, takingFiles }: Server): void {
  const keeping = { config: { who: { right: 'security.watermark' } } } as const
  const tracing = { config: { who: { right: 'security.exportMark' } } } as const
  const answer = async (): Promise<WatermarkAnswer> => ({
    setting: { ...usualWatermark, ...(await readWatermarkSetting(kernel.db)) },
    places: watermarkPlaces(kernel.defs),
  })
  app.get('/api/me/watermark', { config: { who: 'signedIn', background: true } }, (request) => ownWatermark(kernel, request.session!))
  app.get('/api/watermark', keeping, answer)
  app.put('/api/watermark', keeping, async (request) => {
    const { setting, seen } = bodyOf(request)
    await changeWatermark(kernel, await contextOf(request), setting, seen)
    return answer()
  })
  app.post('/api/export-mark/number', tracing, async (request) => {
    const { number } = bodyOf(request)
    const found = typeof number === 'string' ? markNumberPattern.exec(number.trim().toUpperCase()) : null
    if (!found) throw new Refusal('badRequest', '导出编号形如 DC20260615-7K3QF0ZX')
    const ctx = await contextOf(request)
    return told(ctx, await traceOfNumber(ctx, found[0]), '没有这个编号的导出')
  })
  takingFiles((uploads) =>
    uploads.post('/api/export-mark', tracing, async (request, reply) => {
      const ctx = await contextOf(request)
      const part = await request.file({ limits: { fileSize: largest + 1 } })
      if (!part) throw new Refusal('badRequest', '没有收到文件')
      const chunks: Buffer[] = []
      for await (const chunk of part.file as AsyncIterable<Buffer>) chunks.push(chunk)
      if (part.file.truncated) {
        stopReceiving(request, reply)
        throw new Refusal('tooLarge', '文件超过 100 MB')
      }
      return told(ctx, await traceOf(kernel, ctx, Buffer.concat(chunks)), '文件里没有本院的导出标记')
    }),
  )
}
async function told(ctx: Context, trace: ExportTrace | null, otherwise: string): Promise<ExportTrace> {
  await audit(ctx, { act: 'exportMark.read', outcome: 'done', detail: trace ? { number: trace.number } : {} })
  if (!trace) throw new Refusal('notFound', otherwise)
  return trace
}
