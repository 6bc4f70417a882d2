import { fileTypeFromBuffer } from 'file-type'
import { Refusal } from '#model'
import { personOf, type Context } from '../context.ts'
import type { KnownFile } from './files.ts'
import { redrawn } from './pictures.ts'

/** Bytes of a thumbnail at most. */
export const mostThumbnail = 48 * 1024
/** Pictures up to this many bytes are shown scaled where they have no thumbnail. */
export const mostScaled = 4 * 1024 * 1024
const taken = new Set(['image/jpeg', 'image/webp', 'image/png'])

export interface Thumbnail {
  type: string
  content: Buffer
}
/** Keeps the small picture of a file, once, from who sent the file: nobody can give another's evidence another face, nor change it later. */
export async function keepThumbnail(ctx: Context, file: KnownFile | undefined, content: Buffer): Promise<void> {
  if (!file || file.createdBy === null || file.createdBy !== personOf(ctx.actor))
    throw new Refusal('notFound', '文件不存在，或没有查看权限')
  if (!file.type.startsWith('image/')) throw new Refusal('badRequest', '只有图片有缩略图')
  if (content.length > mostThumbnail) throw new Refusal('tooLarge', '缩略图太大')
  const type = (await fileTypeFromBuffer(content))?.mime
  if (!type || !taken.has(type)) throw new Refusal('badRequest', '缩略图须是图片')
  const drawn = await redrawn(content, type)
  await ctx.db.query(`INSERT INTO kernel.file_thumbnail (file, type, content) VALUES ($1::uuid, $2, $3) ON CONFLICT (file) DO NOTHING`, [file.id, type, drawn]) // prettier-ignore
}
/** The small picture of a file, where it has one. The right to the file itself is asked before. */
export async function thumbnailOf(ctx: Context, { id }: { id: string }): Promise<Thumbnail | null> {
  const [found] = await ctx.db.query<Thumbnail & object>(`SELECT type, content FROM kernel.file_thumbnail WHERE file = $1::uuid`, [id])
  return found ?? null
}
