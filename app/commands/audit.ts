import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addDays, isDay, parseInstant } from '#model'
import { streams } from '#kernel/server/audit/entries.ts'
import { Findings, lineOf } from '#kernel/server/audit/findings.ts'
import { verifyAudit, type VerifyOptions } from '#kernel/server/audit/verifier.ts'
import { compareWitnesses } from '#kernel/server/audit/witnesses.ts'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { sealKey } from '#kernel/server/protection/master-key.ts'
import { openPlace } from './place.ts'

const usage = '用法：audit verify [--anchors <锚点文件或 syslog 文件>]… [--from 2026-01-01] [--to 2026-01-31] [--data ./data]'

/** `xinglin audit verify`: exit code 0 when nothing was touched, 1 when something was. */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' },
      anchors: { type: 'string', multiple: true, default: [] },
      from: { type: 'string' },
      to: { type: 'string' },
    },
  })
  const [from, to] = [instantOf(values.from, 0), instantOf(values.to, 1)]
  if (positionals[0] !== 'verify' || from === undefined || to === undefined) {
    console.error(usage)
    return 2
  }
  for (const file of values.anchors) if (!existsSync(file)) throw new Error(`没有文件 ${file}`)
  const place = await openPlace(values.data)
  const db = openDatabase(place.appUrl, { max: 2 })
  try {
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
