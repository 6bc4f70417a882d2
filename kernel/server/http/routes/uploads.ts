import type { Readable } from 'node:stream'
import { Refusal } from '#model'
import type { Uploads } from '../../files/uploads.ts'
import type { Server } from '../server.ts'
import { stopReceiving } from '../stop-receiving.ts'
import { bodyOf, needId } from './records.ts'

/** Uploads in parts: begun, asked about, filled, finished or given up by the same person only. */
export const uploadRoutes =
  (uploads: Uploads) =>
  async ({ app, contextOf }: Server): Promise<void> => {
    const config = { config: { who: 'signedIn' } } as const
    type OfUpload = { Params: { id: string } }
    app.post('/api/uploads', config, async (request, reply) => {
      reply.status(201)
      return uploads.begin(await contextOf(request), bodyOf(request))
    })
    app.get<OfUpload>('/api/uploads/:id', config, async (request) => uploads.state(await contextOf(request), needId(request.params.id)))
    app.post<OfUpload>('/api/uploads/:id/finish', config, async (request) => {
      const { crc32 } = bodyOf(request)
      return uploads.finish(await contextOf(request), needId(request.params.id), needCrc32(crc32))
    })
    app.delete<OfUpload>('/api/uploads/:id', config, async (request, reply) => {
      await uploads.cancel(await contextOf(request), needId(request.params.id))
      return reply.status(204).send()
    })
    await app.register(async (scope) => {
      // As it comes: a part is written to the store, not held in memory.
      scope.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
      scope.put<{ Params: { id: string; part: string } }>('/api/uploads/:id/parts/:part', config, async (request, reply) => {
        try {
          const { id, part } = request.params
          const length = Number(request.headers['content-length'])
          await uploads.take(await contextOf(request), needId(id), { part: Number(part), crc32: needCrc32(request.headers['x-crc32']), length }, request.body as Readable) // prettier-ignore
        } catch (error) {
          if (!request.raw.readableEnded) stopReceiving(request, reply)
          throw error
        }
        return reply.status(204).send()
      })
    })
  }
function needCrc32(given: unknown): string {
  if (typeof given !== 'string' || !/^[0-9a-f]{8}$/.test(given)) throw new Refusal('badRequest', '缺少校验值 crc32')
  return given
}
