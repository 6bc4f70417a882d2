import { Readable } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import { isUuid, largestUpload, partBytes, partsOf, Refusal, type FileValue, type UploadState } from '#model'
import { personOf, type Context } from '../context.ts'
import type { FileStore } from './files.ts'

const mostUnfinished = 20
const mostUnfinishedBytes = 4 * largestUpload
const dayMs = 86_400_000

interface Upload {
  id: string
  name: string
  bytes: number
  sha256: string | null
  file: string | null
}
interface Sent {
  part: number
  crc32: string
  length: number
}
interface Beginning {
  name: string
  bytes: number
  /** Tells apart files of the same name and size, as the time of its last change does. */
  mark: string
  sha256: string | null
}

/** Uploads in parts, in any order, each as often as it takes. What has arrived stays until the file is whole or nobody has come back for a day. */
export class Uploads {
  readonly files: FileStore
  constructor(files: FileStore) {
    this.files = files
  }

  /** Begins an upload, or goes on with the one of the same file that this person left. */
  async begin(ctx: Context, given: Readonly<Record<string, unknown>>): Promise<UploadState> {
    const { name, bytes, mark, sha256 } = readBeginning(given)
    const person = needPerson(ctx)
    return this.files.kernel.transaction(ctx, async (tx) => {
      // One at a time, so that two pages of one person do not pass the limit together.
      await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 62))`, [person])
      const now = ctx.clock.now().toISOString()
      const [known] = await tx.db.query<{ id: string }>(
        `UPDATE kernel.upload SET seen_at = $5 WHERE id = (SELECT id FROM kernel.upload WHERE person = $1::uuid AND name = $2 AND bytes = $3 AND mark = $4
           AND sha256 IS NOT DISTINCT FROM $6 AND file IS NULL ORDER BY at LIMIT 1) RETURNING id`,
        [person, name, bytes, mark, now, sha256],
      )
      if (known) return this.stateOf(tx, known.id)
      const [open] = await tx.db.query<{ n: number; sum: string }>(
        `SELECT count(*)::int AS n, coalesce(sum(bytes), 0) AS sum FROM kernel.upload WHERE person = $1::uuid AND file IS NULL`,
        [person],
      )
      if (open!.n >= mostUnfinished) throw new Refusal('tooLarge', `您有 ${open!.n} 个文件还没有传完，请先传完或取消`)
      if (Number(open!.sum) + bytes > mostUnfinishedBytes)
        throw new Refusal('tooLarge', `您没有传完的文件合计已超过 ${mostUnfinishedBytes / 1024 ** 3} GB，请先传完或取消`)
      const id = uuidv7()
      await tx.db.query(`INSERT INTO kernel.upload (id, person, name, bytes, mark, sha256, at, seen_at) VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $7)`, [id, person, name, bytes, mark, sha256, now]) // prettier-ignore
      return { id, parts: [] }
    })
  }

  /** Takes one part, `length` bytes as its sender says. Sent again it takes the place of what came before. */
  async take(ctx: Context, id: string, { part, crc32, length }: Sent, source: Readable): Promise<void> {
    const upload = await this.mine(ctx, id)
    const all = partsOf(upload.bytes)
    if (!Number.isInteger(part) || part < 0 || part >= all) throw new Refusal('badRequest', '没有这一段')
    const bytes = part === all - 1 ? upload.bytes - part * partBytes : partBytes
    if (length !== bytes) throw new Refusal('badRequest', '这一段的长度不对，请重传', { refusal: 'damaged' })
    await this.files.receive(source, bytes, async (arrived) => {
      if (arrived.bytes !== bytes || hex(arrived.crc32) !== crc32)
        throw new Refusal('badRequest', '这一段没有完整传到，请重传', { refusal: 'damaged' })
      await this.files.store.take(keyOf(id, part), arrived.path)
    })
    await ctx.db.query(
      `WITH seen AS (UPDATE kernel.upload SET seen_at = $4 WHERE id = $1::uuid AND file IS NULL RETURNING id)
       INSERT INTO kernel.upload_part (upload, part, crc32) SELECT id, $2, $3 FROM seen ON CONFLICT (upload, part) DO UPDATE SET crc32 = excluded.crc32`,
      [id, part, crc32, ctx.clock.now().toISOString()],
    )
  }

  /** Puts the parts together and keeps the file. Asked again it answers the same file. `crc32`: of the whole. */
  async finish(ctx: Context, id: string, crc32: string): Promise<FileValue> {
    const upload = await this.mine(ctx, id)
    const done = upload.file ?? (await this.assemble(ctx, upload, crc32))
    const [file] = await this.files.info(ctx, [done])
    if (!file) throw new Refusal('notFound', '文件不存在，请重新上传')
    return { id: file.id, name: file.name, bytes: file.bytes, type: file.type }
  }
  private async assemble(ctx: Context, upload: Upload, crc32: string): Promise<string> {
    const { id, bytes } = upload
    try {
      await this.needWhole(ctx, upload)
      const file = await this.putTogether(ctx, upload, crc32)
      await this.dropParts(ctx, id, partsOf(bytes))
      return file
    } catch (error) {
      const now = await this.mine(ctx, id)
      // Finished by several at the same moment: the first one's file holds, and the parts went with it.
      if (now.file) return now.file
      // What is refused whole is not tried again with the same parts.
      if (error instanceof Refusal && error.code === 'invalid') await this.cancel(ctx, id)
      throw error
    }
  }
  /** Refuses while parts are missing. A restored copy knows of parts that it does not have: those are forgotten. */
  private async needWhole(ctx: Context, { id, bytes }: Upload): Promise<void> {
    const there = new Set(await Array.fromAsync(this.files.store.list(folder + id)))
    const known = (await this.stateOf(ctx, id)).parts.map(({ part }) => part)
    const lost = known.filter((part) => !there.has(keyOf(id, part)))
    if (lost.length) await ctx.db.query(`DELETE FROM kernel.upload_part WHERE upload = $1::uuid AND part = ANY($2::int[])`, [id, lost])
    const missing = partsOf(bytes) - known.length + lost.length
    if (missing) throw new Refusal('badRequest', `还有 ${missing} 段没有传到`, { refusal: 'incomplete' })
  }
  private async putTogether(ctx: Context, { id, name, bytes, sha256 }: Upload, crc32: string): Promise<string> {
    const { store } = this.files
    const whole = async function* (): AsyncGenerator<Buffer> {
      for (let part = 0; part < partsOf(bytes); part++) for await (const chunk of await store.read(keyOf(id, part))) yield chunk as Buffer
    }
    const file = await this.files.receive(Readable.from(whole()), bytes, async (arrived) => {
      if (hex(arrived.crc32) !== crc32 || (sha256 !== null && arrived.hash !== sha256))
        throw new Refusal('invalid', '文件校验不一致，请重新上传')
      const also = async (tx: Context, kept: string): Promise<void> => {
        const [mine] = await tx.db.query(`UPDATE kernel.upload SET file = $2::uuid WHERE id = $1::uuid AND file IS NULL RETURNING id`, [
          id,
          kept,
        ])
        if (!mine) throw new Won()
      }
      return this.files.keep(ctx, name, arrived, { also })
    })
    return file.id
  }

  /** Gives an upload up. */
  async cancel(ctx: Context, id: string): Promise<void> {
    const { bytes, file } = await this.mine(ctx, id)
    if (file) return
    await ctx.db.query(`DELETE FROM kernel.upload WHERE id = $1::uuid AND file IS NULL`, [id])
    await this.dropParts(ctx, id, partsOf(bytes))
  }
  private async dropParts(ctx: Context, id: string, all: number): Promise<void> {
    await ctx.db.query(`DELETE FROM kernel.upload_part WHERE upload = $1::uuid`, [id])
    for (let part = 0; part < all; part++) await this.files.store.remove(keyOf(id, part))
  }
  /** Removes what nobody came back to for a day, finished or not, and parts that no upload knows. */
  async clean(ctx: Context): Promise<void> {
    const before = new Date(ctx.clock.now().getTime() - dayMs).toISOString()
    await ctx.db.query(`DELETE FROM kernel.upload WHERE seen_at < $1`, [before])
    // Told first what is there, then what is known: a part that arrives meanwhile is not taken for a lost one.
    const keys = await Array.fromAsync(this.files.store.list(folder))
    const known = new Set((await ctx.db.query<{ id: string }>(`SELECT id FROM kernel.upload`)).map(({ id }) => id))
    for (const key of keys) if (!known.has(uploadOf(key))) await this.files.store.remove(key)
  }

  private async mine(ctx: Context, id: string): Promise<Upload> {
    const [upload] = await ctx.db.query<Upload & object>(
      `SELECT id, name, bytes, sha256, file FROM kernel.upload WHERE id = $1::uuid AND person = $2::uuid`,
      [isUuid(id) ? id : null, needPerson(ctx)],
    )
    if (!upload) throw new Refusal('notFound', '这次上传已失效，请重新上传')
    return { ...upload, bytes: Number(upload.bytes) }
  }
  /** Which parts are there. */
  async state(ctx: Context, id: string): Promise<UploadState> {
    return this.stateOf(ctx, (await this.mine(ctx, id)).id)
  }
  private async stateOf(ctx: Context, id: string): Promise<UploadState> {
    const parts = await ctx.db.query<{ part: number; crc32: string }>(
      `SELECT part, crc32 FROM kernel.upload_part WHERE upload = $1::uuid ORDER BY part`,
      [id],
    )
    return { id, parts }
  }
}
/** Somebody else finished the upload meanwhile. */
class Won extends Error {}
/** The parts of all uploads lie in one folder: one for each would stay behind empty. */
const folder = 'parts/'
const keyOf = (id: string, part: number): string => `${folder}${id}-${part}`
const uploadOf = (key: string): string => key.slice(folder.length, folder.length + 36)
const hex = (crc32: number): string => crc32.toString(16).padStart(8, '0')
function needPerson(ctx: Context): string {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight')
  return person
}
function readBeginning({ name, bytes, mark = '', sha256 = null }: Readonly<Record<string, unknown>>): Beginning {
  if (typeof name !== 'string' || name.trim() === '' || name.length > 500) throw new Refusal('badRequest', '缺少文件名')
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) throw new Refusal('badRequest', '缺少文件大小')
  if (bytes === 0) throw new Refusal('badRequest', '文件是空的')
  if (bytes > largestUpload) throw new Refusal('tooLarge', `文件超过 ${largestUpload / 1024 ** 3} GB 的限制`)
  if (typeof mark !== 'string' || mark.length > 100) throw new Refusal('badRequest')
  if (sha256 !== null && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
    throw new Refusal('badRequest', 'sha256 应为 64 位十六进制小写')
  return { name, bytes, mark, sha256 }
}
