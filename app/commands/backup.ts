import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { withClient } from '#kernel/server/database/roles.ts'
import { copyCluster } from '../backup/cluster.ts'
import { copyAll, writeWhole } from '../backup/copy.ts'
import { filesBelow, manifestName, parts, type Manifest } from '../backup/manifest.ts'
import { root } from '../paths.ts'
import { openPlace } from './place.ts'

/** `xinglin backup --to <folder>`: database, files and what is needed to open them, while the program runs. */
export async function backup(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      to: { type: 'string' },
      'with-keys': { type: 'boolean', default: false },
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' },
    },
  })
  if (!values.to) {
    console.error('用法：backup --to <文件夹> [--with-keys] [--data ./data]')
    return 2
  }
  refuseOutside()
  const to = resolve(values.to)
  const keys = `${to}.keys`
  for (const target of values['with-keys'] ? [to, keys] : [to]) await refuseUsed(target)
  const dataFolder = isAbsolute(values.data) ? values.data : join(root, values.data)
  if (!existsSync(join(dataFolder, 'postgres', 'cluster'))) throw new Error(`${dataFolder} 中没有内置数据库，没有可备份的`)
  for (const inside of ['postgres', 'files', 'keys'])
    if (!relative(join(dataFolder, inside), to).startsWith('..')) throw new Error(`备份不能放在数据目录的 ${inside} 之内`)

  const place = await openPlace(values.data)
  // Written beside and renamed: a folder of this name is a whole backup or none.
  const half = join(dirname(to), `.${basename(to)}.${process.pid}`)
  try {
    await mkdir(half, { recursive: true, mode: 0o700 })
    const manifest = await copyPlace(dataFolder, place.adminUrl!, half)
    if (values['with-keys']) await cp(join(dataFolder, 'keys'), keys, { recursive: true, errorOnExist: true, force: false })
    await rename(half, to)
    if (place.s3) console.error(`注意：附件在 ${place.s3.endpoint} 的桶 ${place.s3.bucket} 中，不在这份备份里，请另外备份该桶`)
    tell(to, manifest, values['with-keys'] ? keys : null)
    return 0
  } catch (error) {
    throw (error as { code?: string }).code === 'ENOSPC' ? new Error(`${dirname(to)} 的磁盘空间不足，备份没有完成`) : error
  } finally {
    await rm(half, { recursive: true, force: true })
    await place.stop()
  }
}

/** An outside database is copied by its own means. */
export function refuseOutside(): void {
  const outside = process.env['DATABASE_URL']
  if (outside)
    throw new Error(
      `数据库在 ${new URL(outside).host} 上，请由它的管理员备份和恢复（pg_basebackup）；附件、审计归档和密钥在数据目录的 files、audit-archives、keys 中，请一并复制`,
    )
}
async function refuseUsed(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) throw new Error(`${folder} 已存在且不是空的，不覆盖；请换一个文件夹`)
}

async function copyPlace(dataFolder: string, adminUrl: string, to: string): Promise<Manifest> {
  const postgres = join(dataFolder, 'postgres')
  const { files, ...cluster } = await withClient(adminUrl, (admin) => copyCluster(admin, join(postgres, 'cluster'), to))
  const secrets = { path: parts.secrets, ...(await writeWhole(join(to, parts.secrets), readFileSync(join(postgres, 'secrets.json')))) }
  // A file stands in its place before its row is written, and never changes: copied after the database, none is missing.
  const store = join(dataFolder, 'files')
  const kept = existsSync(store) ? (await filesBelow(store)).filter((path) => /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(path)) : []
  const stored = await copyAll(store, to, kept, parts.files)
  const spoilt = stored.filter((file) => file.sha256 !== basename(file.path))
  if (spoilt.length) console.error(`注意：${spoilt.length} 个附件的内容与其名称（哈希）不符，可能已损坏：${spoilt[0]!.path}`)
  // What the log has handed over to archives stands nowhere else.
  const archives = join(dataFolder, parts.archives)
  const archived = existsSync(archives)
    ? await copyAll(
        archives,
        to,
        (await filesBelow(archives)).filter((path) => !path.includes('.half')),
        parts.archives,
      )
    : []
  const product = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
  const manifest: Manifest = { format: 1, product, ...cluster, files: [...files, secrets, ...stored, ...archived] }
  await writeWhole(join(to, manifestName), `${JSON.stringify(manifest, null, 1)}\n`)
  return manifest
}

function tell(to: string, { files, startedAt, stoppedAt, postgres }: Manifest, keys: string | null): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const stored = files.filter((file) => file.path.startsWith(`${parts.files}/`)).length
  const lines = [
    `已备份到 ${to}`,
    `  ${(bytes / 2 ** 20).toFixed(1)} MB，${files.length} 个文件（其中附件 ${stored} 个），PostgreSQL ${postgres.version}`,
    `  开始 ${startedAt}，截至 ${stoppedAt}：此前保存的都在其中`,
    keys
      ? `  密钥另存于 ${keys}：请与备份分开保管`
      : `  不含密钥（数据目录的 keys 文件夹）：没有它，加密的内容无法读出，请另行保管（--with-keys 另存一份）`,
    `  恢复：npm run xinglin -- restore --from ${to} --data <新的空文件夹> --keys ${keys ?? '<密钥文件夹>'}`,
  ]
  console.log(lines.join('\n'))
}
