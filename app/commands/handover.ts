import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs, promisify } from 'node:util'
import { today } from '#model'
import { audit } from '#kernel/server/audit/audit.ts'
import type { Context } from '#kernel/server/context.ts'
import { allDesigns } from '#kernel/server/designs/drafts.ts'
import { exportDesigns } from '#kernel/server/designs/files.ts'
import { dictionaryLines, dictionaryOf } from '#kernel/server/dictionary/dictionary.ts'
import { dictionaryDocument } from '#kernel/server/dictionary/word-document.ts'
import { blocksOf, writeTable } from '#kernel/server/exchange/table-writer.ts'
import { flowsInForce } from '#kernel/server/flow/in-force.ts'
import { markOf } from '#kernel/server/marks/export-mark.ts'
import { remindersInForce } from '#kernel/server/reminders/in-force.ts'
import type { House } from '../house.ts'
import { root } from '../paths.ts'
import { withHouse } from './place.ts'

const usage = '用法：handover --into <空文件夹> [--data ./data]'
/** What is made of the source, or belongs to one installation. */
const notSource = new Set(['node_modules', 'data', 'dist', 'reports', 'coverage', '.cache', '.git'])

/** `xinglin handover`: what a hospital is handed with its system: the source, the structure of its tables, everything that it has made itself, and the sums to prove them by. */
export async function handover(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { into: { type: 'string' }, data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' } } })
  if (!values.into) {
    console.error(usage)
    return 2
  }
  const into = values.into
  await mkdir(into, { recursive: true })
  if ((await readdir(into)).length) throw new Error(`文件夹 ${into} 不是空的`)
  return withHouse(values.data, async (house) => {
    const ctx = await house.kernel.context({ kind: 'system', reason: '命令行' }, 'cli')
    const files = await sourceFiles()
    for (const file of files) await copy(join(root, file), join(into, '源程序', file))
    const { tables } = await writeDictionary(house, ctx, into)
    const pieces = await writeDefinitions(house, ctx, into)
    await writeFile(join(into, '说明.txt'), readme(today(ctx.clock), { files: files.length, tables, pieces }))
    await audit(ctx, { act: 'handover', outcome: 'done', detail: { files: files.length, tables, pieces } })
    const sums = await sumsOf(into)
    await writeFile(join(into, 'SHA256SUMS'), sums)
    console.log(`已整理到 ${into}：源程序 ${files.length} 个文件，${tables} 张表的数据字典，本院定义 ${pieces} 个`)
    return 0
  })
} // prettier-ignore

/** By the versions' own list where there is one, else all but what is made. */
async function sourceFiles(): Promise<string[]> {
  const tracked = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 64 * 1024 * 1024 }).catch(() => null)
  const listed = tracked?.stdout.split('\0').filter(Boolean)
  return listed?.length ? listed : below(root, '', notSource)
}
async function below(folder: string, at: string, without: ReadonlySet<string> = new Set()): Promise<string[]> {
  const found: string[] = []
  for (const one of await readdir(join(folder, at), { withFileTypes: true })) {
    if (without.has(one.name)) continue
    const path = join(at, one.name)
    if (one.isDirectory()) found.push(...(await below(folder, path, without)))
    else if (one.isFile()) found.push(path)
  }
  return found
}
async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}

async function writeDictionary({ kernel }: House, ctx: Context, into: string): Promise<{ tables: number }> {
  const answer = await dictionaryOf(kernel, ctx.db)
  const mark = markOf(kernel, ctx, '数据字典')
  async function* lines() {
    yield* dictionaryLines(answer)
  }
  await pipeline(writeTable({ blocks: blocksOf(lines()), format: 'xlsx', mark }), createWriteStream(join(into, '数据字典.xlsx')))
  const said = [`${answer.tables.length} 张表，${today(ctx.clock)}`, `导出编号 ${mark.number}`]
  await writeFile(join(into, '数据字典.docx'), await dictionaryDocument(answer, '数据字典', said))
  return { tables: answer.tables.length }
}
/** What the hospital has made itself, as one file that another installation reads, and flows and reminders as they are in force. */
async function writeDefinitions({ kernel }: House, ctx: Context, into: string): Promise<number> {
  const made = (await allDesigns(ctx)).filter(({ content }) => content !== null)
  const write = (name: string, content: unknown) => writeFile(join(into, name), `${JSON.stringify(content, null, 2)}\n`)
  if (made.length) await write('本院定义.json', await exportDesigns(kernel, ctx, []))
  const [flows, reminders] = [[...(await flowsInForce(kernel)).values()], [...(await remindersInForce(kernel)).values()]]
  await write('审批流程.json', flows)
  await write('提醒.json', reminders)
  return made.length
}

async function sumsOf(into: string): Promise<string> {
  const lines: string[] = []
  for (const file of (await below(into, '')).toSorted()) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(into, file)), hash)
    lines.push(`${hash.digest('hex')}  ${file}`)
  }
  return `${lines.join('\n')}\n`
}
const readme = (day: string, counted: { files: number; tables: number; pieces: number }): string => `杏林 交付资料
整理日期：${day}

源程序/        系统的全部源代码（${counted.files} 个文件），按其中 README.zh-CN.md 启动
数据字典.xlsx  ${counted.tables} 张表的结构说明，可筛选
数据字典.docx  同样内容的文档
本院定义.json  本院自建的记录类型、调整、打印模板、页面、自动任务（${counted.pieces} 个），可导入另一套系统
审批流程.json  生效的审批流程
提醒.json      生效的提醒
SHA256SUMS     以上各文件的校验值：sha256sum -c SHA256SUMS

不含病人与人员的数据，也不含密钥；数据请用“备份”（xinglin backup）。
`
