import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createReadStream, existsSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What a backup folder holds: written last, so that a folder without it is no backup. */
export interface Manifest {
  format: 1
  product: string
  startedAt: string
  /** Everything committed before this moment is in the backup. */
  stoppedAt: string
  postgres: { version: string; major: number; system: string; startLsn: string; stopLsn: string; wal: number }
  /** Empty ones, too: PostgreSQL wants them. */
  folders: string[]
  files: ManifestFile[]
}
export interface ManifestFile {
  path: string
  bytes: number
  sha256: string
}
export const manifestName = 'manifest.json'
/** Where the parts stand in a backup folder. */
export const parts = { cluster: 'cluster', files: 'files', archives: 'audit-archives', secrets: 'secrets.json' } as const

/** Reads a backup's manifest; says in words what is wrong with the folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName)
  if (!existsSync(path)) throw new Error(`${folder} 不是完整的备份：没有 ${manifestName}`)
  const read = JSON.parse(await readFile(path, 'utf8')) as Partial<Manifest>
  if (read.format !== 1 || !read.files || !read.folders || !read.postgres) throw new Error(`${path} 的格式无法识别，可能来自更新的版本`)
  const outside = [...read.folders, ...read.files.map((file) => file.path)].find(
    (one) => one.startsWith('/') || one.split('/').includes('..'),
  )
  if (outside !== undefined) throw new Error(`${path} 中有备份之外的路径：${outside}`)
  return read as Manifest
}

/** What differs from the manifest, in words; nothing when the backup is whole. */
export async function checkBackup(folder: string, manifest: Manifest): Promise<string[]> {
  const wrong: string[] = []
  for (const { path, bytes, sha256 } of manifest.files) {
    const found = await digestOf(join(folder, path)).catch(() => null)
    if (!found) wrong.push(`缺少 ${path}`)
    else if (found.bytes !== bytes || found.sha256 !== sha256) wrong.push(`${path} 的内容与清单不符`)
  }
  const known = new Set([...manifest.files.map((file) => file.path), manifestName])
  for (const path of await filesBelow(folder)) if (!known.has(path)) wrong.push(`清单之外的文件 ${path}`)
  return wrong
}

/** Paths of all files below a folder, relative to it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
