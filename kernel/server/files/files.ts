import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { v7 as uuidv7 } from 'uuid'
import { crc32 } from 'node:zlib'
import { Refusal, type FileValue } from '#model'
import { auditAlone } from '../audit/audit.ts'
import { type Context, nameOfActor, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { endingOf, plainNameOf, typeOf, type FileUse } from './kinds.ts'
import { isRedrawn, pictureEndings, redraw } from './pictures.ts'
import type { Scanning } from './scanner.ts'
import { DiskStore, type Store } from './store.ts'

/** What has arrived, in a file of this machine. */
export interface Arrived {
  path: string
  hash: string
  crc32: number
  bytes: number
}

export interface KnownFile extends FileValue {
  hash: string
  createdBy: string | null
  /** The virus that was found in it. */
  virus: string | null
  /** Not yet scanned. */
  isWaiting: boolean
}
/** Refuses to open what was not scanned, or not clean. */
export function needClean({ name, virus, isWaiting }: KnownFile): void {
  if (virus) throw new Refusal('invalid', `“${name}”含有病毒（${virus}），已隔离，不能打开`)
  if (isWaiting) throw new Refusal('unavailable', `“${name}”还在等待病毒检查，请稍后再打开`)
}
/** Files by the hash of their content: immutable, stored once. */
export class FileStore {
  readonly kernel: Kernel
  readonly folder: string
  readonly store: Store
  readonly scanning: Scanning | null
  /** Where files of this process lie until they are whole. */
  readonly incoming: string
  /** `folder`: of this machine, for what is on its way and, without another store, for the files. */
  constructor(
    kernel: Kernel,
    folder: string,
    { store = new DiskStore(folder), scanning = null }: { store?: Store; scanning?: Scanning | null } = {},
  ) {
    this.kernel = kernel
    this.folder = folder
    this.store = store
    this.scanning = scanning
    this.incoming = join(folder, 'incoming')
  }

  /** Streams a file in. Refuses one over `maxBytes` while it is still streaming. */
  put(ctx: Context, name: string, source: Readable, maxBytes: number, use: FileUse = 'kept'): Promise<FileValue> {
    return this.receive(source, maxBytes, (arrived) => this.keep(ctx, name, arrived, { use }))
  }
  /** Streams into a file of this machine, which is gone when `work` is done. */
  async receive<T>(source: Readable, maxBytes: number, work: (arrived: Arrived) => Promise<T>): Promise<T> {
    await mkdir(this.incoming, { recursive: true })
    const path = join(this.incoming, uuidv7())
    try {
      return await work({ path, ...(await receive(source, path, maxBytes)) })
    } finally {
      await rm(path, { force: true })
    }
  }
  /** Takes a file that is there and whole, if it is of a kind that may be taken; `also` stands or falls with it. A picture is drawn anew. */
  async keep(
    ctx: Context,
    name: string,
    arrived: Arrived,
    { use = 'kept', also }: { use?: FileUse; also?: (tx: Context, id: string) => Promise<void> } = {},
  ): Promise<FileValue> {
    const plainName = plainNameOf(name)
    const type = await typeOf(arrived.path, plainName, use)
    const isScanned = await this.scan(ctx, plainName, arrived.path)
    if (use === 'kept' && isRedrawn(type)) {
      const path = join(this.incoming, uuidv7())
      try {
        return await this.settle(
          ctx,
          { name: pictureName(plainName, type), type, isScanned, path, ...(await redraw(arrived.path, path, type)) },
          also,
        )
      } finally {
        await rm(path, { force: true })
      }
    }
    return this.settle(ctx, { name: plainName, type, isScanned, ...arrived }, also)
  }
  private async settle(
    ctx: Context,
    { name, type, isScanned, path, hash, bytes }: Omit<Arrived, 'crc32'> & { name: string; type: string; isScanned: boolean },
    also?: (tx: Context, id: string) => Promise<void>,
  ): Promise<FileValue> {
    const id = uuidv7()
    await this.kernel.transaction(ctx, async (tx) => {
      await holdHash(tx, hash)
      const now = ctx.clock.now().toISOString()
      await tx.db.query(
        `INSERT INTO kernel.file (id, hash, name, type, bytes, created_at, created_by, unscanned_since) VALUES ($1, $2, $3, $4, $5, $6, $7::uuid, $8)`,
        [id, hash, name, type, bytes, now, personOf(ctx.actor), isScanned ? null : now],
      )
      await also?.(tx, id)
      await this.store.take(keyOf(hash), path)
    })
    return { id, name, bytes, type }
  }
  /** Refuses what holds a virus. False: the scanner is away, and the file waits for it. */
  private async scan(ctx: Context, name: string, path: string): Promise<boolean> {
    if (!this.scanning) return true
    const { scanner, away } = this.scanning
    let virus: string | null
    try {
      virus = await scanner.scan(path)
    } catch {
      if (away === 'hold') return false
      throw new Refusal('unavailable', '病毒检查服务没有应答，暂时不能上传文件，请稍后再试', { retryAfter: 30 })
    }
    if (virus === null) return true
    const who = { actor: personOf(ctx.actor), name: nameOfActor(ctx.actor), address: ctx.address }
    await auditAlone(this.kernel.db, ctx.clock.now(), who, { act: 'file.virus', outcome: 'refused', detail: { name, virus } })
    throw new Refusal('invalid', `“${name}”含有病毒（${virus}），没有保存`)
  }
  async info(ctx: Pick<Context, 'db'>, ids: readonly string[]): Promise<KnownFile[]> {
    const rows = await ctx.db.query<KnownFile & object>(
      `SELECT id, name, bytes, type, hash, created_by AS "createdBy", virus, unscanned_since IS NOT NULL AS "isWaiting" FROM kernel.file WHERE id = ANY($1::uuid[])`,
      [ids],
    )
    return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }))
  }
  /** Removes a file that is still marked as an orphan since before this moment, and its content when no other has the same. False: it was taken up again. */
  removeOrphan(ctx: Context, { id, hash }: { id: string; hash: string }, before: Date): Promise<boolean> {
    return this.kernel.transaction(ctx, async (tx) => {
      await holdHash(tx, hash)
      const gone = await tx.db.query(`DELETE FROM kernel.file WHERE id = $1::uuid AND orphan_since < $2 RETURNING id`, [
        id,
        before.toISOString(),
      ])
      const [other] = await tx.db.query(`SELECT 1 FROM kernel.file WHERE hash = $1 LIMIT 1`, [hash])
      if (gone.length && !other) await this.store.remove(keyOf(hash))
      return gone.length > 0
    })
  }
  /** The content as a file of this machine, for at least a day. */
  async local({ hash }: { hash: string }): Promise<string> {
    if (this.store instanceof DiskStore) return this.store.placeOf(keyOf(hash))
    const path = join(this.incoming, hash)
    const now = new Date()
    if (await utimes(path, now, now).then(() => true, () => false)) return path // prettier-ignore
    await this.receive(await this.read({ hash }), Infinity, (arrived) => rename(arrived.path, path))
    return path
  }
  /** The content, or the bytes from `start` to `end`. */
  read = (file: { hash: string }, part?: { start: number; end: number }): Promise<Readable> => this.store.read(keyOf(file.hash), part)
}
/** A picture under the name of another kind of picture is called what it is. */
function pictureName(name: string, type: string): string {
  const [ending, right] = [endingOf(name), pictureEndings[type]!]
  return ending === right || (ending === 'jpeg' && right === 'jpg') ? name : `${name.slice(0, -ending.length)}${right}`
}
const keyOf = (hash: string): string => `${hash.slice(0, 2)}/${hash}`
/** Until the transaction ends nobody else keeps or removes this content. */
const holdHash = (tx: Context, hash: string) => tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 61))`, [hash])

async function receive(source: Readable, to: string, maxBytes: number): Promise<Omit<Arrived, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  let crc = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) return done(new Refusal('tooLarge', `文件超过 ${Math.floor(maxBytes / 1024 / 1024)} MB 的限制`))
      hash.update(chunk)
      crc = crc32(chunk, crc)
      done(null, chunk)
    },
  })
  try {
    await pipeline(source, meter, createWriteStream(to, { mode: 0o600 }))
  } catch (error) {
    throw (error as { code?: string }).code === 'ENOSPC' ? new Refusal('unavailable', '磁盘空间不足，文件没有保存') : error
  }
  return { hash: hash.digest('hex'), bytes, crc32: crc }
}

/** Types that a browser may show in place; everything else is a download. */
export const shownInline = new Set([
  'image/png', 'image/jpeg', 'image/webp', 'image/gif', 'application/pdf', 'video/mp4', 'video/webm', 'video/quicktime',
  'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/wav', 'audio/ogg', 'audio/webm', 'audio/aac', 'audio/amr',
]) // prettier-ignore
