import { existsSync, rmSync } from 'node:fs'
import { chown, cp, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { auditAlone } from '#kernel/server/audit/audit.ts'
import { findBinaries, serverUser } from '#kernel/server/database/binaries.ts'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { copyAll } from '../backup/copy.ts'
import { checkBackup, parts, readManifest, type Manifest } from '../backup/manifest.ts'
import { ledgerFile, root } from '../paths.ts'
import { refuseOutside } from './backup.ts'
import { openPlace } from './place.ts'
import { isQuarantined, quarantineFile } from './quarantine.ts'

const usage =
  '用法：restore --from <备份> --data <新的空文件夹> [--keys <密钥文件夹>] [--ledger <删除台账>]；核对后解除隔离：restore --release --data <文件夹>'

/** `xinglin restore`: a backup becomes the data folder of a program that comes up in quarantine. */
export async function restore(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: 'string' },
      data: { type: 'string' },
      keys: { type: 'string' },
      ledger: { type: 'string' },
      release: { type: 'boolean', default: false },
    },
  })
  if (!values.data || (!values.from && !values.release)) {
    console.error(usage)
    return 2
  }
  refuseOutside()
  const data = isAbsolute(values.data) ? values.data : join(root, values.data)
  if (values.release) return release(data)
  const from = values.from!
  if (existsSync(data) && (await readdir(data)).length > 0) throw new Error(`${data} 不是空的，不在其上恢复；请给一个新的文件夹`)
  if (values.ledger && !existsSync(values.ledger)) throw new Error(`没有 ${values.ledger}`)
  if (values.keys && !existsSync(join(values.keys, 'master.key'))) throw new Error(`${values.keys} 中没有 master.key，不是密钥文件夹`)
  const manifest = await readManifest(from)
  refuseOtherVersion(manifest)
  const wrong = await checkBackup(from, manifest)
  if (wrong.length) {
    for (const line of wrong.slice(0, 20)) console.error(`✗ ${line}`)
    throw new Error(`备份与清单不符（${wrong.length} 处），没有恢复任何内容`)
  }
  try {
    await layOut(from, data, manifest, values.keys)
    if (values.ledger) await takeLedger(values.ledger, data)
    await comeUp(from, data, manifest)
  } catch (error) {
    await clear(data)
    throw error
  }
  return 0
}

function refuseOtherVersion({ postgres }: Manifest): void {
  const { major } = findBinaries(serverUser(''))
  if (postgres.major !== major)
    throw new Error(`备份来自 PostgreSQL ${postgres.version}，本程序内置 PostgreSQL ${major}：请用当时的程序版本恢复`)
}

async function layOut(from: string, data: string, manifest: Manifest, keys: string | undefined): Promise<void> {
  // The place is made as a first start makes it (whose it is, where the server's user reaches it); then its content is the backup's.
  const postgres = join(data, 'postgres')
  await (await startEmbedded({ dataDir: postgres })).stop()
  const cluster = await realpath(join(postgres, 'cluster'))
  for (const name of await readdir(cluster)) await rm(join(cluster, name), { recursive: true, force: true })
  const below = (part: string) =>
    manifest.files.filter(({ path }) => path.startsWith(`${part}/`)).map(({ path }) => path.slice(part.length + 1))
  const folders = manifest.folders.map((folder) => folder.slice(parts.cluster.length + 1))
  for (const folder of folders) await mkdir(join(cluster, folder), { recursive: true, mode: 0o700 })
  const files = below(parts.cluster)
  await copyAll(join(from, parts.cluster), cluster, files, '')
  if (process.getuid?.() === 0) {
    const { uid, gid } = await stat(cluster)
    for (const path of [...folders, ...files]) await chown(join(cluster, path), uid, gid)
  }
  await cp(join(from, parts.secrets), join(postgres, 'secrets.json'))
  await copyAll(join(from, parts.files), join(data, 'files'), below(parts.files), '')
  await copyAll(join(from, parts.archives), join(data, parts.archives), below(parts.archives), '')
  if (keys) await cp(keys, join(data, 'keys'), { recursive: true })
}

/** What was erased since the backup was made: the program erases it again before it serves anybody. */
async function takeLedger(from: string, data: string): Promise<void> {
  await mkdir(dirname(ledgerFile(data)), { recursive: true, mode: 0o700 })
  await cp(from, ledgerFile(data))
}

