import { isUuid, Refusal, type FileValue } from '#model'
import type { Context } from '../../context.ts'
import { needClean, shownInline, type FileStore, type KnownFile } from '../../files/files.ts'
import { mayReadFile } from '../../files/reading.ts'
import { keepThumbnail, mostScaled, thumbnailOf } from '../../files/thumbnails.ts'
import { asGivenFile, namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const maxUpload = 50 * 1024 * 1024

/** Upload and download; who may read a file is told in `files/reading.ts`. */
export const fileRoutes =
  (files: FileStore) =>
  ({ app, kernel, contextOf, takingFiles }: Server): void => {
    takingFiles((uploads) => {
      uploads.post('/api/files', { config: { who: 'signedIn' } }, async (request, reply): Promise<FileValue> => {
        const part = await request.file()
        if (!part) throw new Refusal('badRequest', '没有收到文件')
        reply.status(201)
        return files.put(await contextOf(request), part.filename || '未命名', part.file, maxUpload)
      })
    })
    app.get<{ Querystring: { ids?: string } }>('/api/files', { config: { who: 'signedIn' } }, async (request): Promise<FileValue[]> => {
      const ctx = await contextOf(request)
      const ids = (request.query.ids ?? '').split(',').filter(isUuid).slice(0, 100)
      const found = await files.info(ctx, ids)
      const allowed = await Promise.all(found.map((file) => mayReadFile(kernel, ctx, file)))
      return found.filter((_, i) => allowed[i]).map(({ id, name, bytes, type }) => ({ id, name, bytes, type }))
    })
    const needFile = async (ctx: Context, id: string): Promise<KnownFile> => {
      const [file] = await files.info(ctx, [needId(id)])
      if (!file || !(await mayReadFile(kernel, ctx, file))) throw new Refusal('notFound', '文件不存在，或没有查看权限')
      needClean(file)
      return file
    }
    app.put<{ Params: { id: string } }>('/api/files/:id/thumbnail', { config: { who: 'signedIn' } }, async (request, reply) => {
      const ctx = await contextOf(request)
      const { picture } = bodyOf(request)
      if (typeof picture !== 'string') throw new Refusal('badRequest')
      const [file] = await files.info(ctx, [needId(request.params.id)])
      await keepThumbnail(ctx, file, Buffer.from(picture, 'base64'))
      return reply.status(204).send()
    })
    // Whoever may open the file sees it small, and nobody else. One without a thumbnail is shown itself.
    app.get<{ Params: { id: string } }>('/api/files/:id/thumbnail', { config: { who: 'signedIn' } }, async (request, reply) => {
      const ctx = await contextOf(request)
      const file = await needFile(ctx, request.params.id)
      const small = await thumbnailOf(ctx, file)
      if (!small && (!shownInline.has(file.type) || !file.type.startsWith('image/') || file.bytes > mostScaled))
        throw new Refusal('notFound', '没有缩略图')
      return asGivenFile(reply, small?.type ?? file.type).send(small?.content ?? (await files.read(file).catch(goneContent)))
    })
    app.get<{ Params: { id: string } }>('/api/files/:id', { config: { who: 'signedIn' } }, async (request, reply) => {
      const file = await needFile(await contextOf(request), request.params.id)
      const place = shownInline.has(file.type) ? 'inline' : 'attachment'
      // A player seeks: it asks for a part, and Safari plays nothing that cannot be asked so.
      const part = partOf(request.headers.range, file.bytes)
      if (part === 'none') return reply.status(416).header('content-range', `bytes */${file.bytes}`).send()
      if (part) reply.status(206).header('content-range', `bytes ${part.start}-${part.end}/${file.bytes}`)
      const content = await files.read(file, part ?? undefined).catch(goneContent)
      return asGivenFile(reply, file.type)
        .header('accept-ranges', 'bytes')
        .header('content-length', part ? part.end - part.start + 1 : file.bytes)
        .header('content-disposition', namedFile(file.name, place))
        .send(content)
    })
  }

const goneContent = () => Promise.reject(new Refusal('notFound', '文件的内容已不在，请联系信息科'))
/** One range of bytes of a request; null when the whole is wanted, 'none' when it lies outside. */
function partOf(range: string | undefined, bytes: number): { start: number; end: number } | 'none' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return null
  const start = found[1] === '' ? Math.max(0, bytes - Number(found[2])) : Number(found[1])
  const end = found[1] !== '' && found[2] !== '' ? Math.min(Number(found[2]), bytes - 1) : bytes - 1
  return start <= end ? { start, end } : 'none'
}
