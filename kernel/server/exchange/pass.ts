import { Refusal } from '#model'
import { underChange } from '../flow/import-request.ts'
import { readRows } from '../store/opening.ts'
import { filterSql, Statement } from '../store/sql.ts'
import { quote } from '../store/naming.ts'
import { importKey } from './existing.ts'
import { plainMaker } from './interpret.ts'
import { newItem, type Item, type RawRow } from './item.ts'
import { Judge, listedMatches, type Judged } from './judge.ts'
import { isBlank, type FileTable } from './read/row.ts'
import { ReportBuilder } from './report.ts'
import type { ImportSession } from './session.ts'
import { writePortion } from './write.ts'

export interface PassOptions {
  write: boolean
  /** Told how far the pass is; throws when it is to stop. */
  onProgress: (done: number, total: number) => Promise<void>
}
/** The sentence that our own exports end with; not a record when it comes back. */
export const exportMark = '导出说明：'
const portionSize = 4000
const mostRows = 5_000_000

/** One pass over a file: read, interpret, judge, and write when it is the real one. Portions flow through, so memory does not grow with the file. */
export async function pass(session: ImportSession, table: FileTable, options: PassOptions): Promise<ReportBuilder> {
  const make = await (session.profile.open ?? plainMaker)(session)
  const judge = new Judge(session)
  const report = new ReportBuilder(session)
  let writing: Promise<void> = Promise.resolve()
  let bytes = 0
  try {
    for await (const rows of portions(session, table, (done) => (bytes = done))) {
      report.counts.rows += rows.length
      if (report.counts.rows > mostRows) throw new Refusal('tooMany', `一次最多导入 ${mostRows} 行，请分成几个文件`)
      const judged = await oneWay(session, await judgePortion(rows, make, judge, session))
      const nth = report.counts.created + 1
      report.add(judged)
      // While the database takes this portion, the next one is read.
      await writing
      await options.onProgress(bytes, table.bytes)
      if (options.write) {
        writing = writePortion(session, judged, nth)
        writing.catch(() => undefined)
      }
    }
  } finally {
    await Promise.allSettled([writing])
  }
  await writing
  if (session.settings.strict && options.write && report.counts.refused + report.counts.doubtful > 0)
    throw new Refusal(
      'importRefused',
      `有 ${report.counts.refused + report.counts.doubtful} 条不能导入，按“全部正确才导入”的选择，没有写入任何内容`,
    )
  if (judge.hasKey && session.profile.listsAbsent !== false) await findAbsent(session, judge, report)
  return report
}

async function judgePortion(
  rows: readonly RawRow[],
  make: (rows: readonly RawRow[]) => Promise<Item[]>,
  judge: Judge,
  session: ImportSession,
): Promise<Judged[]> {
  const width = session.settings.headings.length
  const bad: Item[] = []
  const good: RawRow[] = []
  for (const row of rows) {
    const isLong = row.cells.length > width && row.cells.slice(width).some((cell) => cell.trim())
    if (!row.broken && !isLong) good.push(row)
    else {
      const item = newItem(row.at)
      item.problems.push({
        column: '',
        value: row.cells.join(' ').slice(0, 100),
        message: row.broken ?? `此行有 ${row.cells.length} 列，表头只有 ${width} 列`,
      })
      bad.push(item)
    }
  }
  const items = await make(good)
  return judge.judge(bad.length ? [...items, ...bad].sort((a, b) => a.at - b.at) : items)
}

/** Of an import that is sent for approval: rows that cannot be part of the one request are told why, and left out. */
async function oneWay({ ctx, way }: ImportSession, judged: Judged[]): Promise<Judged[]> {
  if (!way) return judged
  const changed = judged.flatMap((one) => (one.verdict === 'changed' ? [one.stored!.id] : []))
  const busy = changed.length ? await underChange(ctx, changed) : new Set<string>()
  for (const one of judged) {
    if (one.verdict !== 'created' && one.verdict !== 'changed') continue
    const isBusy = one.verdict === 'changed' && busy.has(one.stored!.id)
    const problem = isBusy ? '该记录已有一份变更正在审批' : await way.problemOf(one.record!, one.verdict === 'changed' ? one.keys! : null)
    if (!problem) continue
    one.item.problems.push({ column: '', value: '', message: problem })
    one.verdict = 'refused'
  }
  return judged
}

async function* portions(session: ImportSession, table: FileTable, onBytes: (done: number) => void): AsyncGenerator<RawRow[]> {
  const first = session.settings.headRow + session.settings.headLines
  let waiting: RawRow[] = []
  for await (const rows of table.read({ sheet: session.settings.sheet, onBytes })) {
    for (const row of rows) if (row.at >= first && !isBlank(row) && !row.cells[0]?.startsWith(exportMark)) waiting.push(row)
    while (waiting.length >= portionSize) {
      yield waiting.slice(0, portionSize)
      waiting = waiting.slice(portionSize)
    }
  }
  if (waiting.length) yield waiting
}

/** Records that the file does not name: within the values that hold for the whole file (a code system, a version), and the right's scope. */
async function findAbsent(session: ImportSession, { matched, matchedCount }: Judge, report: ReportBuilder): Promise<void> {
  const { kernel, ctx, c, profile, permission, settings } = session
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const fixed = (importKey(session) ?? []).filter(
    (key) => settings.constants[key] && !c.byKey.get(key)?.target && !c.byKey.get(key)?.secret,
  )
  const within = { ...profile.among, ...Object.fromEntries(fixed.map((key) => [key, settings.constants[key]!])) }
  const conditions = [
    't.deleted_at IS NULL',
    `t.state = 'approved'`,
    ...Object.entries(within).map(([key, value]) => `t.${quote(c.byKey.get(key)!.column)}::text = ${s.param(value)}`),
  ]
  if (permission.filter) conditions.push(filterSql(s, c.r.name, permission.filter))
  // In a run the new records stand among the others.
  if (session.isWriting) conditions.push(`t.created_at < ${s.param(ctx.clock.now().toISOString(), '::timestamptz')}`)
  const from = `FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')}`
  const [row] = await ctx.db.once<{ n: number }>(`SELECT count(*)::int AS n ${from}`, s.values)
  report.counts.absent = Math.max(0, row!.n - matchedCount)
  if (report.counts.absent === 0 || matchedCount >= listedMatches) return
  const rows = await ctx.db.once(
    `SELECT ${c.select} ${from} AND t.id <> ALL(${s.param([...matched], '::uuid[]')}) ORDER BY t.created_at, t.id LIMIT 100`,
    s.values,
  )
  const keys = (c.r.list?.columns ?? [c.r.title]).filter((key) => c.byKey.has(key)).slice(0, 6)
  for (const values of await readRows(kernel, ctx.db, c, rows)) report.sample('absent', { row: null, values, keys })
}
