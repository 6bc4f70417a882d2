import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { formatInstant } from '#model'
import { audit } from '#kernel/server/audit/audit.ts'
import { traceOf } from '#kernel/server/marks/read-mark.ts'
import { withHouse } from './place.ts'

const usage = '用法：export-mark <文件> [--data ./data]'
/** `xinglin export-mark FILE`: who took a file away. Exit code 0 when it says so, 1 when it carries no mark. */
export async function exportMark(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' } },
  })
  const [path] = positionals
  if (!path || positionals.length > 1) {
    console.error(usage)
    return 2
  }
  const file = await readFile(path).catch(() => {
    throw new Error(`没有文件 ${path}`)
  })
  return withHouse(values.data, async ({ kernel }) => {
    const ctx = await kernel.context({ kind: 'system', reason: '命令行' }, 'cli')
    const trace = await traceOf(kernel, ctx, file)
    await audit(ctx, { act: 'exportMark.read', outcome: 'done', detail: trace ? { number: trace.number } : {} })
    if (!trace) {
      console.log('文件里没有本院的导出标记')
      return 1
    }
    console.log(`导出编号 ${trace.number}（${trace.isProved ? '封存标记，已验证' : '按文件中的编号查得'}）`)
    console.log(`导出人   ${[trace.by, trace.staffNumber].filter(Boolean).join(' ')}`)
    console.log(`时间     ${formatInstant(trace.at)}${trace.address ? `，自 ${trace.address}` : ''}`)
    if (trace.title) console.log(`内容     ${trace.title}`)
    console.log(trace.entry ? `审计     ${trace.entry.act} ${formatInstant(trace.entry.at)}` : '审计日志中没有对应的导出')
    return 0
  })
}
