import { markOf } from '#kernel/server/marks/export-mark.ts'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { isUuid, readFilter, Refusal, today, type ImportDetail, type ImportMapping } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { errorLines } from '#kernel/server/exchange/errors-file.ts'
import { exportRecords } from '#kernel/server/exchange/export.ts'
import { largestImport } from '#kernel/server/exchange/imports.ts'
import type { OnProgress } from '#kernel/server/exchange/work.ts'
import { blocksOf, writeTable } from '#kernel/server/exchange/table-writer.ts'
import type { House } from './house.ts'

/** 0 all taken, 1 nothing written, 2 wrong usage, 3 written but for some lines, 130 stopped by the person. */
export type ExitCode = 0 | 1 | 2 | 3 | 130

export const importUsage = `用法：import <导入方式或记录类型> <文件> [选项]
  --map 列=字段      指定某列对应的字段，可多次；“列=”表示不用这一列
  --set 字段=值      文件中没有的字段的统一取值，可多次
  --sheet 名称       Excel 的工作表
  --head 行号        表头所在的行
  --dry-run          只检查，不写入
  --strict           有一行不能导入就全部不导入
  --first            存疑的都采用第一个候选
  --clear-blank      空格子清除已有内容（默认保留）
  --basis 文号       须审批的记录按已批准导入的依据
  --submit 理由      须审批的记录不直接生效，整批作为一个申请送审（须同时给出 --as）
  --as 工号          以谁的名义导入、送审或撤回，按其权限
  --errors 文件      未导入的行写到这里（.xlsx 或 .csv），改好后可再导入
  import --undo <批次号>   撤销一个批次`
export const exportUsage = `用法：export <记录类型> [-o 文件] [--format xlsx|csv] [--columns a,b.c] [--filter JSON] [--search 文字] [--sort a,-b]`

const options = {
  map: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  sheet: { type: 'string' },
  head: { type: 'string' },
  'dry-run': { type: 'boolean' },
  strict: { type: 'boolean' },
  first: { type: 'boolean' },
  'clear-blank': { type: 'boolean' },
  basis: { type: 'string' },
  submit: { type: 'string' },
  as: { type: 'string' },
  errors: { type: 'string' },
  undo: { type: 'string' },
} as const

/** The command line's door to imports: the same acts as the page, with a line of progress; Ctrl-C leaves nothing behind. */
export async function runImport(
  house: House,
  argv: readonly string[],
  say: (line: string) => void = (line) => console.log(line),
): Promise<ExitCode> {
  const parsed = readArgs(argv)
  if (!parsed) return usage(say, importUsage)
  const { values, positionals } = parsed
  const [profile, path] = positionals
  const stop = new Stop()
  try {
    const ctx = await contextOf(house, values.as)
    if (values.submit !== undefined && values.basis !== undefined)
      throw new Refusal('importRefused', '--basis（按已批准导入）与 --submit（送审）只能选一个')
    if (values.undo) return await undo(house, ctx, values.undo, stop, say)
    if (!profile || !path || positionals.length > 2) return usage(say, importUsage)
    if (!existsSync(path)) throw new Refusal('importRefused', `没有这个文件：${path}`)
    house.imports.needRight(ctx, profile)
    const file = await house.files.put(ctx, basename(path), createReadStream(path), largestImport, 'table')
    const id = await house.imports.begin(ctx, profile, file)
    const detail = await settle(house, ctx, id, values)
    tellColumns(detail, say)
    await (
      await house.imports.preview(ctx, id, stop.progress)
    ).finished
    if (values.first) await house.imports.choose(ctx, id, { '*': 'first' })
    const preview = await house.imports.detail(ctx, id)
    const done = values['dry-run'] ? preview : await run(house, ctx, id, stop)
    tellResult(done, values['dry-run'] === true, say)
    const left = done.counts.refused + done.counts.doubtful
    if (left && values.errors) await writeErrors(house, ctx, id, values.errors, say)
    return left ? (values['dry-run'] ? 1 : 3) : 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    say(`✗ ${error.message}`)
    return stop.isAsked ? 130 : 1
  } finally {
    stop.end()
  }
}
/** The program itself, or a person by his number, with his rights. */
async function contextOf(house: House, staffNumber: string | undefined): Promise<Context> {
  const { kernel } = house
  if (staffNumber === undefined) return kernel.context({ kind: 'system', reason: '命令行导入' }, 'command line')
  const directory = await kernel.directory()
  const found = [...directory.people.values()].filter((one) => one.staffNumber === staffNumber && directory.isActive(one.id))
  if (found.length !== 1) throw new Refusal('importRefused', found.length ? `工号“${staffNumber}”对应 ${found.length} 人` : `没有工号为“${staffNumber}”的在职人员`)
  const [{ id: person, name }] = found as [(typeof found)[number]]
  return kernel.context({ kind: 'person', person, account: person, name: `${name}（命令行）`, roles: directory.rolesOf(person, today(kernel.clock)) }, 'command line')
} // prettier-ignore
function readArgs(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options })
  } catch {
    return null
  }
}
type Given = NonNullable<ReturnType<typeof readArgs>>['values']
function usage(say: (line: string) => void, text: string): 2 {
  say(text)
  return 2
}

