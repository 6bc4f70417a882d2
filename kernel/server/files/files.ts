import { fileTypeFromBuffer } from 'file-type'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { v7 as uuidv7 } from 'uuid'
import { Refusal, type FileValue } from '#model'
import { type Context, personOf } from '../context.ts'

/** Files by the hash of their content in a local folder: immutable, stored once, never overwritten. */
export class FileStore {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }

  /** Streams a file in. Refuses one over `maxBytes` while it is still streaming. */
  async put(ctx: Context, name: string, source: Readable, maxBytes: number): Promise<FileValue> {
    const incoming = join(this.folder, 'incoming')
    await mkdir(incoming, { recursive: true })
    const temporary = join(incoming, uuidv7())
    try {
      const { hash, bytes } = await receive(source, temporary, maxBytes)
      const type = await sniff(temporary, name)
      const place = this.placeOf(hash)
      await mkdir(join(place, '..'), { recursive: true })
      await rename(temporary, place)
      const id = uuidv7()
      const plainName = name.replace(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
      await ctx.db.query(`INSERT INTO kernel.file (id, hash, name, type, bytes, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7::uuid)`, [
        id, hash, plainName, type, bytes, ctx.clock.now().toISOString(), personOf(ctx.actor),
      ]) // prettier-ignore
      return { id, name: plainName, bytes, type }
    } finally {
      await rm(temporary, { force: true })
    }
  }
  async info(ctx: Pick<Context, 'db'>, ids: readonly string[]): Promise<(FileValue & { hash: string; createdBy: string | null })[]> {
    return ctx.db.query(`SELECT id, name, bytes, type, hash, created_by AS "createdBy" FROM kernel.file WHERE id = ANY($1::uuid[])`, [ids])
  }
  pathOf = (file: { hash: string }): string => this.placeOf(file.hash)
  /** The content, or the bytes from `start` to `end`. */
  read = (file: { hash: string }, part?: { start: number; end: number }): Readable => createReadStream(this.placeOf(file.hash), part)
  private placeOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash)
  }
}

async function receive(source: Readable, to: string, maxBytes: number): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) return done(new Refusal('tooLarge', `文件超过 ${Math.floor(maxBytes / 1024 / 1024)} MB 的限制`))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(source, meter, createWriteStream(to, { mode: 0o600 }))
  } catch (error) {
    throw (error as { code?: string }).code === 'ENOSPC' ? new Refusal('unavailable', '磁盘空间不足，文件没有保存') : error
  }
  return { hash: hash.digest('hex'), bytes }
}

const byName: Record<string, string> = { csv: 'text/csv', txt: 'text/plain', json: 'application/json' }
/** The type by content, not by what the sender says; by name only for plain text. */
async function sniff(path: string, name: string): Promise<string> {
  const { size } = await stat(path)
  const handle = await open(path)
  try {
    const head = Buffer.alloc(Math.min(size, 4100))
    await handle.read(head, 0, head.length, 0)
    return (await fileTypeFromBuffer(head))?.mime ?? byName[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  } finally {
    await handle.close()
  }
}
/** Types that a browser may show in place; everything else is a download. */
export const shownInline = new Set([
  'image/png', 'image/jpeg', 'image/webp', 'image/gif', 'application/pdf', 'video/mp4', 'video/webm', 'video/quicktime',
  'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/wav', 'audio/ogg', 'audio/webm', 'audio/aac', 'audio/amr',
]) // prettier-ignore
