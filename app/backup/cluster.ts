import { readdir, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type pg from 'pg'
import { copyAll, readSettled, writeWhole } from './copy.ts'
import { parts, type Manifest, type ManifestFile } from './manifest.ts'

// What PostgreSQL's documentation names as not belonging into a copy (“Making an Exclusive/Low-Level Base Backup”): made anew at the start.
const emptied = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'])
const leftOut = /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|current_logfiles|pg_internal\.init.*|pgsql_tmp.*)$/
const control = 'global/pg_control'
const segment = /^[0-9A-F]{24}$/

export interface ClusterCopy {
  postgres: Manifest['postgres']
  startedAt: string
  stoppedAt: string
  folders: string[]
  files: ManifestFile[]
}

/**
 * Copies a running cluster by the low-level interface: between start and stop the files may change under the copy, and the write-ahead log
 * of that time makes it whole again. `admin` is a superuser's session; a temporary slot of this session keeps the log until it is copied.
 */
export async function copyCluster(admin: pg.Client, cluster: string, to: string): Promise<ClusterCopy> {
  const ask = async (text: string, values: unknown[] = []) => (await admin.query<Record<string, string>>(text, values)).rows[0]!
  await refuseUnfit(ask)
  const source = await realpath(cluster)
  const slot = `xinglin_backup_${process.pid}_${Date.now()}`
  await ask('SELECT pg_create_physical_replication_slot($1, true, true)', [slot])
  const began = await ask(`SELECT pg_backup_start($1, true)::text AS lsn, clock_timestamp()::text AS at`, ['xinglin'])
  const { folders, paths } = await contentOf(source)
  const files = await copyAll(source, to, paths, parts.cluster)
  files.push({
    path: join(parts.cluster, control),
    ...(await writeWhole(join(to, parts.cluster, control), await readSettled(join(source, control)))),
  })
  const stopping = await ask('SELECT clock_timestamp()::text AS at')
  const stopped = await ask('SELECT lsn::text AS lsn, labelfile AS label, spcmapfile AS map FROM pg_backup_stop(false)')
  for (const [name, text] of [['backup_label', stopped['label']], ['tablespace_map', stopped['map']]] as const)
    if (text) files.push({ path: join(parts.cluster, name), ...(await writeWhole(join(to, parts.cluster, name), text)) }) // prettier-ignore
  const log = await copyLog(ask, source, to, { start: began['lsn']!, stop: stopped['lsn']! })
  const about = await ask(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major, (SELECT system_identifier::text FROM pg_control_system()) AS system`,
  )
  return {
    postgres: {
      version: about['version']!,
      major: Number(about['major']),
      system: about['system']!,
      startLsn: began['lsn']!,
      stopLsn: stopped['lsn']!,
      wal: log.length,
    },
    startedAt: new Date(began['at']!).toISOString(),
    stoppedAt: new Date(stopping['at']!).toISOString(),
    folders: folders.map((folder) => join(parts.cluster, folder)),
    files: [...files, ...log],
  }
}

type Ask = (text: string, values?: unknown[]) => Promise<Record<string, string>>

async function refuseUnfit(ask: Ask): Promise<void> {
  const { level } = (await ask(`SELECT current_setting('wal_level') AS level`)) as { level: string }
  if (level === 'minimal') throw new Error('数据库的 wal_level 是 minimal，不能在运行中备份；请停止程序后复制整个数据目录')
  const { spaces } = await ask(`SELECT count(*)::text AS spaces FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')`)
  if (spaces !== '0') throw new Error('数据库使用了额外的表空间（pg_tablespace），内置备份不支持；请用 pg_basebackup')
}

async function contentOf(source: string): Promise<{ folders: string[]; paths: string[] }> {
  const folders: string[] = []
  const paths: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(source, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (leftOut.test(entry.name) || path === control) continue
      if (!entry.isDirectory()) paths.push(path)
      else {
        folders.push(path)
        if (!emptied.has(path)) await walk(path)
      }
    }
  }
  await walk('')
  return { folders, paths }
}

/** The segments of the log from the copy's start to its stop. The stop has switched to a new one, so that the last is complete. */
async function copyLog(ask: Ask, source: string, to: string, { start, stop }: { start: string; stop: string }): Promise<ManifestFile[]> {
  const named = await ask(
    `SELECT pg_walfile_name($1::pg_lsn) AS first, pg_walfile_name($2::pg_lsn) AS last,
       (floor((($2::pg_lsn - '0/0') - 1) / size) - floor(($1::pg_lsn - '0/0') / size) + 1)::text AS count
     FROM (SELECT pg_size_bytes(current_setting('wal_segment_size'))::numeric AS size) s`,
    [start, stop],
  )
  const { first, last, count } = named as { first: string; last: string; count: string }
  const folder = join(source, 'pg_wal')
  const segments = (await readdir(folder)).filter((name) => segment.test(name) && name >= first && name <= last).sort()
  const copied = await copyAll(folder, to, segments, join(parts.cluster, relative(source, folder)))
  if (copied.length !== Number(count)) throw new Error(`备份期间的日志不全（应有 ${count} 段，只有 ${copied.length} 段），备份作废`)
  return copied
}
