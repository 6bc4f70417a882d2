import { cellOf, formatInstant, is, kindOf, type Holding, type PersonalAnswer, type ResolvedResource } from '#model'
import type { Readable } from 'node:stream'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import { blocksOf, writeTable, type Line } from '../exchange/table-writer.ts'
import type { Kernel } from '../kernel.ts'
import { markOf } from '../marks/export-mark.ts'
import { listPages } from '../records/list-all.ts'
import { ownCount, ownLines } from '../talk/own.ts'

const origins: Readonly<Record<string, string>> = { web: '网页填写', phone: '手机填写', api: '其他系统', import: '批量导入', demo: '演示数据', cli: '命令行', system: '系统', test: '测试', signIn: '登录', public: '公开页面' } // prettier-ignore
const readerDays = 90
/** Types whose rows belong to a person; of those that share a table the one that says most. */
export function ownedTypes(kernel: Kernel): ResolvedResource[] {
  const byTable = Map.groupBy([...kernel.defs.resources.values()].filter((r) => r.owner.person), ({ table }) => table)
  return [...byTable.values()].map((types) => types.toSorted((a, b) => Object.keys(b.fields).length - Object.keys(a.fields).length)[0]!)
} // prettier-ignore
/** Fields of which he may see in his own rows what stands there. */
function keysOf(kernel: Kernel, ctx: Context, r: ResolvedResource): string[] {
  const permission = kernel.access.need(ctx.actor, 'read', r.name)
  const { hidden } = permission.inOwn ?? permission
  const { byKey } = kernel.resource(r.name)
  return Object.keys(r.fields).filter((key) => byKey.has(key) && !hidden.has(key) && !kindOf(r.fields[key]!).isWriteOnly)
}

/** All that the hospital holds of the actor, by kind, and who has opened it lately. */
export async function personalAnswer(kernel: Kernel, ctx: Context): Promise<PersonalAnswer> {
  const me = personOf(ctx.actor)!
  const holdings: Holding[] = []
  const ids: string[] = []
  for (const r of ownedTypes(kernel)) {
    const c = kernel.resource(r.name)
    const column = r.owner.person === 'id' ? 'id' : c.byKey.get(r.owner.person!)?.column
    if (!column) continue
    const rows = await ctx.db.query<{ id: string; at: string }>(
      `SELECT id, updated_at AS at FROM ${c.table} WHERE "${column}" = $1::uuid AND deleted_at IS NULL ORDER BY updated_at DESC LIMIT 5001`,
      [me],
    )
    if (rows.length === 0) continue
    ids.push(...rows.slice(0, 500).map(({ id }) => id))
    const sources = await ctx.db.query<{ origin: string }>(`SELECT DISTINCT origin FROM kernel.history WHERE record = ANY($1::uuid[]) LIMIT 8`, [rows.slice(0, 200).map(({ id }) => id)]) // prettier-ignore
    holdings.push({
      resource: r.name, label: r.label, group: kernel.defs.modules.find((m) => m.name === r.name.split('.')[0])?.label ?? '', count: rows.length,
      fields: Object.values(r.fields).map(({ label }) => label), sources: [...new Set(sources.map(({ origin }) => origins[origin] ?? origin))],
      isOpen: kernel.access.can(ctx.actor, 'read', r.name) !== null, lastAt: rows[0]!.at,
    }) // prettier-ignore
  }
  const { count, lastAt } = await ownCount(ctx, me)
  if (count)
    holdings.push({
      resource: '',
      label: '沟通中的消息',
      group: '沟通',
      count,
      fields: ['时间', '内容', '附件'],
      sources: ['本人发送'],
      isOpen: true,
      lastAt: lastAt!,
    })
  return { holdings, readers: await readersOf(ctx, me, ids) }
}
/** By unit, not by name: who looked is the auditor's matter, that somebody looked is the person's. */
async function readersOf(ctx: Context, me: string, ids: readonly string[]): Promise<PersonalAnswer['readers']> {
  const since = new Date(ctx.clock.now().getTime() - readerDays * 86_400_000).toISOString()
  const rows = await ctx.db.query<{ actor: string; times: number; at: string }>(
    `SELECT actor, count(*)::int AS times, max(at) AS at FROM kernel.audit_entry WHERE record = ANY($1::uuid[]) AND at >= $2::timestamptz AND act = 'read' AND outcome = 'done' AND actor IS DISTINCT FROM $3::uuid AND actor IS NOT NULL GROUP BY actor`,
    [ids, since, me],
  )
  const byUnit = Map.groupBy(rows, ({ actor }) => ctx.directory.unitName(ctx.directory.people.get(actor)?.unit ?? null) || '其他')
  return [...byUnit].map(([unit, list]) => ({
    unit, people: list.length, times: list.reduce((sum, { times }) => sum + times, 0), lastAt: list.map(({ at }) => at).toSorted().at(-1)!,
  })) // prettier-ignore
}

/** One's own information to take along (art. 45): a workbook with a sheet for each kind, as one may see it oneself; marked and audited. */
export async function personalFile(kernel: Kernel, ctx: Context): Promise<{ stream: Readable; fileName: string }> {
  const me = personOf(ctx.actor)!
  const mark = markOf(kernel, ctx, '我的个人信息')
  const sheets: { title: string; lines: Line[] }[] = []
  for (const r of ownedTypes(kernel)) {
    if (!kernel.access.can(ctx.actor, 'read', r.name)) continue
    const keys = keysOf(kernel, ctx, r)
    const lines: Line[] = []
    for await (const page of listPages(kernel, ctx, r.name, { filter: is(r.owner.person!, me), columns: keys }))
      lines.push(...page.rows.map((row) => [...keys.map((key) => (row[key] === null || row[key] === undefined ? '' : cellOf(r.fields[key]!, row[key], (target, id) => page.titles[target]?.[id] ?? ''))), formatInstant(row.updatedAt)]))
    if (lines.length) sheets.push({ title: r.label, lines: [[...keys.map((key) => r.fields[key]!.label), '最近修改'], ...lines] })
  }
  const own = await ownLines(kernel, ctx, me)
  if (own.length) sheets.push({ title: '沟通中的消息', lines: [['时间', '哪里', '内容'], ...own] })
  const said: Line[] = [['类别', '条数'], ...sheets.map(({ title, lines }): Line => [title, lines.length - 1]), [`${mark.by}于 ${formatInstant(mark.at)} 取得本人个人信息的副本，编号 ${mark.number}`]]
  await audit(ctx, { act: 'personal.copy', outcome: 'done', detail: { mark: mark.number, count: sheets.reduce((sum, { lines }) => sum + lines.length - 1, 0) } })
  const stream = writeTable({ blocks: blocksOf(said), format: 'xlsx', mark, widths: [28, 12], sheets: sheets.map(({ title, lines }) => ({ title, blocks: blocksOf(lines) })) })
  return { stream, fileName: `我的个人信息-${formatInstant(mark.at).slice(0, 10)}.xlsx` }
} // prettier-ignore
