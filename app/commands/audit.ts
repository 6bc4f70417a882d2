import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { verifyAudit } from '#kernel/server/audit/verifier.ts'
import { streams } from '#kernel/server/audit/entries.ts'
import { lineOf } from '#kernel/server/audit/findings.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { sealKey } from '#kernel/server/keys.ts'
import { openPlace } from './place.ts'

/** `xinglin audit verify`: exit code 0 when nothing was touched, 1 when something was. */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' } },
  })
  if (positionals[0] !== 'verify') {
    console.error('用法：audit verify')
    return 2
  }
  const place = await openPlace(values.data)
  const db = openDatabase(place.appUrl, { max: 2 })
  try {
    const report = await verifyAudit(db, await sealKey(join(place.dataFolder, 'keys', 'seal.key')))
    for (const f of report.findings) console.log(`✗ ${lineOf(f)}`)
    console.log(`已核对 ${report.seals} 个封存、${report.entries} 条记录，发现 ${report.found} 处问题`)
    for (const u of report.unsealed) if (u.count) console.log(`${streams[u.stream].label}尚未封存：${u.count} 条（${u.from} 至 ${u.to}）`)
    return report.found ? 1 : 0
  } finally {
    await db.close()
    await place.stop()
  }
}
