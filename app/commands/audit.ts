import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { addDays, isDay, parseInstant } from '#model'
import { exportArchive, type ExportOptions } from '#kernel/server/audit/archive/export.ts'
import { verifierFile } from '#kernel/server/audit/archive/format.ts'
import { auditAlone } from '#kernel/server/audit/audit.ts'
import { streamNames, streams } from '#kernel/server/audit/entries.ts'
import { Findings, lineOf } from '#kernel/server/audit/findings.ts'
import { verifyAudit, type VerifyOptions } from '#kernel/server/audit/verifier.ts'
import { compareWitnesses } from '#kernel/server/audit/witnesses.ts'
import { beginLong, openDatabase, type Database } from '#kernel/server/database/database.ts'
import { sealKey } from '#kernel/server/protection/master-key.ts'
import { openPlace } from './place.ts'

const usage = `用法：audit verify [--anchors <锚点文件或 syslog 文件>]… [--from 2026-01-01] [--to 2026-01-31] [--data ./data]
      audit export --into <空文件夹> [--from 2026-01-01] [--to 2026-01-31] [--history] [--data ./data]`

/**
 * `xinglin audit verify`: exit code 0 when nothing was touched, 1 when something was.
 * `xinglin audit export`: sealed entries into a folder, with the program that proves them anywhere.
 */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' },
      anchors: { type: 'string', multiple: true, default: [] },
      from: { type: 'string' },
      to: { type: 'string' },
      into: { type: 'string' },
      history: { type: 'boolean', default: false },
    },
  })
  const [from, to] = [instantOf(values.from, 0), instantOf(values.to, 1)]
  const isExport = positionals[0] === 'export' && values.into !== undefined
  if ((positionals[0] !== 'verify' && !isExport) || from === undefined || to === undefined) {
    console.error(usage)
    return 2
  }
  for (const file of values.anchors) if (!existsSync(file)) throw new Error(`没有文件 ${file}`)
  const place = await openPlace(values.data)
  const db = openDatabase(place.appUrl, { max: 2 })
  try {
    if (isExport) return await write(db, resolve(values.into!), { from, to, streams: values.history ? streamNames : ['audit'] })
    const key = await sealKey(join(place.dataFolder, 'keys', 'seal.key'))
    const found = await verify(db, key, { from, to })
    return found + (await compare(db, values.anchors)) ? 1 : 0
  } finally {
    await db.close()
    await place.stop()
  }
}

/** Midnight at which a day begins in the hospital's zone, days later; null when none is given, undefined when it is no day. */
function instantOf(day: string | undefined, later: number): string | null | undefined {
  if (day === undefined) return null
  return isDay(day) ? parseInstant(`${addDays(day, later)}T00:00:00+08:00`)?.toISOString() : undefined
}

async function verify(db: Database, key: Buffer, range: VerifyOptions): Promise<number> {
  const onProgress: VerifyOptions['onProgress'] = ({ entries, total }) =>
    process.stderr.write(`\r  ${entries} / ${total} 条（${Math.floor((100 * entries) / Math.max(1, total))}%）`)
  const report = await verifyAudit(db, key, { ...range, ...(process.stderr.isTTY ? { onProgress } : {}) })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  for (const f of report.findings) console.log(`✗ ${lineOf(f)}`)
  console.log(`已核对 ${report.seals} 个封存、${report.entries} 条记录，发现 ${report.found} 处问题`)
  if (report.archived.entries) {
    console.log(`其中审计 ${report.archived.entries} 条在归档中，库内只核对了封存；请用归档自带的 ${verifierFile} 核对内容：`)
    for (const { month, folder, rows, lastSeal } of report.archived.months)
      console.log(`  ${month.slice(0, 7)}：${rows} 条，至第 ${lastSeal} 号封存，${folder}`)
  }
  for (const u of report.unsealed) if (u.count) console.log(`${streams[u.stream].label}尚未封存：${u.count} 条（${u.from} 至 ${u.to}）`)
  return report.found
}

async function compare(db: Database, files: readonly string[]): Promise<number> {
  let count = 0
  for (const file of files) {
    const findings = new Findings()
    const { seals, entries } = await compareWitnesses(db, file, findings)
    for (const f of findings.list) console.log(`✗ ${lineOf(f)}`)
    console.log(`已与 ${file} 比对 ${seals} 个封存、${entries} 条记录，${findings.count} 处不符`)
    count += findings.count
  }
  return count
}

async function write(db: Database, folder: string, range: Pick<ExportOptions, 'from' | 'to' | 'streams'>): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query(`${beginLong}; SET TRANSACTION READ ONLY`)
    const { streams: made } = await exportArchive(client, folder, { ...range, now: new Date() })
    await client.query('COMMIT')
    const counts = Object.entries(made).map(([stream, s]) => ({ stream: streams[stream as keyof typeof made].label, seals: s.seals, entries: s.entries }))
    await auditAlone(db, new Date(), { actor: null, name: '命令行', address: null }, { act: 'audit.export', outcome: 'done', detail: { from: range.from, to: range.to, counts } })
    for (const { stream, seals, entries } of counts) console.log(`${stream}：${seals} 个封存、${entries} 条记录`)
    console.log(`已写入 ${folder}；核对：node ${join(folder, verifierFile)} ${folder}`)
    return 0
  } finally {
    client.release(true)
  }
} // prettier-ignore