async function comeUp(from: string, data: string, manifest: Manifest): Promise<void> {
  const server = await startEmbedded({ dataDir: join(data, 'postgres') })
  const db = openDatabase(server.appUrl, { max: 1, name: 'xinglin-restore' })
  try {
    await beginNewLife(server.ownerUrl)
    const at = new Date()
    await writeFile(quarantineFile(data), `${JSON.stringify({ restoredAt: at.toISOString(), from, stoppedAt: manifest.stoppedAt })}\n`)
    await auditAlone(
      db,
      at,
      { actor: null, name: '命令行恢复', address: null },
      { act: 'restore', outcome: 'done', detail: { stoppedAt: manifest.stoppedAt } },
    )
    await tell(db, data, manifest)
  } finally {
    await db.close()
    await server.stop()
  }
}

/** What was handed out by the original (places in the feed, seals) must not be taken for this copy's, which goes another way from here. */
async function beginNewLife(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ feed: string | null; seal: string | null }>(
      `SELECT to_regclass('privileges.feed_epoch')::text AS feed, to_regclass('kernel.seal_epoch')::text AS seal`,
    )
    if (rows[0]?.feed) await owner.query('UPDATE privileges.feed_epoch SET id = gen_random_uuid()')
    // Seals made from here are not those that the original made after the backup.
    if (rows[0]?.seal)
      await owner.query(`INSERT INTO kernel.seal_epoch (number, reason) SELECT max(number) + 1, '从备份恢复' FROM kernel.seal_epoch`)
  })
}

async function tell(db: Database, data: string, manifest: Manifest): Promise<void> {
  const [found] = await db.once<{ people: number; accounts: number; last: string | null }>(
    `SELECT (SELECT count(*) FROM directory.person WHERE deleted_at IS NULL)::int AS people, (SELECT count(*) FROM security.account)::int AS accounts, (SELECT max(at) FROM kernel.history) AS last`,
  )
  const stored = manifest.files.filter(({ path }) => path.startsWith(`${parts.files}/`)).length
  const hasKeys = existsSync(join(data, 'keys', 'master.key')) || process.env['XINGLIN_MASTER_KEY'] !== undefined
  const lines = [
    `已恢复到 ${data}`,
    `  备份截至 ${manifest.stoppedAt}（程序 ${manifest.product}，PostgreSQL ${manifest.postgres.version}）`,
    `  人员 ${found!.people}，账号 ${found!.accounts}，附件 ${stored}，最后一次修改 ${found!.last ?? '—'}`,
    ...(hasKeys ? [] : [`  没有密钥：启动前请把 master.key、seal.key 放入 ${join(data, 'keys')}`]),
    ...(existsSync(ledgerFile(data))
      ? []
      : [`  没有删除台账：启动前请把原系统的 erasures/ledger.jsonl 放到 ${ledgerFile(data)}，否则备份之后删除的个人信息会重新出现`]),
    `  启动后处于隔离：不发消息、不推送、不跑任务。核对无误并停用原系统后：`,
    `  npm run xinglin -- restore --release --data ${data}`,
  ]
  console.log(lines.join('\n'))
}

async function release(data: string): Promise<number> {
  if (!isQuarantined(data)) {
    console.error(`${data} 不在隔离中`)
    return 1
  }
  const place = await openPlace(data)
  const db = openDatabase(place.appUrl, { max: 1 })
  try {
    await auditAlone(db, new Date(), { actor: null, name: '命令行恢复', address: null }, { act: 'restore.release', outcome: 'done' })
    rmSync(quarantineFile(data))
    console.log('已解除隔离，重新启动程序后生效')
    return 0
  } finally {
    await db.close()
    await place.stop()
  }
}

/** A restore that failed leaves the folder as empty as it was. */
async function clear(data: string): Promise<void> {
  const cluster = await realpath(join(data, 'postgres', 'cluster')).catch(() => null)
  if (cluster && !cluster.startsWith(data)) await rm(dirname(cluster), { recursive: true, force: true })
  for (const name of existsSync(data) ? await readdir(data) : []) await rm(join(data, name), { recursive: true, force: true })
}
