import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ManifestFile } from './manifest.ts'

const chunkBytes = 1 << 20
const isGone = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT'

/** Copies one file and answers what was written; null when it has gone meanwhile (a dropped table). The copy is on disk when this answers. */
export async function copyFile(from: string, to: string): Promise<Omit<ManifestFile, 'path'> | null> {
  const source = await open(from).catch((error: unknown) => {
    if (isGone(error)) return null
    throw error
  })
  if (!source) return null
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const hash = createHash('sha256')
      const chunk = Buffer.allocUnsafe(chunkBytes)
      let bytes = 0
      for (;;) {
        const { bytesRead } = await source.read(chunk, 0, chunkBytes, bytes)
        if (bytesRead === 0) break
        hash.update(chunk.subarray(0, bytesRead))
        await target.write(chunk, 0, bytesRead)
        bytes += bytesRead
      }
      await target.datasync()
      return { bytes, sha256: hash.digest('hex') }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Writes what is at hand, as `copyFile` does. */
export async function writeWhole(to: string, content: Buffer | string): Promise<Omit<ManifestFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const target = await open(to, 'wx', 0o600)
  try {
    await target.writeFile(content)
    await target.datasync()
  } finally {
    await target.close()
  }
  return { bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') }
}

/** Reads a small file that is being written again and again: two equal readings are a whole one. */
export async function readSettled(path: string): Promise<Buffer> {
  for (let before = await readFile(path); ;) {
    const now = await readFile(path)
    if (now.equals(before)) return now
    before = now
  }
}

const atOnce = 4
/** Copies files below one folder to below another, some at a time. */
export async function copyAll(from: string, to: string, paths: readonly string[], under: string): Promise<ManifestFile[]> {
  const copied: ManifestFile[] = []
  const waiting = paths.values()
  const hand = async (): Promise<void> => {
    for (const path of waiting) {
      const place = join(to, under, path)
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      const done = await copyFile(join(from, path), place)
      if (done) copied.push({ path: join(under, path), ...done })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, hand))
  return copied
}
