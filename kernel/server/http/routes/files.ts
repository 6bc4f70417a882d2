import { isUuid, kindOf, Refusal, type FileValue } from '#model'
import type { Context } from '../../context.ts'
import { personOf } from '../../context.ts'
import { shownInline, type FileStore } from '../../files/files.ts'
import type { Kernel } from '../../kernel.ts'
import { grantedTypes } from '../../access/record-grants.ts'
import { maySeeOneOf } from '../../flow/reading.ts'
import { approvalsWith } from '../../flow/remarks.ts'
import { getRecord } from '../../records/read.ts'
import type { Server } from '../server.ts'
import { needId } from './records.ts'

const maxUpload = 50 * 1024 * 1024

/** Upload and download. A file may be read by its uploader, and by whoever may read a record that holds it or look at an approval in which it was said. */
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
      const allowed = await Promise.all(found.map((file) => mayRead(kernel, ctx, file)))
      return found.filter((_, i) => allowed[i]).map(({ id, name, bytes, type }) => ({ id, name, bytes, type }))
    })
    app.get<{ Params: { id: string } }>('/api/files/:id', { config: { who: 'signedIn' } }, async (request, reply) => {
      const ctx = await contextOf(request)
      const [file] = await files.info(ctx, [needId(request.params.id)])
      if (!file || !(await mayRead(kernel, ctx, file))) throw new Refusal('notFound', '文件不存在，或没有查看权限')
      const place = shownInline.has(file.type) ? 'inline' : 'attachment'
      // A player seeks: it asks for a part, and Safari plays nothing that cannot be asked so.
      const part = partOf(request.headers.range, file.bytes)
      if (part === 'none') return reply.status(416).header('content-range', `bytes */${file.bytes}`).send()
      if (part) reply.status(206).header('content-range', `bytes ${part.start}-${part.end}/${file.bytes}`)
      return (
        reply
          .type(file.type)
          .header('accept-ranges', 'bytes')
          .header('content-length', part ? part.end - part.start + 1 : file.bytes)
          .header('content-disposition', `${place}; filename*=UTF-8''${encodeURIComponent(file.name)}`)
          // Shown within our own page only; what is neither picture nor PDF is a download and runs nothing.
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'")
          .header('cache-control', 'private, max-age=3600')
          .send(files.read(file, part ?? undefined))
      )
    })
  }

/** One range of bytes of a request; null when the whole is wanted, 'none' when it lies outside. */
function partOf(range: string | undefined, bytes: number): { start: number; end: number } | 'none' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return null
  const start = found[1] === '' ? Math.max(0, bytes - Number(found[2])) : Number(found[1])
  const end = found[1] !== '' && found[2] !== '' ? Math.min(Number(found[2]), bytes - 1) : bytes - 1
  return start <= end ? { start, end } : 'none'
}

/** Looks for a record that holds the file and that the asker may read. */
async function mayRead(kernel: Kernel, ctx: Context, file: { id: string; createdBy: string | null }): Promise<boolean> {
  if (file.createdBy !== null && file.createdBy === personOf(ctx.actor)) return true
  const given = await grantedTypes(ctx)
  for (const c of [...kernel.defs.resources.keys()].map((name) => kernel.resource(name))) {
    if (!kernel.access.can(ctx.actor, 'read', c.r.name) && !given.has(c.r.name)) continue
    const holders = c.fields.filter((f) => kindOf(f.field).holdsFiles)
    if (holders.length === 0) continue
    const condition = holders.map((f) => (f.many ? `"${f.column}" @> ARRAY[$1::uuid]` : `"${f.column}" = $1::uuid`)).join(' OR ')
    const rows = await ctx.db.query<{ id: string }>(`SELECT id FROM ${c.table} WHERE ${condition} LIMIT 5`, [file.id])
    for (const row of rows)
      // Readable in one of the fields that he sees: a hidden one does not count.
      if (await getRecord(kernel, ctx, c.r.name, row.id).then(({ record }) => holders.some(({ key }) => [record[key]].flat().includes(file.id)), () => false)) return true // prettier-ignore
  }
  return maySeeOneOf(kernel, ctx, await approvalsWith(ctx, file.id))
}
