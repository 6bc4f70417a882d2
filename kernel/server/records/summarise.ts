import { mostGroups, readGroupKey, readTotalKey, Refusal, type Filter, type Scalar, type SummaryAnswer, type TotalValue } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { ListQuery } from '../store/list.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { summarySql, type SummaryQuery } from '../store/summary.ts'
import { readRolled } from '../pages/roll-ups/read.ts'
import { together, type Row } from '../pages/roll-ups/together.ts'
import { noteAskedWhole } from './asked-whole.ts'
import type { Question } from './choose-form.ts'
import { readGuarded, withRights } from './large-lists.ts'
import { refuseFilters, refuseHidden, refuseMasked } from './may-ask.ts'
import { namesOf } from './titles.ts'

const maxKeys = 3
const maxTotals = 20
/** About two seconds of one core: whoever asks for totals waits a little. */
const mostSummaryCost = 1_000_000

/** Counts and totals of the records that the actor may see, by up to three keys; without keys of all of them. What he sees masked he cannot group or add up. */
export async function summarise(
  kernel: Kernel,
  ctx: Context,
  name: string,
  asked: Pick<ListQuery, 'filter' | 'search' | 'deleted'> & {
    group: readonly string[]
    totals: readonly string[]
    ranked?: SummaryQuery['ranked']
  },
): Promise<SummaryAnswer> {
  const { c, permission, group, totals } = judgeSummary(kernel, ctx, name, asked)
  await noteAskedWhole(kernel, ctx, name, [asked.filter])
  const rows = await readFigures(kernel, ctx, c, { ...asked, group, totals, texts: asked.group }, permission.filter)
  const most = asked.ranked?.most ?? mostGroups
  const groups = rows.slice(0, most).map((row) => ({
    keys: group.map((_, i) => (row[`k${i}`] ?? null) as Scalar | null),
    count: row.count,
    totals: totals.map((_, i) => (row[`t${i}`] ?? null) as TotalValue),
  }))
  const wanted = new Map<string, Set<string>>()
  for (const [i, { path }] of group.entries()) {
    const found = kernel.defs.path(name, path)
    const target =
      found?.field && 'target' in found.field.options ? found.field.options.target : found?.kind === 'person' ? 'directory.person' : null
    if (!target) continue
    const ids = wanted.get(target) ?? new Set()
    for (const { keys } of groups) if (keys[i] !== null) ids.add(String(keys[i]))
    wanted.set(target, ids)
  }
  return { groups, titles: await namesOf(kernel, ctx, wanted), more: rows.length > most }
}
/** Refuses what this reader may not ask; nothing is read for it. */
export function judgeSummary(
  kernel: Kernel,
  ctx: Context,
  name: string,
  asked: { filter?: Filter | null | undefined; group: readonly string[]; totals: readonly string[] },
) {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  if (asked.group.length > maxKeys) throw new Refusal('badFilter', `最多按 ${maxKeys} 层分组`)
  if (asked.totals.length > maxTotals) throw new Refusal('badFilter', `最多汇总 ${maxTotals} 项`)
  const group = asked.group.map((text) => readGroupKey(text) ?? refuse(text))
  const totals = asked.totals.map((text) => readTotalKey(text) ?? refuse(text))
  const paths = [...group, ...totals].map(({ path }) => path)
  refuseHidden(kernel, ctx, c, permission, paths)
  refuseFilters(kernel, ctx, c, permission, [asked.filter])
  refuseMasked(kernel, ctx, name, paths, '分组或汇总')
  return { c, permission, group, totals }
}
/** Out of what was counted beforehand, with the reader's rows beyond his units; else by counting. */
async function readFigures(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  asked: SummaryQuery & { texts: readonly string[] },
  rights: Filter | null,
): Promise<Row[]> {
  const rolled = await readRolled(kernel, ctx, c, asked, rights)
  if (!rolled) return readSummary(kernel, ctx, c, asked, rights)
  if (!rolled.beyond) return rolled.rows
  const beyond = await readSummary(kernel, ctx, c, { ...asked, ranked: null }, rolled.beyond)
  // Of very many groups each part answers only the first.
  if (Math.max(rolled.rows.length, beyond.length) > mostGroups) return readSummary(kernel, ctx, c, asked, rights)
  const rows = together(asked.group.length, asked.totals.length, rolled.rows, beyond)
  const { ranked } = asked
  if (!ranked) return rows
  const figure = (row: Row) => Number(ranked.by < 0 ? row.count : (row[`t${ranked.by}`] ?? 0))
  return rows.toSorted((a, b) => (ranked.isRising ? 1 : -1) * (figure(a) - figure(b))).slice(0, ranked.most + 1)
}
/** A summary opens every record that it counts; of a large table it is asked for only where that is quick enough. */
async function readSummary(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  asked: SummaryQuery,
  rights: Filter | null,
): Promise<(Record<string, unknown> & { count: number })[]> {
  const { filter, search, deleted } = asked
  const question: Question = { filter, ...(search ? { search } : {}), ...(deleted ? { deleted } : {}) }
  const sqlOf = (changed: Question) => summarySql(kernel.defs, c, kernel.world(ctx), { ...asked, ...withRights(changed, rights) })
  return readGuarded(kernel, ctx, c, { asked: question, rights, most: mostSummaryCost, sqlOf })
}
const refuse = (text: string): never => {
  throw new Refusal('badFilter', `看不懂“${text.slice(0, 60)}”`)
}
