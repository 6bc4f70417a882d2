import { Refusal, type ApiRecord, type FieldProblem } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { blocksOf, tableTypes, writeTable } from '#kernel/server/exchange/table-writer.ts'
import { namedFile } from '#kernel/server/http/headers.ts'
import { markOf } from '#kernel/server/marks/export-mark.ts'
import { bodyOf, needId } from '#kernel/server/http/routes/records.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { service } from '#kernel/server/service.ts'
import { takeAbsences } from './absences.ts'
import { takeFeed } from './apply.ts'
import { claim, confirmLeaving, decideRun, onLine } from './claims.ts'
import { templateHeads } from './columns.rules.ts'
import { mostLines } from './match.ts'
import { fetchDue, fetchSource, fetchState, tryFetch } from './fetch.ts'
import { claimUnit } from './unit-claims.ts'
import { keepsUnits, takeUnits } from './units.ts'
import { toldBesides } from './source.ts'
import { fedPersonFields, type FedField } from './feed.rules.ts'

const sourceName = 'organisation.feedSource'
type Values = Readonly<Record<string, unknown>>

/** Each fact has one system that looks after it. */
async function check(_kernel: Kernel, ctx: Context, values: Values, stored: ApiRecord | null): Promise<FieldProblem[]> {
  if (values['isStopped']) return []
  const others = await ctx.db.query<{ name: string; owns: string[] | null; tells: string[] | null }>(
    `SELECT name, owns, tells FROM organisation.feed_source WHERE deleted_at IS NULL AND NOT coalesce(is_stopped, FALSE) AND id IS DISTINCT FROM $1::uuid`,
    [stored?.id ?? null],
  )
  const own = (values['owns'] ?? []) as FedField[]
  const clash = others.flatMap(({ name, owns }) => own.filter((key) => owns?.includes(key)).map((key) => `“${fedPersonFields[key]}”已由${name}维护`))
  const keeps = (one: unknown) => ((one ?? []) as string[]).includes('unitFacts')
  const keeper = keeps(values['tells']) ? others.find(({ tells }) => keeps(tells)) : undefined
  return [
    ...(clash.length ? [{ field: 'owns', message: clash.join('；') }] : []),
    ...viewProblems(values),
    ...(keeper ? [{ field: 'tells', message: `科室已由${keeper.name}维护` }] : []),
  ]
} // prettier-ignore

/** What is to be read must be named, and the hospital must want it. */
function viewProblems(values: Values): FieldProblem[] {
  if (values['way'] !== 'view') return []
  const tells = (values['tells'] ?? []) as string[]
  const unwanted = [
    ...(values['unitsView'] && !tells.includes('units') && !tells.includes('unitFacts') ? [toldBesides.units] : []),
    ...(values['absencesView'] && !tells.includes('absences') ? [toldBesides.absences] : []),
  ]
  const isNamed = ['peopleView', 'unitsView', 'absencesView'].some((key) => values[key])
  return [
    ...(isNamed ? [] : [{ field: 'peopleView', message: '至少填写一个视图' }]),
    ...(unwanted.length ? [{ field: 'tells', message: `填了视图，请同时勾选${unwanted.join('、')}` }] : []),
  ]
}

async function sourceOf(kernel: Kernel, ctx: Context, code: string): Promise<ApiRecord> {
  const [found] = await ctx.db.query<{ id: string }>(`SELECT id FROM ${kernel.resource(sourceName).table} WHERE code = $1 AND deleted_at IS NULL`, [code])
  const source = found && (await loadRecord(kernel, ctx, kernel.resource(sourceName), found.id))
  if (!source) throw new Refusal('notFound', `没有代码为 ${code.slice(0, 20)} 的对接来源`)
  if (source['isStopped']) throw new Refusal('flowRefused', '这个对接来源已停用')
  return source
} // prettier-ignore

/** Whether a source may tell of something is for the hospital to say. */
function telling(source: ApiRecord, what: 'absences' | 'units'): ApiRecord {
  const isMarked = ((source['tells'] ?? []) as string[]).includes(what) || (what === 'units' && keepsUnits(source))
  if (!isMarked) throw new Refusal('flowRefused', `“${String(source['name'])}”没有勾选提供${toldBesides[what]}`)
  return source
}

