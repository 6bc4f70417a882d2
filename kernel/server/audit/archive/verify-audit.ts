// The stand-alone verifier: bundled into one file that runs anywhere. Imports Node's own modules and what proves the seals, nothing else.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { streams } from '../entries.ts'
import { lineOf } from '../findings.ts'
import { checkStream, openFolder, streamsIn, type StreamReport } from './check.ts'

const usage = `用法：node verify-audit.mjs <归档文件夹>… [--key 封存密钥文件] [--anchors 锚点文件或 syslog 文件]…`

try {
  process.exitCode = await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string' }, anchors: { type: 'string', multiple: true, default: [] } },
  })
  if (positionals.length === 0) throw new Error(usage)
  for (const file of [...values.anchors, ...(values.key ? [values.key] : [])]) if (!existsSync(file)) throw new Error(`没有文件 ${file}`)
  const key = values.key ? readKey(values.key) : null
  const folders = positionals.map(openFolder)
  const reports: StreamReport[] = []
  for (const stream of streamsIn(folders)) reports.push(await checkStream(folders, stream, key, values.anchors))
  for (const report of reports) say(report)
  if (!key) console.log('没有给出封存密钥（--key）：签章没有核对。能重新计算全部哈希的人整体改写，不会被发现。')
  if (values.anchors.length === 0) console.log('没有给出外部锚点（--anchors）：持有密钥的人整体改写，不会被发现。')
  const found = reports.reduce((sum, r) => sum + r.findings.count, 0)
  console.log(found ? `发现 ${found} 处问题。请保全现场，不要修补。` : '没有发现问题。')
  return found ? 1 : 0
}

function readKey(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== 32) throw new Error(`${file} 不是封存密钥：应为 32 字节的 base64`)
  return key
}

function say({ stream, findings, seals, entries, first, last, before, uncovered, anchored }: StreamReport): void {
  const { label } = streams[stream]
  for (const f of findings.list) console.log(`✗ ${lineOf(f)}`)
  if (findings.count > findings.list.length) console.log(`✗ ${label}：另有 ${findings.count - findings.list.length} 处`)
  console.log(`${label}：已核对 ${seals} 个封存、${entries} 条记录，${findings.count} 处问题`)
  if (!first || !last) return
  console.log(
    `  自第 ${first.number} 号（${first.sealedAt}）至第 ${last.number} 号（${last.sealedAt}），末号哈希 ${last.hash.toString('hex')}`,
  )
  if (before) console.log(`  此前的第 ${before.number} 号不在其中：与更早的归档一并核对，才能证明二者相连（哈希 ${before.hash}）`)
  if (anchored) console.log(`  外部锚点证明到第 ${anchored} 号`)
  if (uncovered)
    console.log(
      `  没有外部锚点覆盖：第 ${uncovered.from.number} 至 ${uncovered.to.number} 号封存（${uncovered.from.sealedAt} 至 ${uncovered.to.sealedAt}，${uncovered.entries} 条）`,
    )
}