async function run(house: House, ctx: Context, id: string, stop: Stop): Promise<ImportDetail> {
  await (
    await house.imports.run(ctx, id, stop.progress)
  ).finished
  return house.imports.detail(ctx, id)
}

async function settle(house: House, ctx: Context, id: string, values: Given): Promise<ImportDetail> {
  const mapping: ImportMapping = {}
  if (values.sheet) mapping.sheet = values.sheet
  if (values.head) mapping.headRow = Number(values.head)
  if (values.strict) mapping.strict = true
  if (values['clear-blank']) mapping.clearBlank = true
  if (values.basis) mapping.basis = values.basis
  if (values.submit !== undefined) Object.assign(mapping, { forApproval: true, basis: values.submit })
  if (mapping.sheet || mapping.headRow) await house.imports.settle(ctx, id, mapping)
  const detail = await house.imports.detail(ctx, id)
  const keyOf = (name: string) => {
    const target = detail.targets.find((one) => one.key === name || one.label === name)
    if (!target)
      throw new Refusal(
        'importRefused',
        `没有“${name}”这个字段，可用：${detail.targets.map((one) => `${one.key}（${one.label}）`).join('、')}`,
      )
    return target.key
  }
  if (values.map) mapping.columns = Object.fromEntries(values.map.map((text) => columnOf(detail, text, keyOf)))
  if (values.set)
    mapping.constants = { ...detail.constants, ...Object.fromEntries(values.set.map(pairOf).map(([name, value]) => [keyOf(name), value])) }
  if (Object.keys(mapping).length === 0) return detail
  delete mapping.sheet
  delete mapping.headRow
  await house.imports.settle(ctx, id, mapping)
  return house.imports.detail(ctx, id)
}
function columnOf(detail: ImportDetail, text: string, keyOf: (name: string) => string): [string, string | null] {
  const [heading, field] = pairOf(text)
  const column = detail.columns.find((one) => one.heading === heading) ?? detail.columns[/^\d+$/.test(heading) ? Number(heading) - 1 : -1]
  if (!column) throw new Refusal('importRefused', `文件中没有“${heading}”一列，有：${detail.columns.map((one) => one.heading).join('、')}`)
  return [String(column.index), field ? keyOf(field) : null]
}
function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Refusal('importRefused', `“${text}”应写成 名称=值`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function tellColumns(detail: ImportDetail, say: (line: string) => void): void {
  const labels = new Map(detail.targets.map((target) => [target.key, target.label]))
  say(`${detail.profileLabel}：${detail.fileName}（${detail.format}）`)
  say(
    `  列：${detail.columns.map((column) => `${column.heading} → ${column.field ? (labels.get(column.field) ?? column.field) : '不用'}`).join('，')}`,
  )
  for (const [key, value] of Object.entries(detail.constants)) say(`  统一取值：${labels.get(key) ?? key} = ${value}`)
  for (const remark of detail.remarks) say(`  ${remark.level === 'error' ? '✗' : '!'} ${remark.text}`)
}
function tellResult(detail: ImportDetail, isDry: boolean, say: (line: string) => void): void {
  const { counts } = detail
  const verb = isDry ? '将' : detail.approval ? '送审' : '已'
  say(
    `${isDry ? '检查完毕（没有写入）' : `✓ 第 ${detail.number} 批`}：${counts.rows} 行，${verb}新增 ${counts.created}，${verb}修改 ${counts.changed}，未变 ${counts.unchanged}，不能导入 ${counts.refused}，存疑 ${counts.doubtful}，修复 ${counts.repaired}，提醒 ${counts.warned}，文件中没有 ${counts.absent}`,
  )
  if (detail.approval) say(`  整批作为一个申请送审，批准后生效：/approvals/${detail.approval.instance}`)
  for (const repair of detail.repairs.slice(0, 5))
    say(`  第 ${repair.row} 行 ${repair.column}：已修复 ${repair.before} → ${repair.after}（${repair.why}）`)
  for (const problem of detail.problems.slice(0, 20))
    say(`  第 ${problem.row} 行 ${problem.column}${problem.value ? `“${problem.value}”` : ''}：${problem.message}`)
  for (const doubt of detail.doubts.filter((one) => one.chosen === undefined).slice(0, 10))
    say(`  存疑 ${doubt.text}：${doubt.why}；候选：${doubt.candidates.map((one) => `${one.hint} ${one.title}`).join('；')}`)
}
async function writeErrors(house: House, ctx: Context, id: string, path: string, say: (line: string) => void): Promise<void> {
  const batch = await house.imports.mine(ctx, id)
  const lines = errorLines(await house.imports.table(ctx, batch.file!), batch)
  const format = path.endsWith('.csv') ? 'csv' : 'xlsx'
  await pipeline(writeTable({ blocks: blocksOf(lines), format, mark: markOf(house.kernel, ctx, '未导入的行') }), createWriteStream(path))
  say(`  未导入的行已写到 ${path}`)
}

async function undo(house: House, ctx: Context, batch: string, stop: Stop, say: (line: string) => void): Promise<ExitCode> {
  const all = await house.imports.list(ctx, null)
  const id = isUuid(batch) ? batch : all.find((one) => String(one.number) === batch)?.id
  if (!id) throw new Refusal('notFound', `没有批次 ${batch}`)
  const started = await house.imports.undo(ctx, id, stop.progress)
  await started.finished
  const { counts, samples, number } = await house.imports.detail(ctx, started.id)
  say(`✓ 已撤销（第 ${number} 批）：移入或移出回收站 ${counts.created}，改回 ${counts.changed}，保留 ${counts.kept}`)
  for (const kept of samples.kept.slice(0, 20)) say(`  保留 ${kept.title}：${kept.note}`)
  return 0
}

/** Ctrl-C asks the work to stop at the next portion, whose transaction is then rolled back; a second one ends the process, and the database rolls back by itself. */
class Stop {
  isAsked = false
  private readonly onSignal = (): void => {
    if (this.isAsked) process.exit(130)
    this.isAsked = true
    process.stderr.write('\n正在取消……\n')
  }
  constructor() {
    process.on('SIGINT', this.onSignal)
  }
  readonly progress: OnProgress = ({ stage, done, total }) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${stage} ${total ? Math.floor((done / total) * 100) : 0}%   ${done >= total ? '\n' : ''}`)
    return this.isAsked
  }
  end(): void {
    process.off('SIGINT', this.onSignal)
  }
}

/** Exports a record type to a file, or to standard output with `-o -`. */
export async function runExport(
  house: House,
  argv: readonly string[],
  say: (line: string) => void = (line) => console.log(line),
): Promise<ExitCode> {
  const given = readExportArgs(argv)
  const name = given?.positionals[0]
  if (!given || !name) return usage(say, exportUsage)
  const { values } = given
  const format = values.format ?? (values.out?.endsWith('.csv') ? 'csv' : 'xlsx')
  if (format !== 'xlsx' && format !== 'csv') return usage(say, exportUsage)
  const ctx = await house.kernel.context({ kind: 'system', reason: '命令行导出' }, 'command line')
  try {
    const filter = values.filter ? readFilter(JSON.parse(values.filter)) : null
    if (values.filter && !filter) throw new Refusal('badFilter')
    const list = (text: string | undefined) => text?.split(',').filter(Boolean)
    const [columns, sort] = [list(values.columns), list(values.sort)]
    const { stream, fileName } = await exportRecords(house.kernel, ctx, name, {
      format,
      filter,
      ...(values.search ? { search: values.search } : {}),
      ...(columns ? { columns } : {}),
      ...(sort ? { sort } : {}),
    })
    if (values.out === '-') {
      await pipeline(stream, process.stdout, { end: false })
      return 0
    }
    const path = values.out ?? fileName
    await pipeline(stream, createWriteStream(path)).catch(async (error: unknown) => {
      await rm(path, { force: true })
      throw error
    })
    say(`✓ 已导出到 ${path}`)
    return 0
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error
    say(`✗ ${error instanceof Refusal ? error.message : '筛选条件不是 JSON'}`)
    return 1
  }
}
function readExportArgs(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { out: { ...text, short: 'o' }, format: text, columns: text, filter: text, search: text, sort: text },
    })
  } catch {
    return null
  }
}