function routes({ app, kernel, contextOf }: Server): void {
  const takes: Readonly<
    Record<
      string,
      readonly [word: string, take: (ctx: Context, source: ApiRecord, lines: readonly unknown[], body: Values) => Promise<unknown>]
    >
  > = {
    people: [
      '人员',
      (ctx, source, lines, { full, trial }) => takeFeed(kernel, ctx, source, lines, { isFull: full === true, isTrial: trial === true }),
    ],
    units: ['科室', (ctx, source, lines, { full }) => takeUnits(kernel, ctx, telling(source, 'units'), lines, full === true)],
    absences: ['请假与外出', (ctx, source, lines) => takeAbsences(kernel, ctx, telling(source, 'absences'), lines)],
  }
  for (const [what, [word, take]] of Object.entries(takes))
    app.post<{ Params: { code: string } }>(
      `/api/organisation/feeds/:code/${what}`,
      { config: { who: { right: 'organisation.feed' }, lane: 'programs' }, bodyLimit: 32 * 1024 * 1024 },
      async (request) => {
        const ctx = await contextOf(request)
        const body = bodyOf(request)
        const lines = body[what]
        if (!Array.isArray(lines) || lines.length === 0) throw new Refusal('badRequest', `缺少 ${what}：${word}的列表`)
        if (lines.length > mostLines) throw new Refusal('badRequest', `一次最多 ${mostLines} 条，请分批发送（分批时 full 为 false）`)
        return take(ctx, await sourceOf(kernel, ctx, request.params.code), lines, body)
      },
    )
  app.get<{ Params: { code: string } }>('/api/organisation/feeds/:code/template', { config: { who: { right: 'organisation.feed' } } }, async (request, reply) => {
    const ctx = await contextOf(request)
    const source = await sourceOf(kernel, ctx, request.params.code)
    const title = `${String(source['name'])}人员模板`
    const heads = templateHeads((source['owns'] ?? []) as FedField[])
    const stream = writeTable({ blocks: blocksOf([heads]), format: 'xlsx', mark: markOf(kernel, ctx, title), widths: heads.map(() => 18) })
    return reply.type(tableTypes.xlsx).header('content-disposition', namedFile(`${title}.xlsx`)).send(stream)
  }) // prettier-ignore
  const reading = '/api/organisation/feeds/:code/fetch'
  const reader = { config: { who: { right: 'organisation.feed' } } } as const
  app.get<{ Params: { code: string } }>(reading, reader, async (request) =>
    fetchState(kernel, await sourceOf(kernel, await contextOf(request), request.params.code)),
  )
  app.post<{ Params: { code: string } }>(reading, reader, async (request) => {
    const ctx = await contextOf(request)
    const source = await sourceOf(kernel, ctx, request.params.code)
    return bodyOf(request)['trial'] === true ? tryFetch(kernel, ctx, source) : fetchSource(kernel, ctx, source)
  }) // prettier-ignore
  const officer = { config: { who: { right: 'organisation.feedClaim' } } } as const
  const acts: Readonly<Record<string, (tx: Context, line: ApiRecord, source: ApiRecord, body: Values) => Promise<Values>>> = {
    claim: (tx, line, source, body) =>
      line['about'] === 'units' ? claimUnit(kernel, tx, line, source, body) : claim(kernel, tx, line, source, body['person'] ?? null),
    leave: (tx, line, _, body) => confirmLeaving(kernel, tx, line, body),
    ignore: (_tx, _line, _source, { reason }) => {
      if (typeof reason !== 'string' || !reason.trim()) throw new Refusal('badRequest', '请写明原因')
      return Promise.resolve({ status: 'ignored', note: reason.trim().slice(0, 200) })
    },
  }
  for (const [verb, work] of Object.entries(acts))
    app.post<{ Params: { id: string } }>(`/api/organisation/feed-lines/:id/${verb}`, officer, async (request) => {
      const body = bodyOf(request)
      await onLine(kernel, await contextOf(request), needId(request.params.id), body['version'], (tx, line, source) =>
        work(tx, line, source, body),
      )
      return { done: true }
    })
  app.post<{ Params: { id: string } }>('/api/organisation/feed-runs/:id/decide', officer, async (request) => {
    await decideRun(kernel, await contextOf(request), needId(request.params.id), bodyOf(request))
    return { done: true }
  })
}

export default service({ name: 'organisation.feed', checks: { [sourceName]: check }, often: fetchDue, routes })
