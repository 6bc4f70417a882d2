import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { Readable } from 'node:stream'

/** Where contents lie, under keys of plain letters, digits, `-` and `/`: whole or not at all, however a process ends. */
export interface Store {
  /** Takes a local file over under this key, in place of what is there; the local file is gone or may be removed after. */
  take(key: string, path: string): Promise<void>
  /** The content, or its bytes from `start` to `end`, both counted in. Fails where there is none. */
  read(key: string, part?: { start: number; end: number }): Promise<Readable>
  /** Nothing happens where there is none. */
  remove(key: string): Promise<void>
  /** Keys that begin so. */
  list(prefix: string): AsyncIterable<string>
}

/** A folder of this machine. */
export class DiskStore implements Store {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }
  async take(key: string, path: string): Promise<void> {
    const place = this.placeOf(key)
    await mkdir(dirname(place), { recursive: true })
    try {
      await rename(path, place)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EXDEV') throw error
      // From another file system: copied beside first, so that nobody reads half of it.
      await copyFile(path, `${place}.part`)
      await rename(`${place}.part`, place)
    }
  }
  async read(key: string, part?: { start: number; end: number }): Promise<Readable> {
    await stat(this.placeOf(key))
    return createReadStream(this.placeOf(key), part)
  }
  remove = (key: string): Promise<void> => rm(this.placeOf(key), { force: true })
  async *list(prefix: string): AsyncIterable<string> {
    const folder = this.placeOf(prefix.slice(0, prefix.lastIndexOf('/') + 1))
    const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing)
    for (const entry of found) {
      const key = relative(this.folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')
      if (entry.isFile() && key.startsWith(prefix)) yield key
    }
  }
  placeOf(key: string): string {
    if (!/^[\w-]*(?:\/[\w-]*)*$/.test(key)) throw new Error(`no key of a file: ${key}`)
    return join(this.folder, key)
  }
}
function noneIfMissing(error: unknown): [] {
  if ((error as { code?: string }).code === 'ENOENT') return []
  throw error
}
